import { AssentError } from './errors.ts'
import {
  endOfTerm,
  type RequestClock,
  type RequestKind,
  type RequestRegime,
  requestClocks,
} from './request-clocks.ts'

export const requestStates = ['open', 'answered', 'refused', 'withdrawn'] as const
export type RequestState = (typeof requestStates)[number]

/** What of a request its clock and its changes depend on. All times in milliseconds. */
export type RequestFacts = {
  readonly kind: RequestKind
  readonly regime: RequestRegime
  readonly receivedAtMs: number
  readonly dueAtMs: number
  readonly extendedUntilMs: number | null
  readonly state: RequestState
  readonly answeredAtMs: number | null
}

/** What can be done with a request once it is registered. */
export const requestChanges = ['extend', 'answer', 'refuse', 'withdraw', 'reopen', 'note'] as const
export type RequestChange = (typeof requestChanges)[number]

/** The clock a request runs by. Throws `request_change_refused` where the regime knows no such request. */
export function clockOf({ regime, kind }: Pick<RequestFacts, 'regime' | 'kind'>): RequestClock {
  const clock = requestClocks[regime][kind]
  if (clock !== null) return clock
  throw refused(
    kind === 'opt_out'
      ? 'Under the GDPR a person objects (Art. 21): register an objection.'
      : 'Under the CCPA a person opts out (11 CCR §7026): register an opt-out.',
    '/kind',
  )
}

/** A request as it is received. Throws `request_change_refused` where it lies ahead, or its regime knows none such. */
export function receive(
  asked: Pick<RequestFacts, 'kind' | 'regime' | 'receivedAtMs'>,
  nowMs: number,
): RequestFacts {
  const { answerWithin } = clockOf(asked)
  if (asked.receivedAtMs > nowMs)
    throw refused('A request is received first and registered then.', '/received_at')
  return {
    ...asked,
    dueAtMs: endOfTerm(asked.receivedAtMs, answerWithin),
    ...{ extendedUntilMs: null, state: 'open', answeredAtMs: null },
  }
}

/**
 * The request after a change at `nowMs`. It is extended at most once, and only while its first term runs, for within it
 * the person must be told (GDPR Art. 12(3), 11 CCR §7021(b)); the two further months count from the day it was due
 * first. Throws `request_change_refused`.
 */
export function change(request: RequestFacts, what: RequestChange, nowMs: number): RequestFacts {
  const { state, dueAtMs, extendedUntilMs } = request
  if (what === 'note') return request
  if (what === 'reopen') {
    if (state === 'open') throw refused('This request is open.')
    return { ...request, state: 'open', answeredAtMs: null }
  }
  if (state !== 'open') throw refused(`This request is ${state}; reopen it first.`)
  if (what !== 'extend') return { ...request, state: closedBy[what], answeredAtMs: nowMs }
  const { extension, source } = clockOf(request)
  if (extension === null) throw refused(`This request cannot be extended (${source}).`)
  if (extendedUntilMs !== null) throw refused(`A request can be extended once (${source}).`)
  if (nowMs > dueAtMs) {
    throw refused(`The time to tell the person of an extension has passed (${source}).`)
  }
  return { ...request, extendedUntilMs: endOfTerm(dueAtMs, extension) }
}

const closedBy = { answer: 'answered', refuse: 'refused', withdraw: 'withdrawn' } as const

function refused(message: string, pointer?: string): AssentError {
  return new AssentError('request_change_refused', message, pointer === undefined ? {} : { pointer })
}
