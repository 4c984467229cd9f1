import type { Draft } from './draft.ts'

/** What a call is answered with; `seq` is the log's end as the call saw it. */
export type CallAnswer = { readonly outcome: object; readonly seq: number; readonly isReplay: boolean }

/** One call on its way: what it adds to the log, and who waits for it. */
export type Call = {
  /** Adds the call to a draft, all of it or, throwing, nothing. May be asked again, on another draft. */
  readonly plan: (draft: Draft) => object
  /** When it arrived, in milliseconds. */
  readonly nowMs: number
  /** By what its repetition is recognised; null where nobody asked for that. */
  readonly repeat: Repeat | null
  readonly resolve: (answer: CallAnswer) => void
  readonly reject: (error: unknown) => void
  tries: number
}

/** `digest` is of who calls under which key, 32 hex digits; `fingerprint` of the request, 32 bytes; both keyed. */
export type Repeat = { readonly digest: string; readonly fingerprint: Uint8Array }
