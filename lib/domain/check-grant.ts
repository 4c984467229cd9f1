import type { Candidate } from './candidates.ts'
import { checkCoverage } from './check-coverage.ts'
import { collectedFrom } from './collected-from.ts'
import type { CombinedRegimes } from './combine-regimes.ts'
import type { Basis, Decision, NoticeUsed, Permit, Query } from './decision.ts'
import type { NoticePurpose, PurposeDefinition } from './definitions.ts'
import { impossible } from './errors.ts'
import { findNotice, namedIn } from './find-notice.ts'
import { formatInstant } from './format-instant.ts'
import { wasLawfullyCollected } from './lawfully-collected.ts'
import type { CompiledNotice, CompiledPurpose, Policy } from './policy.ts'
import type { DenyReason, PermitReason } from './reasons.ts'
import { recallOf, struckBefore } from './recall.ts'
import type { Spans } from './spans.ts'
import type { Grant, SubjectState } from './state.ts'

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
export const clockSkewMs = 5_000

/**
 * What one grant comes to under one question but for its times and positions: those of its row that differ from
 * person to person are not looked at, so the plan of one row holds for every row of the same shape.
 */
export type GrantPlan = {
  /** Rows 7 and 9. */
  readonly failsEarly: Failure | null
  /** A grant recorded before this position was recalled, row 9; infinity where all are. */
  readonly struckBeforeSeq: number
  /** The shortest of the regimes in force; milliseconds. */
  readonly lifetimeMs: number
  /** Rows 11 and 12; expiry, row 10, goes before them. */
  readonly failsLate: Failure | null
  readonly notice: NoticeUsed | null
  readonly named: NoticePurpose | undefined
  readonly categories: readonly string[]
  /** Infinity where nothing bounds it. */
  readonly retentionMs: number
  readonly needsCollectedAt: boolean
}

type Failure = { readonly row: number; readonly reason: DenyReason }

export function planGrant(
  question: Omit<Question, 'state' | 'isHeard'>,
  { row, grant }: Candidate,
): GrantPlan {
  const { policy, query, purpose, combined } = question
  const notice = findNotice(policy, grant.noticeKey, grant.noticeVersion)
  const named = namedIn(notice, query.purpose)
  const current = purpose.versions.at(-1)!
  const plan = {
    failsEarly: null,
    struckBeforeSeq: struckBefore(policy, grant.origin),
    lifetimeMs: combined.consentLifetimeMs,
    failsLate: null,
    notice:
      grant.noticeKey === null
        ? null
        : { key: grant.noticeKey, version: grant.noticeVersion, locale: grant.locale },
    named,
    categories: [],
    retentionMs: Number.POSITIVE_INFINITY,
    needsCollectedAt: purpose.needsCollectedAt || query.demandsCollectedAt,
  }
  const early = (at: number, reason: DenyReason): GrantPlan => ({ ...plan, failsEarly: { row: at, reason } })
  const late = (at: number, reason: DenyReason): GrantPlan => ({ ...plan, failsLate: { row: at, reason } })
  if (grant.capacity !== 'capable') return early(7, grant.capacity)
  if (!grant.isProven || notice === undefined) return early(9, 'consent_unproven')
  if (grant.isInvalidated || notice.isInvalidated) return early(9, 'consent_invalidated')

  // An ancestor's grant that lifted a refusal but does not name the purpose is held to its own version.
  const version = named?.version ?? grant.purposeVersion
  const material = (named === undefined ? policy.purposes.get(row.purpose) : purpose)?.materialVersion
  if (material === undefined || version < material) return late(11, 'notice_superseded')

  const consented = named === undefined ? current : (purpose.versions[version - 1] ?? current)
  if (row.property !== null && row.property !== query.property) return late(12, 'property_not_covered')
  const explicit = grant.isExplicit ? (named?.explicitCategories ?? []) : []
  const coverage = checkCoverage(policy, query, current, consented, explicit)
  if (typeof coverage === 'string') return late(12, coverage)
  return { ...plan, categories: coverage, retentionMs: retentionOf(current, consented) }
}

/**
 * Rows 7 and 9 to 14 of a planned grant that acts from `effectiveFromMs` and covers data from `collectedFromMs` on.
 * `isLawful` tells whether data from before was lawfully collected for a source the notice covers; where the answer
 * hangs on that and it is null, undefined.
 */
