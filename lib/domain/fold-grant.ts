import { type CombinedRegimes, combineRegimes, gpcRefuses, judgeCapacity } from './combine-regimes.ts'
import { isSameBranch } from './confirmation.ts'
import type { GrantBody, SubjectEvent } from './events.ts'
import { findNotice, namedIn } from './find-notice.ts'
import type { Folded } from './fold-event.ts'
import type { CompiledNotice, Policy } from './policy.ts'
import { byGuardians, holds, isStruck, originOf } from './recall.ts'
import { isValid, maySetAside, rowAt, withRow } from './rows.ts'
import type { EarlierGrant, Grant, Refusal, Row, SubjectState } from './state.ts'

/** A run is remembered this far back; older data is no longer covered by it. */
const runLengthMax = 50

type GrantEvent = SubjectEvent & { readonly body: GrantBody }

/**
 * A yes. It lands where its notice reaches, lifts refusals only if it is valid, and changes nothing where it was
 * said before the latest refusal. One that is not valid never takes the place of one that is, or that lifted a no; nor
 * does a guardian's take the place of a yes by which the person lifted her own no, unless it continues it.
 */
export function foldGrant(state: SubjectState, event: GrantEvent, policy: Policy): Folded {
  const { body } = event
  const notice = findNotice(policy, body.notice?.key ?? null, body.notice?.version ?? 0)
  const isProven = canBeProved(body, notice, policy)
  const property = isProven && notice !== undefined ? notice.definition.property : body.property
  const row = rowAt(state, body.purpose, property)
  const effectiveFromMs = body.imported
    ? Math.min(event.occurredAtMs, event.recordedAtMs)
    : event.recordedAtMs
  if (isSuperseded(state, row, event, effectiveFromMs)) return { state, status: 'superseded' }

  const combined = combineRegimes(policy, state.regimes, null)
  const said: Grant = {
    seq: event.seq,
    noticeKey: body.notice?.key ?? null,
    noticeVersion: body.notice?.version ?? 0,
    locale: body.notice?.locale ?? null,
    purposeVersion: isProven ? (namedIn(notice, body.purpose)?.version ?? 0) : 0,
    effectiveFromMs,
    runStartMs: effectiveFromMs,
    run: [],
    expiresAtMs: effectiveFromMs + combined.consentLifetimeMs,
    isProven,
    isInvalidated: false,
    isExplicit: body.explicit,
    // What was said before the signal cannot have named it.
    namesGpcConflict: body.namesGpcConflict && event.occurredAtMs >= (state.gpc?.atMs ?? 0),
    actor: body.actor,
    capacity: judgeCapacity(combined, state.age, body.country, body.actor),
    origin: originOf(body),
  }
  // An experience that was recalled is recalled for good.
  const grant = isProven && isStruck(policy, said) ? { ...said, isInvalidated: true } : said
  if (!isValid(grant)) {
    const status = isProven ? 'void' : 'unproven'
    if (row.grant !== null && (isValid(row.grant) || row.grantLiftedRefusal)) return { state, status }
    return { state: withRow(state, { ...row, grant }), status }
  }
  const before = continues(state, row, effectiveFromMs, combined, policy) ? row.grant : null
  const liftedItself =
    row.grantLiftedRefusal && before === null && row.grant !== null && !byGuardians(row.grant)
  if (liftedItself && grant.actor === 'guardian') return { state, status: 'void' }
  const run = runAfter(before)
  const runStartMs = run[0]?.fromMs ?? effectiveFromMs
  return { state: land(state, row, { ...grant, run, runStartMs }, before, body, policy), status: 'granted' }
}

/** The run that the next grant continues: this one's, and this one. */
function runAfter(grant: Grant | null): readonly EarlierGrant[] {
  if (grant === null || grant.noticeKey === null) return []
  const { seq, noticeKey, noticeVersion, effectiveFromMs, origin } = grant
  const byGuardian = grant.actor === 'guardian'
  const last = {
    ...{ seq, noticeKey, noticeVersion, fromMs: effectiveFromMs },
    ...{ isInvalidated: false, byGuardian, origin },
  }
  return [...grant.run, last].slice(-runLengthMax)
}

