/** What a person can ask an organisation for. */
export const requestKinds = ['access', 'erasure', 'objection', 'opt_out', 'rectification'] as const
export type RequestKind = (typeof requestKinds)[number]

/** Whose law the request is made under. */
export const requestRegimes = ['gdpr', 'ccpa'] as const
export type RequestRegime = (typeof requestRegimes)[number]

/** A length of time, counted from the day after a day. */
export type Term = { readonly count: number; readonly unit: 'months' | 'days' | 'business_days' }

/** How long an answer may take. */
export type RequestClock = {
  readonly answerWithin: Term
  /** By how much that can be extended, once, where the person is told why in time; null where it cannot. */
  readonly extension: Term | null
  readonly source: string
}

const gdpr: RequestClock = {
  answerWithin: { count: 1, unit: 'months' },
  extension: { count: 2, unit: 'months' },
  source: 'GDPR Art. 12(3)',
}
const ccpa: RequestClock = {
  answerWithin: { count: 45, unit: 'days' },
  extension: { count: 45, unit: 'days' },
  source: '11 CCR §7021(b)',
}

/** The clock of each kind of request, by regime; null where that law knows no such request. */
export const requestClocks: Readonly<
  Record<RequestRegime, Readonly<Record<RequestKind, RequestClock | null>>>
> = {
  // What the CCPA calls an opt-out is an objection here (Art. 21).
  gdpr: { access: gdpr, erasure: gdpr, objection: gdpr, rectification: gdpr, opt_out: null },
  ccpa: {
    ...{ access: ccpa, erasure: ccpa, rectification: ccpa, objection: null },
    opt_out: {
      answerWithin: { count: 15, unit: 'business_days' },
      extension: null,
      source: '11 CCR §7026(f)',
    },
  },
}

/**
 * Whose law a request is made under where nobody says: of the regimes that claim the place, the one that answers soonest;
 * of all that know such a request where none of them does.
 */
export function regimeOfRequest(
  kind: RequestKind,
  claimed: readonly string[],
  receivedAtMs: number,
): RequestRegime {
  const known = requestRegimes.flatMap((regime) => {
    const clock = requestClocks[regime][kind]
    return clock === null ? [] : [{ regime, dueAtMs: endOfTerm(receivedAtMs, clock.answerWithin) }]
  })
  const here = known.filter(({ regime }) => claimed.includes(regime))
  const [soonest] = (here.length > 0 ? here : known).sort((one, other) => one.dueAtMs - other.dueAtMs)
  return soonest?.regime ?? 'gdpr'
}

const dayMs = 86_400_000

/**
 * The last millisecond, in UTC, of the day on which a term from the day of `fromMs` ends. That day itself is not
 * counted. Months end on the day of the same number, or on the month's last (Regulation 1182/71 Art. 3). Business days
 * are Monday to Friday: no holiday makes the term longer, so that it is never too long.
 */
export function endOfTerm(fromMs: number, { count, unit }: Term): number {
  const from = new Date(fromMs)
  const [year, month, day] = [from.getUTCFullYear(), from.getUTCMonth(), from.getUTCDate()]
  if (unit === 'months') {
    const lastOfMonth = new Date(Date.UTC(year, month + count + 1, 0)).getUTCDate()
    return endOfDay(Date.UTC(year, month + count, Math.min(day, lastOfMonth)))
  }
  let dayStartMs = Date.UTC(year, month, day)
  for (let left = count; left > 0; ) {
    dayStartMs += dayMs
    if (unit === 'days' || isBusinessDay(dayStartMs)) left -= 1
  }
  return endOfDay(dayStartMs)
}

const endOfDay = (dayStartMs: number) => dayStartMs + dayMs - 1

function isBusinessDay(atMs: number): boolean {
  const weekday = new Date(atMs).getUTCDay()
  return weekday !== 0 && weekday !== 6
}
