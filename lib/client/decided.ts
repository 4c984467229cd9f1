import { AssentApiError, type CheckAnswer } from './client.ts'

/**
 * An answer that is always there: the server's, the local index's, or a no because nobody answered. `error` is set on
 * the last kind alone. What else an answer tells (obligations, the notice relied on) only the server's has.
 */
export type Decided = Pick<CheckAnswer, 'allowed' | 'reason' | 'because'> &
  Partial<Omit<CheckAnswer, 'allowed' | 'reason' | 'because'>> & {
    /** What went wrong where there is no answer. */
    readonly error?: AssentApiError
    /** Set where the local index answered. */
    readonly isLocal?: true
    /** Of a local yes: ask again from here on at the latest; milliseconds. */
    readonly useUntilMs?: number
  }

/**
 * The no of a question that was not answered. `reason` is `unreachable` (nobody answered in time, or not whole), or
 * `rejected` (the server says that it cannot be answered: a wrong key, an unknown purpose; `error.code` names it).
 */
export function unanswered(error: unknown): Decided {
  const known =
    error instanceof AssentApiError
      ? error
      : new AssentApiError(0, 'unreachable', 'The question could not be asked.', error)
  const isRejected = known.status >= 400 && known.status < 500 && known.status !== 429
  return {
    allowed: false,
    reason: isRejected ? 'rejected' : 'unreachable',
    because: `Not answered: ${known.message} (${known.code})`,
    error: known,
  }
}

/** What was received, if it is an answer; else a no. A yes is `true` and nothing that looks like it. */
export function readAnswer(answer: unknown): Decided {
  const { allowed, reason } = (answer ?? {}) as Partial<CheckAnswer>
  const isRead = typeof allowed === 'boolean' && typeof reason === 'string'
  return isRead ? (answer as CheckAnswer) : unanswered(unreadable())
}

export function unreadable(): AssentApiError {
  return new AssentApiError(0, 'unreachable', 'What was received is not an answer.')
}