export function applyGrantPlan(
  plan: GrantPlan,
  grant: { readonly seq: number; readonly effectiveFromMs: number; readonly expiresAtMs: number },
  collectedFromMs: number,
  query: Query,
  reason: PermitReason,
  isLawful: ((source: string, atMs: number) => boolean) | null,
): { readonly row: number; readonly decision: Decision } | undefined {
  const basis: Basis = { seq: grant.seq, notice: plan.notice, atMs: grant.effectiveFromMs }
  if (plan.failsEarly !== null) return fail(plan.failsEarly.row, plan.failsEarly.reason, basis)
  if (grant.seq < plan.struckBeforeSeq) return fail(9, 'consent_invalidated', basis)
  const expiresAtMs = Math.min(grant.expiresAtMs, grant.effectiveFromMs + plan.lifetimeMs)
  if (query.nowMs >= expiresAtMs) return fail(10, 'consent_expired', basis)
  if (plan.failsLate !== null) return fail(plan.failsLate.row, plan.failsLate.reason, basis)
  const time = collectionTime(query, plan.needsCollectedAt)
  if (time === null) return fail(13, 'collected_at_required', basis)
  let fromMs = collectedFromMs
  if (time < fromMs) {
    const earlier = plan.named?.coversEarlier ?? null
    const source = query.sourcePurpose
    const isNamed = earlier !== null && time >= earlier.fromMs && source !== null
    if (!isNamed || !earlier.sourcePurposes.includes(source))
      return fail(13, 'collected_before_consent', basis)
    if (isLawful === null) return undefined
    if (!isLawful(source, time)) return fail(13, 'collected_before_consent', basis)
    fromMs = earlier.fromMs
  }
  const until = time + plan.retentionMs
  if (query.nowMs >= until) return fail(14, 'retention_exceeded', basis)
  return { row: 15, decision: permit(query, reason, basis, plan.categories, fromMs, expiresAtMs, until) }
}

/**
 * The same for every collection time, where one is demanded. False where it hangs on more than a plan holds: whether
 * data from before, which the notice covers, was lawfully collected.
 */
export function spanGrantPlan(
  plan: GrantPlan,
  grant: { readonly seq: number; readonly effectiveFromMs: number; readonly expiresAtMs: number },
  collectedFromMs: number,
  query: Query,
  reason: PermitReason,
  spans: Spans,
): boolean {
  if (plan.failsEarly !== null) return spans.setRefusal(plan.failsEarly.reason)
  if (grant.seq < plan.struckBeforeSeq) return spans.setRefusal('consent_invalidated')
  const { nowMs, sourcePurpose } = query
  const expiresAtMs = Math.min(grant.expiresAtMs, grant.effectiveFromMs + plan.lifetimeMs)
  if (nowMs >= expiresAtMs) return spans.setRefusal('consent_expired')
  if (plan.failsLate !== null) return spans.setRefusal(plan.failsLate.reason)
  if (!plan.needsCollectedAt) return false
  const earlier = plan.named?.coversEarlier ?? null
  if (earlier !== null && sourcePurpose !== null && earlier.sourcePurposes.includes(sourcePurpose))
    return false
  spans.setRefusal('collected_before_consent')
  spans.withoutTime = 'collected_at_required'
  const keptFromMs = nowMs - plan.retentionMs + 1
  if (keptFromMs > collectedFromMs && collectedFromMs <= nowMs)
    spans.add(collectedFromMs, 'retention_exceeded')
  const fromMs = Math.max(collectedFromMs, keptFromMs)
  if (fromMs <= nowMs) {
    spans.add(fromMs, reason)
    spans.useUntilMs = Math.min(nowMs + dayMs, expiresAtMs, fromMs + plan.retentionMs)
  }
  return spans.add(nowMs + clockSkewMs + 1, 'collected_at_required')
}

function fail(row: number, reason: DenyReason, basis: Basis) {
  return { row, decision: { allowed: false, reason, basis } } as const
}

