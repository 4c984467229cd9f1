import { type GrantShape, grantTimes } from '../../domain/pack-state.ts'
import type { Policy } from '../../domain/policy.ts'
import { struckBefore } from '../../domain/recall.ts'
import { SubjectTable } from './subject-table.ts'

/** What recalls strike of the rows that have a grant of one shape. */
export type Strikes = {
  /** Those recorded before this position; infinity for all of them. */
  readonly beforeSeq: number
  /** The value that marks their import; -1 for none. */
  readonly importAt: number
}

export function strikesOf(policy: Policy, grant: GrantShape): Strikes {
  const { origin } = grant
  if (origin === undefined) return { beforeSeq: 0, importAt: -1 }
  const { experience, via, imported } = origin
  const beforeSeq = struckBefore(policy, { experience, via, importMark: null })
  return { beforeSeq, importAt: imported && policy.recalls.imports.size > 0 ? grantTimes(grant) : -1 }
}

/** Whether the grant of a row, whose `count` values begin at `at`, was recalled. */
export function isRowStruck(
  policy: Policy,
  { beforeSeq, importAt }: Strikes,
  words: Int32Array,
  at: number,
  count: number,
): boolean {
  if (beforeSeq === 0 && importAt < 0) return false
  const seq = SubjectTable.value(words, at, 0, count)
  if (seq < beforeSeq) return true
  if (importAt < 0) return false
  const mark = SubjectTable.value(words, at, importAt, count)
  return seq < (policy.recalls.imports.get(mark)?.seq ?? 0)
}
