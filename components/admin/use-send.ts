import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { toast } from 'sonner'
import { send } from './send.ts'

/**
 * Writes from a list, which is read anew after each; `error` has words where the last one failed. `done` is said once
 * it has been.
 */
export function useSend(): {
  readonly error: string | undefined
  readonly act: (
    method: 'POST' | 'PUT' | 'DELETE',
    path: string,
    body?: object,
    done?: string,
  ) => Promise<void>
} {
  const router = useRouter()
  const [error, setError] = useState<string>()
  return {
    error,
    async act(method, path, body, done) {
      setError(undefined)
      try {
        await send(method, path, body)
        if (done !== undefined) toast.success(done)
      } catch (cause) {
        setError((cause as Error).message)
      }
      router.refresh()
    },
  }
}
