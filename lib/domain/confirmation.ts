import type { PurposeKey, SubjectId } from './ids.ts'
import type { SubjectState } from './state.ts'

/** How a yes was said that whoever has a mailbox has confirmed (double opt-in). */
export const confirmedMethod = 'double_opt_in'

/** How a person stood when she was asked for something that she, or another for her, is to confirm later. */
export type AskedAt = {
  /** Position of the log. */
  readonly seq: number
  /** Null where nobody knew her. */
  readonly subjectId: SubjectId | null
  readonly erasedBeforeMs: number | null
}

export function askedAt(seq: number, state: SubjectState | undefined): AskedAt {
  return { seq, subjectId: state?.subjectId ?? null, erasedBeforeMs: state?.erasedBeforeMs ?? null }
}

/**
 * Whether what was asked then still waits to be confirmed: since then she said no neither to the purpose, nor to one that
 * covers it, nor to a part of it, on any property and lifted or not; she was not erased, and is the same person.
 */
export function stillWaits(state: SubjectState | undefined, purpose: PurposeKey, asked: AskedAt): boolean {
  if (state === undefined) return asked.subjectId === null
  if (asked.subjectId !== null && asked.subjectId !== state.subjectId) return false
  if (state.erasedBeforeMs !== asked.erasedBeforeMs) return false
  return !state.rows.some(
    (row) =>
      isSameBranch(row.purpose, purpose) &&
      ((row.latestRefusal?.seq ?? 0) > asked.seq || row.refusals.some(({ seq }) => seq > asked.seq)),
  )
}

/** The same purpose, an ancestor or a descendant. */
export function isSameBranch(a: PurposeKey, b: PurposeKey): boolean {
  return a === b || a.startsWith(`${b}.`) || b.startsWith(`${a}.`)
}
