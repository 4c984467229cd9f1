import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import { parseInstant } from '../../domain/parse-instant.ts'
import { permitReasons, type Reason } from '../../domain/reasons.ts'
import type { ApiDeps } from '../deps.ts'
import type { KeyListed } from '../key-store.ts'
import { route } from '../route.ts'
import { instant } from '../schemas/fields.ts'
import type { AskedInStep, AskedOfPurpose, FirstUse, Span } from '../service-store.ts'

const stepsMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const
const defaultSpanMs = 7 * stepsMs.day
/** More of them nobody reads, and a page does not draw. */
const stepsMax = 800
const spanMaxMs = 3 * 366 * stepsMs.day

const permits: ReadonlySet<Reason> = new Set(permitReasons)

const span = {
  from: instant.optional().openapi({ description: 'Seven days before `to` without it; to the minute.' }),
  to: instant.optional().openapi({ description: 'Now without it; the instant itself is left out.' }),
}

/** GET /v1/services and …/{key}/questions: what each key asked, from counts. Nobody's identifier is in either. */
export const questionRoutes = ({ services, keyStore, clock }: ApiDeps) => [
  route({
    method: 'get',
    path: '/v1/services',
    access: { scope: 'audit:read', or: 'keys:write' },
    tag: 'Services',
    summary: 'What each key asked over a time, and how much of it was denied',
    description:
      'Every key that was live in that time or asked then. Counts are there within a second or two of the end of their minute.',
    query: z.object(span),
    response: z.object({
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      services: z.array(
        z.object({
          key: z.string(),
          name: z.string(),
          legal_entity: z.string().nullable(),
          state: z.enum(['live', 'ended', 'revoked']),
          decisions: z.int(),
          denied: z.int(),
          last_asked_at: z.iso.datetime().nullable().openapi({ description: 'Ever, to the minute.' }),
          purposes: z.array(
            z.object({
              purpose: z.string(),
              decisions: z.int(),
              denied: z.int(),
              is_new: z.boolean().openapi({ description: 'Its first use was not seen by anyone yet.' }),
            }),
          ),
        }),
      ),
    }),
    handle: async ({ principal: { organisationId }, query }) => {
      const nowMs = clock()
      const over = spanOf(query, nowMs)
      const [keys, asked, lastAsked, unseen] = await Promise.all([
        keyStore.list(organisationId),
        services.asked(organisationId, over),
        services.lastAsked(organisationId),
        services.unseen(organisationId),
      ])
      const rows = keys
        .map((key) => toService(key, nowMs, asked, unseen, lastAsked.get(key.id)))
        .filter(({ state, decisions }) => state === 'live' || decisions > 0)
      return { body: { ...wireSpan(over), services: rows } }
    },
  }),
  route({
    method: 'get',
    path: '/v1/services/{key}/questions',
    access: { scope: 'audit:read', or: 'keys:write' },
    tag: 'Services',
    summary: 'One key’s decisions over time, by purpose and reason',
    description: `At most ${stepsMax} steps: a longer time takes a longer step. Steps are of UTC.`,
    params: z.object({ key: z.string().max(64) }),
    query: z.object({ ...span, step: z.enum(['minute', 'hour', 'day']).default('day') }),
    response: z.object({
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      step: z.enum(['minute', 'hour', 'day']),
      at: z.array(z.iso.datetime()).openapi({ description: 'When each step begins.' }),
      series: z.array(
        z.object({
          purpose: z.string(),
          reason: z.string(),
          allowed: z.boolean().openapi({ description: 'Whether the reason is a yes’s.' }),
          counts: z.array(z.int()).openapi({ description: 'One for each step.' }),
        }),
      ),
    }),
    handle: async ({ principal: { organisationId }, params, query }) => {
      const { step } = query
      const over = spanOf(query, clock())
      const at = stepsOf(over, stepsMs[step])
      if (at.length > stepsMax) {
        throw new AssentError(
          'parameter_invalid',
          `That is ${at.length} steps; ${stepsMax} is the most. Take a longer step.`,
        )
      }
      const isKnown = (await keyStore.list(organisationId)).some(({ id }) => id === params.key)
      if (!isKnown) throw new AssentError('not_found', 'There is no such key.')
      const asked = await services.questions(organisationId, params.key, { ...over, step })
      return {
        body: {
          ...{ ...wireSpan(over), step, at: at.map((ms) => new Date(ms).toISOString()) },
          series: seriesOf(asked, at),
        },
      }
    },
  }),
]

function toService(
  key: KeyListed,
  nowMs: number,
  asked: readonly AskedOfPurpose[],
  unseen: readonly FirstUse[],
  lastAskedMs: number | undefined,
) {
  const own = asked.filter((each) => each.key === key.id)
  const fresh = new Set(unseen.flatMap((each) => (each.key === key.id ? [each.purpose] : [])))
  const sum = (of: (each: AskedOfPurpose) => number) => own.reduce((total, each) => total + of(each), 0)
  const hasEnded = key.endsAtMs !== null && key.endsAtMs <= nowMs
  return {
    ...{ key: key.id, name: key.name, legal_entity: key.legalEntity },
    state: key.revokedAtMs !== null ? 'revoked' : hasEnded ? 'ended' : 'live',
    decisions: sum(({ decisions }) => decisions),
    denied: sum(({ denied }) => denied),
    last_asked_at: lastAskedMs === undefined ? null : new Date(lastAskedMs).toISOString(),
    purposes: own.map(({ purpose, decisions, denied }) => ({
      ...{ purpose, decisions, denied, is_new: fresh.has(purpose) },
    })),
  }
}

/** Whole minutes, `from` rounded down and `to` up: what is counted cannot be parted. Throws `parameter_invalid`. */
function spanOf(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): Span {
  const minuteMs = stepsMs.minute
  const toMs =
    Math.ceil((query.to === undefined ? nowMs + 1 : instantOf(query.to, 'to')) / minuteMs) * minuteMs
  const fromMs = query.from === undefined ? toMs - defaultSpanMs : instantOf(query.from, 'from')
  const over = { fromMs: Math.floor(fromMs / minuteMs) * minuteMs, toMs }
  if (over.fromMs >= toMs) throw new AssentError('parameter_invalid', 'The time ends before it begins.')
  if (toMs - over.fromMs > spanMaxMs)
    throw new AssentError('parameter_invalid', 'That is more than three years.')
  return over
}

function instantOf(given: string, name: string): number {
  const instantMs = parseInstant(given)
  if (instantMs !== undefined) return instantMs
  throw new AssentError('parameter_invalid', `The parameter ${name} is no instant with a zone.`)
}

const wireSpan = ({ fromMs, toMs }: Span) => ({
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
})

function stepsOf({ fromMs, toMs }: Span, stepMs: number): readonly number[] {
  const firstMs = Math.floor(fromMs / stepMs) * stepMs
  return Array.from({ length: Math.ceil((toMs - firstMs) / stepMs) }, (_, index) => firstMs + index * stepMs)
}

function seriesOf(asked: readonly AskedInStep[], at: readonly number[]) {
  const places = new Map(at.map((ms, index) => [ms, index]))
  const series = new Map<string, { purpose: string; reason: Reason; allowed: boolean; counts: number[] }>()
  for (const { stepMs, purpose, reason, count } of asked) {
    const name = `${purpose} ${reason}`
    const own = series.get(name) ?? { purpose, reason, allowed: permits.has(reason), counts: at.map(() => 0) }
    const place = places.get(stepMs)
    if (place !== undefined) own.counts[place] = count
    series.set(name, own)
  }
  return [...series.values()]
}