/** GDPR Art. 7(1): what was shown, in which language, how it was said; and the notice is about this purpose here. */
function canBeProved(body: GrantBody, notice: CompiledNotice | undefined, policy: Policy): boolean {
  // A yes is the person's or her guardian's to say, never the controller's.
  if (body.actor === 'controller') return false
  if (notice === undefined || body.notice === null || body.method === null || notice.isInvalidated)
    return false
  const { definition } = notice
  const reaches =
    definition.property === null || body.property === null || definition.property === body.property
  return (
    reaches &&
    Object.hasOwn(definition.texts, body.notice.locale) &&
    namedIn(notice, body.purpose) !== undefined &&
    (body.property === null || policy.properties.has(body.property))
  )
}

function isSuperseded(state: SubjectState, row: Row, event: GrantEvent, effectiveFromMs: number): boolean {
  const { purpose, imported } = event.body
  const refusedLater = state.rows.some(
    (other) =>
      other.latestRefusal !== null &&
      isSameBranch(other.purpose, purpose) &&
      event.occurredAtMs < other.latestRefusal.atMs,
  )
  return refusedLater || (imported && row.grant !== null && effectiveFromMs < row.grant.effectiveFromMs)
}

/** Whether a grant from `fromMs` continues the row's run: nothing broke it in between. */
function continues(
  state: SubjectState,
  row: Row,
  fromMs: number,
  combined: CombinedRegimes,
  policy: Policy,
): boolean {
  const { grant, purpose } = row
  if (grant === null || !holds(policy, grant)) return false
  const endMs = Math.min(grant.expiresAtMs, grant.effectiveFromMs + combined.consentLifetimeMs)
  const compiled = policy.purposes.get(purpose)
  const material = compiled?.materialVersion ?? Number.POSITIVE_INFINITY
  const isSilenced =
    state.gpc !== null &&
    state.gpc.seq > grant.seq &&
    gpcRefuses(combined, purpose, compiled?.saleOrSharing ?? false)
  return fromMs < endMs && grant.purposeVersion >= material && !isSilenced
}

/**
 * Puts a valid grant into its row. One that reaches the organisation lifts the refusals there and in the property
 * where it was said, never another property's. Wherever it sets a refusal aside, data is covered from it on only; and
 * where it takes the place of one that did, and does not continue its run (`before` is null then), from it on again.
 */
function land(
  state: SubjectState,
  row: Row,
  grant: Grant,
  before: Grant | null,
  body: GrantBody,
  policy: Policy,
): SubjectState {
  const { effectiveFromMs } = grant
  const stays = (refusal: Refusal) => !maySetAside(grant, refusal)
  const here = row.refusals.filter(stays)
  const isLiftedHere = here.length < row.refusals.length
  let isLifted = isLiftedHere
  let next = state
  if (row.property === null && body.property !== null) {
    const local = rowAt(state, row.purpose, body.property)
    const left = local.refusals.filter(stays)
    // What a struck yes had lifted there is lifted anew.
    const wasVoid =
      local.grantLiftedRefusal &&
      local.grant !== null &&
      !holds(policy, local.grant) &&
      maySetAside(grant, { byGuardian: false })
    if (left.length < local.refusals.length || wasVoid) {
      isLifted = true
      next = withRow(state, {
        ...local,
        refusals: left,
        ...(wasVoid ? { grant: null, grantLiftedRefusal: false } : {}),
        liftedAtMs: latest(local.liftedAtMs, effectiveFromMs),
      })
    }
  }
  const outlives = row.property !== null && outlivesMore(rowAt(state, row.purpose, null), before, grant)
  // What lifted it may be older than what the run remembers.
  const isCut = before !== null && before.run.length >= runLengthMax
  const wasLifted = row.grantLiftedRefusal || row.liftedAtMs !== null
  const isLiftedAnew = isLiftedHere || outlives || (row.grantLiftedRefusal && before === null)
  return withRow(next, {
    ...row,
    refusals: here,
    grant,
    grantLiftedRefusal: row.grantLiftedRefusal || isLifted,
    liftedAtMs: isLiftedAnew
      ? latest(row.liftedAtMs, effectiveFromMs)
      : isCut && wasLifted
        ? latest(row.liftedAtMs, grant.runStartMs)
        : row.liftedAtMs,
  })
}

/** Whether a property's grant sets an organisation's refusal aside that the one before it could not. */
function outlivesMore(organisation: Row, before: Grant | null, now: Grant): boolean {
  const outlives = (grant: Grant, refusal: Refusal) => grant.seq > refusal.seq && maySetAside(grant, refusal)
  return organisation.refusals.some(
    (refusal) => outlives(now, refusal) && !(before !== null && outlives(before, refusal)),
  )
}

function latest(known: number | null, atMs: number): number {
  return Math.max(known ?? atMs, atMs)
}
