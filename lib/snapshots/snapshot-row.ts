import type { Span } from '../domain/decide-spans.ts'
import type { SubjectId } from '../domain/ids.ts'

/** What may be done with one person's data of one span of collection times. Times in milliseconds. */
export type SnapshotRow = {
  readonly subject_type: string
  readonly subject_key: string
  readonly purpose: string
  readonly property: string | null
  readonly decision: 'permit' | 'deny'
  readonly reason: string
  readonly collected_from: number
  readonly collected_until: number
  /** Null where it is denied: then no comparison with it holds, whatever else a join forgets. */
  readonly use_until: number | null
  readonly categories: readonly string[]
  readonly notice: string | null
  readonly notice_version: number | null
  readonly revision: string
  /** The random id that the change feed speaks of. */
  readonly subject: SubjectId
}

/** What a span without a beginning begins with, and one without an end ends with: all that dates are written for. */
const firstMs = Date.parse('0001-01-01T00:00:00Z')
const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** The row of one span. `about` holds what is the same for all spans of an identifier. */
export function toRow(
  about: Pick<SnapshotRow, 'subject_type' | 'subject_key' | 'purpose' | 'property' | 'revision' | 'subject'>,
  { fromMs, untilMs, decision }: Span,
): SnapshotRow {
  const { notice } = decision.basis
  return {
    ...about,
    decision: decision.allowed ? 'permit' : 'deny',
    reason: decision.reason,
    collected_from: Math.max(fromMs, firstMs),
    collected_until: Math.min(untilMs, lastMs),
    use_until: decision.allowed ? decision.obligations.useUntilMs : null,
    categories: decision.allowed ? decision.obligations.categories : [],
    notice: notice?.key ?? null,
    notice_version: notice?.version ?? null,
  }
}
