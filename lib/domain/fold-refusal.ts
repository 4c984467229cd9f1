import type { RefusalBody, SubjectEvent } from './events.ts'
import { findNotice } from './find-notice.ts'
import { lineageOf } from './ids.ts'
import type { Policy } from './policy.ts'
import { clearGrants, rowAt, withRow } from './rows.ts'
import type { Refusal, SubjectState } from './state.ts'

/**
 * A no: it reaches at least as far as the yes it answers, acts from the earlier of its two times, and takes the
 * grants it reaches. It needs no notice and is never void.
 */
export function foldRefusal(
  state: SubjectState,
  event: SubjectEvent,
  body: RefusalBody,
  policy: Policy,
): SubjectState {
  const property = reachesOrganisation(state, body, policy) ? null : body.property
  const atMs = Math.min(event.occurredAtMs, event.recordedAtMs)
  const row = rowAt(state, body.purpose, property)
  const same = row.refusals.find(({ kind }) => kind === body.act)
  const ended = row.grant ?? rowAt(state, body.purpose, body.property).grant
  const shownBefore =
    ended === null || ended.noticeKey === null || ended.locale === null
      ? null
      : { key: ended.noticeKey, version: ended.noticeVersion, locale: ended.locale }
  const refusal: Refusal = {
    kind: body.act,
    seq: event.seq,
    atMs: Math.min(atMs, same?.atMs ?? atMs),
    // Once the subject herself has said no, a guardian's later no does not make it the guardian's.
    byGuardian: body.actor === 'guardian' && (same?.byGuardian ?? true),
    notice: body.notice ?? shownBefore ?? same?.notice ?? null,
  }
  const cleared = clearGrants(
    state,
    (other) => other.purpose === body.purpose && (property === null || other.property === property),
  )
  return withRow(cleared, {
    ...row,
    grant: null,
    grantLiftedRefusal: false,
    refusals: [...row.refusals.filter((other) => other !== same), refusal],
    latestRefusal: { seq: event.seq, atMs: Math.max(atMs, row.latestRefusal?.atMs ?? 0), kind: body.act },
  })
}

function reachesOrganisation(state: SubjectState, body: RefusalBody, policy: Policy): boolean {
  if (body.property === null || body.act === 'objected' || body.act === 'opted_out') return true
  if (body.notice !== null) {
    const notice = findNotice(policy, body.notice.key, body.notice.version)
    // A notice nobody knows may have reached everything.
    if (notice === undefined || notice.definition.property === null) return true
  }
  return lineageOf(body.purpose).some((purpose) => rowAt(state, purpose, null).grant !== null)
}
