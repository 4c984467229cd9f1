import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'

/** What of a form is shown while and after it is sent. */
export type FormState = {
  /** Words to show where the last try failed; what was typed stays. */
  readonly error: string | undefined
  readonly isBusy: boolean
  readonly submit: (event: FormEvent<HTMLFormElement>) => Promise<void>
}

/**
 * Sends a form by `act`, which rejects with words to show. The page is read anew where `act` resolves to true, and where
 * it rejects nothing that was typed is lost.
 */
export function useForm(act: (form: FormData) => Promise<boolean>): FormState {
  const router = useRouter()
  const [error, setError] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)
  return {
    error,
    isBusy,
    async submit(event) {
      event.preventDefault()
      setIsBusy(true)
      setError(undefined)
      try {
        if (await act(new FormData(event.currentTarget))) router.refresh()
      } catch (cause) {
        setError((cause as Error).message)
      }
      setIsBusy(false)
    },
  }
}

/** The trimmed text of a field; undefined where it is empty. */
export function textOf(form: FormData, name: string): string | undefined {
  const text = String(form.get(name) ?? '').trim()
  return text === '' ? undefined : text
}
