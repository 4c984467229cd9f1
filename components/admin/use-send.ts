import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { send } from './send.ts'

/** Writes from a list, which is read anew after each; `error` has words where the last one failed. */
export function useSend(): {
  readonly error: string | undefined
  readonly act: (method: 'PUT' | 'DELETE', path: string, body?: object) => Promise<void>
} {
  const router = useRouter()
  const [error, setError] = useState<string>()
  return {
    error,
    async act(method, path, body) {
      setError(undefined)
      try {
        await send(method, path, body)
      } catch (cause) {
        setError((cause as Error).message)
      }
      router.refresh()
    },
  }
}
