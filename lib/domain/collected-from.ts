import type { Candidate } from './candidates.ts'
import type { Question } from './check-grant.ts'
import { gpcRefuses } from './combine-regimes.ts'
import { findNotice, namedIn } from './find-notice.ts'
import { lineageOf } from './ids.ts'
import { liftedFrom } from './lifted-from.ts'
import type { CompiledPurpose, Policy } from './policy.ts'
import { isStruck } from './recall.ts'
import type { Grant } from './state.ts'

/**
 * From when on a grant covers data for the question's purpose: back through the grants of its run as long as each
 * one stands and named the purpose, never to before a refusal in its way was lifted, nor into the time of the
 * browser's signal.
 */
export function collectedFrom(
  { policy, state, query, purpose, combined }: Question,
  { row, grant }: Candidate,
): number {
  const covered = coveredRun(policy, purpose, grant)
  let fromMs = covered === 0 ? grant.effectiveFromMs : grant.run.at(-covered)!.fromMs
  if (state === undefined) return fromMs
  const lineage = lineageOf(purpose.key)
  for (const other of state.rows) {
    if (!lineage.includes(other.purpose)) continue
    const meets = query.property === null || other.property === null || other.property === query.property
    if (meets || other === row) fromMs = Math.max(fromMs, liftedFrom(policy, state, other, query.property))
  }
  const isSilenced = state.gpc !== null && gpcRefuses(combined, purpose.key, purpose.saleOrSharing)
  return isSilenced && fromMs <= state.gpc.atMs ? Math.max(fromMs, grant.effectiveFromMs) : fromMs
}

/** How many of the last grants of its run a grant reaches back through. */
export function coveredRun(policy: Policy, purpose: CompiledPurpose, grant: Grant): number {
  const isNamed = namedIn(findNotice(policy, grant.noticeKey, grant.noticeVersion), purpose.key) !== undefined
  let covered = 0
  for (const earlier of grant.run.toReversed()) {
    const notice = findNotice(policy, earlier.noticeKey, earlier.noticeVersion)
    if (notice === undefined || isStruck(policy, earlier)) break
    // A grant that lifted a refusal of an ancestor may not name the purpose; then its own run counts.
    if (isNamed && (namedIn(notice, purpose.key)?.version ?? 0) < purpose.materialVersion) break
    covered += 1
  }
  return covered
}