/** Rows 7 and 9 to 14 for one grant. */
export function checkGrant(question: Question, candidate: Candidate, reason: PermitReason): Checked {
  const { row, grant } = candidate
  const { query } = question
  const plan = planGrant(question, candidate)
  const collectedFromMs = collectedFrom(question, candidate)
  const applied =
    applyGrantPlan(plan, grant, collectedFromMs, query, reason, (source, atMs) =>
      wasLawfullyCollected(question, source, atMs),
    ) ?? impossible('a grant that was not decided')
  const { decision } = applied
  const saw: [number, string][] = []
  if (question.isHeard) {
    const until = new Date(Math.min(grant.expiresAtMs, grant.effectiveFromMs + plan.lifetimeMs))
    const from = decision.allowed ? decision.obligations.collectedFromMs : collectedFromMs
    const seen: readonly (readonly [number, () => string])[] = [
      [7, () => `agreed by the ${grant.actor}, who could`],
      [8, () => `grant ${grant.seq} for ${row.purpose}`],
      [9, () => `shown notice ${grant.noticeKey} ${grant.noticeVersion} (${grant.locale})`],
      [10, () => `until ${until.toISOString()}`],
      [11, () => `agreed to version ${plan.named?.version ?? grant.purposeVersion}; nothing material since`],
      [12, () => `covers ${plan.categories.join(', ') || 'no category'}`],
      [13, () => `data from ${new Date(from).toISOString()} on`],
      [14, () => keptFor(plan.retentionMs)],
    ]
    for (const [at, text] of seen) if (at < applied.row) saw.push([at, text()])
  }
  if (!decision.allowed) {
    const isStruck = question.isHeard && decision.reason === 'consent_invalidated'
    saw.push([applied.row, isStruck ? struckText(question.policy, grant) : decision.reason])
  }
  return { decision, saw }
}

/** Why a yes is struck: which recall, where there was one. */
export function struckText(policy: Policy, grant: Grant): string {
  const recall = recallOf(policy, grant)
  if (recall === undefined) return 'consent_invalidated'
  const { scope, seq, recordedAtMs, reason } = recall
  const what = 'id' in scope ? scope.id : `${scope.key} ${scope.version}`
  const when = formatInstant(recordedAtMs)
  return `consent_invalidated: ${scope.kind} ${what} was recalled on ${when} (event ${seq}): ${reason}`
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

/**
 * Rows 12 to 14 for whatever rests on no grant. `collectedFromMs` null: data of this very time only. `expiresAtMs` is
 * when what it rests on ends.
 */
export function checkUse(
  question: Question,
  basis: Basis,
  reason: PermitReason,
  collectedFromMs: number | null,
  expiresAtMs: number = Number.POSITIVE_INFINITY,
): Checked {
  const current = question.purpose.versions.at(-1)!
  const deny = (row: number, why: DenyReason): Checked => ({
    decision: { allowed: false, reason: why, basis },
    saw: [[row, why]],
  })
  const coverage = checkCoverage(question.policy, question.query, current, current, [])
  if (typeof coverage === 'string') return deny(12, coverage)
  const { query, purpose } = question
  const time = collectionTime(query, purpose.needsCollectedAt || query.demandsCollectedAt)
  if (time === null) return deny(13, 'collected_at_required')
  const retentionMs = retentionOf(current, current)
  if (query.nowMs >= time + retentionMs) return deny(14, 'retention_exceeded')
  const until = time + retentionMs
  return {
    decision: permit(query, reason, basis, coverage, collectedFromMs ?? time, expiresAtMs, until),
    saw: [
      [12, `covers ${coverage.join(', ') || 'no category'}`],
      [13, 'rests on no grant'],
      [14, keptFor(retentionMs)],
    ],
  }
}

/** When the data was collected; its absence means now, where the purpose allows that. Null where it does not. */
function collectionTime(query: Query, isNeeded: boolean): number | null {
  if (query.collectedAtMs === null) return isNeeded ? null : query.nowMs
  if (query.collectedAtMs > query.nowMs + clockSkewMs) return null
  return Math.min(query.collectedAtMs, query.nowMs)
}

function retentionOf(current: PurposeDefinition, consented: PurposeDefinition): number {
  const days = Math.min(
    current.retentionDays ?? Number.POSITIVE_INFINITY,
    consented.retentionDays ?? Number.POSITIVE_INFINITY,
  )
  return days * dayMs
}

function keptFor(retentionMs: number): string {
  return Number.isFinite(retentionMs) ? `kept ${retentionMs / dayMs} days` : 'kept without a bound'
}

function permit(
  query: Query,
  reason: PermitReason,
  basis: Basis,
  categories: readonly string[],
  collectedFromMs: number,
  expiresAtMs: number,
  retainedUntilMs: number,
): Permit {
  return {
    allowed: true,
    reason,
    basis,
    obligations: {
      categories,
      collectedFromMs,
      useUntilMs: Math.min(query.nowMs + dayMs, expiresAtMs, retainedUntilMs),
    },
    assumed: query.collectedAtMs === null ? assumedNow : assumedNothing,
  }
}

const assumedNow = ['collected_at'] as const
const assumedNothing = [] as const
