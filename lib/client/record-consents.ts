import type { AssentClient } from './client.ts'
import { retrying } from './retry.ts'

/** What a person said; see `POST /v1/consents`. */
export type Statement = {
  readonly subject: string
  readonly property?: string
  /** What was shown. A yes without it cannot be proved. */
  readonly notice?: { readonly key: string; readonly version: number; readonly locale: string }
  readonly evidence?: {
    readonly method?: string
    readonly reference?: string
    readonly [member: string]: unknown
  }
  readonly choices: readonly {
    readonly purpose: string
    readonly act: 'grant' | 'deny' | 'withdraw' | 'object' | 'opt_out'
    readonly explicit?: boolean
  }[]
  readonly regime?: string
  readonly country?: string
  readonly region?: string
  readonly occurred_at?: string
  readonly actor?: 'subject' | 'guardian' | 'controller' | 'import'
  readonly names_gpc_conflict?: boolean
}

export type Recorded = {
  /** Ask with `at_least` set to it where another node may answer. */
  readonly revision: string
  /** The subject's random id. */
  readonly subject: string
  readonly recorded_at: string
  readonly events: readonly {
    readonly id: string
    readonly seq: number
    readonly purpose: string
    readonly status: string
  }[]
}

/**
 * Records what a person said, all choices or none. It is repeated under one idempotency key until it is answered or the
 * time is over, so it is recorded once. **Rejects** where it is not known to be recorded: a withdrawal must not be
 * forgotten, so the caller repeats it with the same key, or says so.
 */
export function recordConsents(
  call: AssentClient['call'],
  statement: Statement,
  options: { readonly idempotencyKey: string; readonly timeoutMs: number },
): Promise<Recorded> {
  const headers = { 'Idempotency-Key': `"${options.idempotencyKey}"` }
  return retrying(options.timeoutMs, (timeoutMs) =>
    call<Recorded>('POST', '/v1/consents', statement, { headers, timeoutMs }),
  )
}
