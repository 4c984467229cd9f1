import { findCandidates, findLiftingGrants } from './candidates.ts'
import { type Checked, checkGrant, checkWithoutGrant, type Question, struckText } from './check-grant.ts'
import { standingChildRefusal } from './child-refusal.ts'
import {
  type CombinedRegimes,
  type CombinedRule,
  combineRegimes,
  judgeCapacity,
  ruleFor,
} from './combine-regimes.ts'
import { findCompatibleUse } from './compatible-use.ts'
import type { Basis, Decision, Deny, Query } from './decision.ts'
import { noticeInForce } from './find-notice.ts'
import { lineageOf } from './ids.ts'
import { voidLift } from './lifted-from.ts'
import type { CompiledPurpose, Policy } from './policy.ts'
import type { DenyReason } from './reasons.ts'
import { standingRefusal } from './standing-refusal.ts'
import type { SubjectState } from './state.ts'

const nothing: Basis = { seq: null, notice: null, atMs: null }
/** Told of each row as it is decided; the text is made only where someone listens. */
export type Listener = (row: number, saw: () => string) => void

/**
 * Decides whether `query.purpose` is allowed for a subject in `state`.
 *
 * A refusal is a value, not an error, and whatever is not known to be allowed is refused. The first failing row
 * names the reason; callers alert on reasons, so the order is part of the contract. The caller supplies the time:
 * replaying an old query gives the decision that was made then.
 */
export function decide(
  policy: Policy,
  state: SubjectState | undefined,
  query: Query,
  listen?: Listener,
): Decision {
  if (query.freshness !== 'fresh') {
    return deny(0, query.freshness, nothing, () => `this node is ${query.freshness}`, listen)
  }
  listen?.(0, () => `fresh, at ${new Date(query.nowMs).toISOString()}`)

  const purpose = policy.purposes.get(query.purpose)
  if (purpose === undefined)
    return deny(1, 'purpose_unknown', nothing, () => `no purpose ${query.purpose}`, listen)
  if (purpose.isRetired) return deny(1, 'purpose_retired', nothing, () => 'retired', listen)
  listen?.(1, () => `${purpose.key}, version ${purpose.currentVersion}`)

  const combined = combineRegimes(policy, state?.regimes ?? [], query.regime)
  const rule = ruleFor(combined, purpose.key, state?.age ?? null)
  const ruleSeen = () => `${rule.rule} under ${combined.keys.join(', ')}`
  if (rule.rule === 'prohibited') return deny(2, 'purpose_prohibited', nothing, ruleSeen, listen)
  listen?.(2, ruleSeen)

  return (
    checkSubject(policy, state, query, purpose, combined, listen) ??
    decideByRule({ policy, state, query, purpose, combined, isHeard: listen !== undefined }, rule, listen)
  )
}

/** Rows 3 to 6: whatever the rule, these refuse. */
function checkSubject(
  policy: Policy,
  state: SubjectState | undefined,
  query: Query,
  purpose: CompiledPurpose,
  combined: CombinedRegimes,
  listen: Listener | undefined,
): Deny | undefined {
  if (state === undefined) {
    listen?.(3, () => 'unknown here: nothing was ever recorded')
    listen?.(4, () => 'not restricted')
    listen?.(5, () => 'nothing refused')
    listen?.(6, () => noChildRefused(purpose))
    return undefined
  }
  const collectedMs = query.collectedAtMs ?? query.nowMs
  const links = state.links.filter(
    ({ fromMs, untilMs, isToDevice }) =>
      !isToDevice && fromMs <= collectedMs && (untilMs === null || collectedMs < untilMs),
  )
  if (links.length > 1) {
    return deny(3, 'subject_ambiguous', nothing, () => `linked to ${links.length} others then`, listen)
  }
  if (state.erasedBeforeMs !== null && collectedMs < state.erasedBeforeMs) {
    const basis = { ...nothing, atMs: state.erasedBeforeMs }
    return deny(3, 'subject_erased', basis, () => 'the data is from before the erasure', listen)
  }
  listen?.(3, () => state.subjectId)
  if (state.isRestricted) return deny(4, 'processing_restricted', nothing, () => 'restricted', listen)
  listen?.(4, () => 'not restricted')

  const refusal = standingRefusal(state, query, purpose, combined)
  if (refusal !== undefined) {
    return deny(5, refusal.reason, refusal.basis, () => `${refusal.reason} for ${refusal.purpose}`, listen)
  }
  listen?.(5, () => 'nothing refused')
  const child = standingChildRefusal(policy, state, query, purpose, combined)
  if (child !== undefined) {
    return deny(6, 'child_refused', child.basis, () => `${child.purpose}: ${child.reason}`, listen)
  }
  listen?.(6, () => noChildRefused(purpose))
  return undefined
}

