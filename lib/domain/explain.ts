import { decide } from './decide.ts'
import type { Decision, Query, TraceRow } from './decision.ts'
import { decisionRows } from './decision-rows.ts'
import type { Policy } from './policy.ts'
import type { SubjectState } from './state.ts'

/** The decision that `decide` makes, with every row of the table and what it saw. */
export function explain(
  policy: Policy,
  state: SubjectState | undefined,
  query: Query,
): { readonly decision: Decision; readonly trace: readonly TraceRow[] } {
  const seen = new Map<number, string>()
  const decision = decide(policy, state, query, (row, saw) => seen.set(row, saw()))
  const last = decision.allowed ? decisionRows.length : Math.max(...seen.keys())
  const trace = decisionRows.map((rule, row): TraceRow => {
    if (row > last) return { row, rule, outcome: 'not_reached', saw: '' }
    return { row, rule, outcome: row === last ? 'failed' : 'passed', saw: seen.get(row) ?? '' }
  })
  return { decision, trace }
}
