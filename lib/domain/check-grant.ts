import type { Candidate } from './candidates.ts'
import { checkCoverage } from './check-coverage.ts'
import { collectedFrom } from './collected-from.ts'
import type { CombinedRegimes } from './combine-regimes.ts'
import type { Basis, Decision, Query } from './decision.ts'
import type { PurposeDefinition } from './definitions.ts'
import { findNotice, namedIn } from './find-notice.ts'
import { wasLawfullyCollected } from './lawfully-collected.ts'
import type { CompiledNotice, CompiledPurpose, Policy } from './policy.ts'
import type { DenyReason, PermitReason } from './reasons.ts'
import type { SubjectState } from './state.ts'

/** All that rows 7 to 14 look at. */
export type Question = {
  readonly policy: Policy
  readonly state: SubjectState | undefined
  readonly query: Query
  readonly purpose: CompiledPurpose
  readonly combined: CombinedRegimes
  /** Whether anyone wants to hear what each row saw; its texts cost more than the decision. */
  readonly isHeard: boolean
}

/** A decision and what each row saw on the way to it. */
export type Checked = {
  readonly decision: Decision
  readonly saw: readonly (readonly [row: number, text: string])[]
}

const dayMs = 86_400_000
/** How far ahead of the node's clock a collection time may lie. */
const clockSkewMs = 5_000

/** Rows 7 and 9 to 14 for one grant. */
export function checkGrant(question: Question, candidate: Candidate, reason: PermitReason): Checked {
  const { row, grant } = candidate
  const { policy, query, purpose, combined } = question
  const notice = findNotice(policy, grant.noticeKey, grant.noticeVersion)
  const basis: Basis = {
    seq: grant.seq,
    notice:
      grant.noticeKey === null
        ? null
        : { key: grant.noticeKey, version: grant.noticeVersion, locale: grant.locale },
    atMs: grant.effectiveFromMs,
  }
  const saw: [number, string][] = []
  const see = (at: number, text: () => string) => {
    if (question.isHeard) saw.push([at, text()])
  }
  const deny = (at: number, why: DenyReason): Checked => {
    saw.push([at, why])
    return { decision: { allowed: false, reason: why, basis }, saw }
  }
  if (grant.capacity !== 'capable') return deny(7, grant.capacity)
  see(7, () => `agreed by the ${grant.actor}, who could`)
  see(8, () => `grant ${grant.seq} for ${row.purpose}`)
  if (!grant.isProven || notice === undefined) return deny(9, 'consent_unproven')
  if (grant.isInvalidated || notice.isInvalidated) return deny(9, 'consent_invalidated')
  see(9, () => `shown notice ${grant.noticeKey} ${grant.noticeVersion} (${grant.locale})`)
  const expiresAtMs = Math.min(grant.expiresAtMs, grant.effectiveFromMs + combined.consentLifetimeMs)
  if (query.nowMs >= expiresAtMs) return deny(10, 'consent_expired')
  see(10, () => `until ${new Date(expiresAtMs).toISOString()}`)

  const named = namedIn(notice, query.purpose)
  // An ancestor's grant that lifted a refusal but does not name the purpose is held to its own version.
  const version = named?.version ?? grant.purposeVersion
  const material = (named === undefined ? policy.purposes.get(row.purpose) : purpose)?.materialVersion
  if (material === undefined || version < material) return deny(11, 'notice_superseded')
  see(11, () => `agreed to version ${version}; nothing material since ${material}`)

  const current = purpose.versions.at(-1)!
  const consented = named === undefined ? current : (purpose.versions[version - 1] ?? current)
  const isElsewhere = row.property !== null && row.property !== query.property
  const coverage = isElsewhere
    ? 'property_not_covered'
    : checkCoverage(
        policy,
        query,
        current,
        consented,
        grant.isExplicit ? (named?.explicitCategories ?? []) : [],
      )
  if (typeof coverage === 'string') return deny(12, coverage)
  see(12, () => `covers ${coverage.join(', ') || 'no category'}`)

  const time = collectionTime(question)
  if (typeof time === 'string') return deny(13, time)
  let collectedFromMs = collectedFrom(question, candidate)
  if (time < collectedFromMs) {
    const earlier = named?.coversEarlier ?? null
    const isCovered =
      earlier !== null &&
      time >= earlier.fromMs &&
      query.sourcePurpose !== null &&
      earlier.sourcePurposes.includes(query.sourcePurpose) &&
      wasLawfullyCollected(question, query.sourcePurpose, time)
    if (!isCovered) return deny(13, 'collected_before_consent')
    collectedFromMs = earlier.fromMs
  }
  see(13, () => `data from ${new Date(collectedFromMs).toISOString()} on`)
  return checkRetention(question, {
    saw,
    basis,
    reason,
    time,
    consented,
    categories: coverage,
    collectedFromMs,
    expiresAtMs,
  })
}

