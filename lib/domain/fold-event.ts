import type { GrantBody, RefusalAct, SubjectBody, SubjectEvent, SubjectFactBody } from './events.ts'
import { foldGrant } from './fold-grant.ts'
import { foldRefusal } from './fold-refusal.ts'
import type { SubjectId } from './ids.ts'
import type { Policy } from './policy.ts'
import { clearGrants, mapRows } from './rows.ts'
import type { Grant, SubjectState } from './state.ts'

/** What an event did: the act itself, why a yes has no effect, or `recorded` for other facts. */
export type FoldStatus = 'granted' | RefusalAct | 'unproven' | 'superseded' | 'void' | 'recorded'

export type Folded = { readonly state: SubjectState; readonly status: FoldStatus }

/**
 * The state of a subject after one more of her events. Pure: events fold in order of `seq`, each under the policy
 * that stood when it was recorded, and the same list always gives the same state.
 */
export function foldEvent(state: SubjectState | undefined, event: SubjectEvent, policy: Policy): Folded {
  const { body } = event
  const before = { ...(state ?? emptyState(event.subjectId)), seq: event.seq }
  const seen = addRegimes(before, body)
  switch (body.act) {
    case 'granted':
      return foldGrant(seen, event as SubjectEvent & { body: GrantBody }, policy)
    case 'denied':
    case 'withdrawn':
    case 'objected':
    case 'opted_out':
      return { state: foldRefusal(seen, event, body, policy), status: body.act }
    default:
      return { state: foldFact(seen, event, body), status: 'recorded' }
  }
}

/** The regimes an event says she was seen under; the set only grows. */
function addRegimes(state: SubjectState, body: SubjectBody): SubjectState {
  const regime = 'regime' in body ? body.regime : null
  const wider = 'widerRegimes' in body ? body.widerRegimes : undefined
  if (wider === undefined && (regime === null || state.regimes.includes(regime))) return state
  const named = [...(regime === null ? [] : [regime]), ...(wider ?? [])]
  const added = named.filter((key, at) => !state.regimes.includes(key) && named.indexOf(key) === at)
  return added.length === 0 ? state : { ...state, regimes: [...state.regimes, ...added].sort() }
}

/** A subject of whom nothing is known yet. */
export function emptyState(subjectId: SubjectId): SubjectState {
  return {
    subjectId,
    seq: 0,
    regimes: [],
    age: null,
    isRestricted: false,
    erasedBeforeMs: null,
    gpc: null,
    links: [],
    rows: [],
  }
}

function foldFact(state: SubjectState, event: SubjectEvent, body: SubjectFactBody): SubjectState {
  const { recordedAtMs } = event
  switch (body.act) {
    case 'gpc_opted_out':
      if (state.gpc !== null) return state
      return { ...state, gpc: { seq: event.seq, atMs: Math.min(event.occurredAtMs, recordedAtMs) } }
    case 'expired':
      return mapRows(state, ({ grant, ...row }) =>
        grant?.seq === body.grantSeq
          ? { ...row, grant: { ...grant, expiresAtMs: Math.min(grant.expiresAtMs, recordedAtMs) } }
          : { ...row, grant },
      )
    case 'invalidated':
      return mapRows(state, ({ grant, ...row }) =>
        grant === null ? { ...row, grant } : { ...row, grant: strike(grant, body.grantSeq) },
      )
    case 'objection_overridden':
      return mapRows(state, (row) =>
        row.purpose === body.purpose
          ? { ...row, refusals: row.refusals.filter(({ kind }) => kind !== 'objected') }
          : row,
      )
    case 'restricted':
      return { ...state, isRestricted: true }
    case 'restriction_lifted':
      return { ...state, isRestricted: false }
    case 'age_stated':
      return { ...state, age: { atLeast: body.atLeast, below: body.below } }
    case 'linked': {
      const isOpen = state.links.some(({ other, untilMs }) => other === body.other && untilMs === null)
      if (isOpen) return state
      return {
        ...state,
        links: [
          ...state.links,
          { other: body.other, fromMs: recordedAtMs, untilMs: null, isToDevice: body.device === true },
        ],
      }
    }
    case 'unlinked':
      return {
        ...state,
        links: state.links.map((link) =>
          link.other === body.other && link.untilMs === null ? { ...link, untilMs: recordedAtMs } : link,
        ),
      }
    case 'erased':
      return {
        ...restoreRefusals(clearGrants(state, () => true)),
        erasedBeforeMs: Math.max(state.erasedBeforeMs ?? 0, recordedAtMs),
      }
  }
}

/** A struck yes covers nothing, be it the one that stands or an earlier one of its run. */
function strike(grant: Grant, seq: number): Grant {
  if (grant.seq === seq) return { ...grant, isInvalidated: true }
  return {
    ...grant,
    run: grant.run.map((earlier) => (earlier.seq === seq ? { ...earlier, isInvalidated: true } : earlier)),
  }
}

/** With every yes gone, every no that one of them had lifted stands again. */
function restoreRefusals(state: SubjectState): SubjectState {
  return mapRows(state, (row) => {
    if (row.latestRefusal === null || row.refusals.length > 0) return row
    return { ...row, refusals: [{ ...row.latestRefusal, byGuardian: false, notice: null }] }
  })
}