const noChildRefused = ({ children }: CompiledPurpose) =>
  children.length === 0 ? 'no children' : 'no child refused'

function decideByRule(question: Question, rule: CombinedRule, listen: Listener | undefined): Decision {
  const { query, purpose } = question
  if (rule.rule === 'opt_in') return decideOptIn(question, rule, listen)

  const reason = rule.rule === 'opt_out' ? 'not_opted_out' : 'notice_only'
  const lifting = findLiftingGrants(question)
  if (lifting.length > 0) {
    // Every refusal that was lifted needs its grant to hold; the newest one is named.
    const checked = lifting.map((candidate) => checkGrant(question, candidate, reason))
    return tell(checked.find(({ decision }) => !decision.allowed) ?? checked[0]!, listen)
  }
  listen?.(7, () => `not asked for under ${rule.rule}`)
  const atMs = query.collectedAtMs ?? query.nowMs
  const notice = noticeInForce(question.policy, purpose.key, query.property, atMs)
  if (notice === undefined) {
    return deny(8, 'collected_before_notice', nothing, () => 'no notice naming it was in force then', listen)
  }
  listen?.(8, () => `notice ${notice.definition.key} ${notice.definition.version} was in force`)
  for (const row of [9, 10, 11]) listen?.(row, () => `rests on no grant under ${rule.rule}`)
  return tell(checkWithoutGrant(question, notice, reason), listen)
}

function decideOptIn(question: Question, rule: CombinedRule, listen: Listener | undefined): Decision {
  const { state, combined } = question
  const candidates = state === undefined ? [] : findCandidates(question)
  if (candidates.length > 0) {
    const checked: Checked[] = []
    for (const candidate of candidates) {
      const result = checkGrant(question, candidate, 'consent_given')
      if (result.decision.allowed) return denyVoidLift(question, listen) ?? tell(result, listen)
      checked.push(result)
    }
    // What stands again goes before what later rows have against the first of them.
    const first = checked[0]!
    const isLater = (first.saw.at(-1)?.[0] ?? 0) > 9
    return (isLater ? denyVoidLift(question, listen) : undefined) ?? tell(first, listen)
  }
  const capacity = judgeCapacity(combined, state?.age ?? null, null, 'subject')
  if (capacity !== 'capable')
    return deny(7, capacity, nothing, () => 'no grant, and none she could give', listen)
  listen?.(7, () => 'nothing says she could not agree')
  const compatible = findCompatibleUse(question, rule)
  if (compatible === undefined) return deny(8, 'never_asked', nothing, () => 'no grant stands', listen)
  const isVoid = denyVoidLift(question, listen)
  if (isVoid !== undefined) return isVoid
  listen?.(8, () => `no grant, but the assessment ${compatible.assessment} stands`)
  for (const row of [9, 10, 11]) listen?.(row, () => 'rests on an assessment')
  return tell(compatible.checked, listen)
}

/**
 * Row 9 for what lifted a refusal in the way: of the purpose or an ancestor. Where that was struck, the person's last
 * word that counts is a no, whatever else she agreed to.
 */
function denyVoidLift(question: Question, listen: Listener | undefined): Deny | undefined {
  const { policy, state, query } = question
  if (state === undefined) return undefined
  for (const key of lineageOf(query.purpose)) {
    const { grant } = voidLift(policy, state, key, query.property) ?? {}
    if (!grant) continue
    for (const row of [7, 8])
      listen?.(row, () => `rests on grant ${grant.seq} for ${key}, which lifted a refusal`)
    const { seq, noticeKey, noticeVersion, locale, effectiveFromMs: atMs } = grant
    const notice = noticeKey === null ? null : { key: noticeKey, version: noticeVersion, locale }
    return deny(9, 'consent_invalidated', { seq, notice, atMs }, () => struckText(policy, grant), listen)
  }
  return undefined
}

function tell({ decision, saw }: Checked, listen: Listener | undefined): Decision {
  if (listen !== undefined) for (const [row, text] of saw) listen(row, () => text)
  return decision
}

function deny(
  row: number,
  reason: DenyReason,
  basis: Basis,
  saw: () => string,
  listen: Listener | undefined,
): Deny {
  listen?.(row, saw)
  return { allowed: false, reason, basis }
}