/** Rows 12 to 14 where the rule rests on a notice in force, not on a grant. */
export function checkWithoutGrant(question: Question, notice: CompiledNotice, reason: PermitReason): Checked {
  const { key, version } = notice.definition
  const basis: Basis = {
    seq: notice.publishedSeq,
    notice: { key, version, locale: null },
    atMs: notice.publishedAtMs,
  }
  return checkUse(question, basis, reason, notice.publishedAtMs)
}

/** Rows 12 to 14 for whatever rests on no grant. `collectedFromMs` null: data of this very time only. */
export function checkUse(
  question: Question,
  basis: Basis,
  reason: PermitReason,
  collectedFromMs: number | null,
): Checked {
  const current = question.purpose.versions.at(-1)!
  const deny = (row: number, why: DenyReason): Checked => ({
    decision: { allowed: false, reason: why, basis },
    saw: [[row, why]],
  })
  const coverage = checkCoverage(question.policy, question.query, current, current, [])
  if (typeof coverage === 'string') return deny(12, coverage)
  const time = collectionTime(question)
  if (typeof time === 'string') return deny(13, time)
  return checkRetention(question, {
    saw: [
      [12, `covers ${coverage.join(', ') || 'no category'}`],
      [13, 'rests on no grant'],
    ],
    basis,
    reason,
    time,
    consented: current,
    categories: coverage,
    collectedFromMs: collectedFromMs ?? time,
    expiresAtMs: Number.POSITIVE_INFINITY,
  })
}

/** When the data was collected; its absence means now, where the purpose allows that. */
function collectionTime({ query, purpose }: Question): number | 'collected_at_required' {
  if (query.collectedAtMs === null) {
    return purpose.needsCollectedAt || query.demandsCollectedAt ? 'collected_at_required' : query.nowMs
  }
  if (query.collectedAtMs > query.nowMs + clockSkewMs) return 'collected_at_required'
  return Math.min(query.collectedAtMs, query.nowMs)
}

function checkRetention(
  { query, purpose }: Question,
  found: {
    readonly saw: readonly (readonly [number, string])[]
    readonly basis: Basis
    readonly reason: PermitReason
    readonly time: number
    readonly consented: PurposeDefinition
    readonly categories: readonly string[]
    readonly collectedFromMs: number
    readonly expiresAtMs: number
  },
): Checked {
  const days = Math.min(
    purpose.versions.at(-1)!.retentionDays ?? Number.POSITIVE_INFINITY,
    found.consented.retentionDays ?? Number.POSITIVE_INFINITY,
  )
  const retainedUntilMs = found.time + days * dayMs
  if (query.nowMs >= retainedUntilMs) {
    return {
      decision: { allowed: false, reason: 'retention_exceeded', basis: found.basis },
      saw: [...found.saw, [14, 'retention_exceeded']],
    }
  }
  const retained = Number.isFinite(days) ? `kept ${days} days` : 'kept without a bound'
  return {
    decision: {
      allowed: true,
      reason: found.reason,
      basis: found.basis,
      obligations: {
        categories: found.categories,
        collectedFromMs: found.collectedFromMs,
        useUntilMs: Math.min(query.nowMs + dayMs, found.expiresAtMs, retainedUntilMs),
      },
      assumed: query.collectedAtMs === null ? ['collected_at'] : [],
    },
    saw: [...found.saw, [14, retained]],
  }
}
