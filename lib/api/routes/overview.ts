import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import { formatRevision } from '../../domain/revision.ts'
import { withdrawDelayBoundsMs } from '../../domain/withdraw-delays.ts'
import type { ApiDeps } from '../deps.ts'
import { instantOf } from '../evidence/evidence-query.ts'
import { overviewSteps } from '../overview/overview-store.ts'
import { route } from '../route.ts'
import { instant, revision, text } from '../schemas/fields.ts'
import { isCurrent, settleMs } from './evidence.ts'

const dayMs = 86_400_000
const daysMax = 3_660

const count = z.int().min(0)
const said = {
  granted: count,
  refused: count.openapi({ description: 'No, when asked.' }),
  withdrawn: count.openapi({ description: 'A yes taken back.' }),
  objected: count.openapi({ description: 'Objections, opt-outs and browser signals.' }),
  expired: count,
}
type Said = Record<keyof typeof said, number>
const nothing = (): Said => ({ granted: 0, refused: 0, withdrawn: 0, objected: 0, expired: 0 })

/** What each act counts as. */
const countsAs: Readonly<Record<string, keyof Said>> = {
  ...{ granted: 'granted', denied: 'refused', withdrawn: 'withdrawn', expired: 'expired' },
  ...{ objected: 'objected', opted_out: 'objected', gpc_opted_out: 'objected' },
}

const share = z.number().min(0).max(1).nullable()
const coverageStates = z.object({
  granted: count.openapi({ description: 'A yes that ends in more than 90 days.' }),
  ends_within_90_days: count,
  ends_within_60_days: count,
  ends_within_30_days: count,
  superseded: count.openapi({ description: 'The purpose has changed materially since: to be asked anew.' }),
  run_out: count,
  void: count.openapi({ description: 'Struck, not provable, or given by someone who could not.' }),
  refused: count,
  open: count.openapi({ description: 'Nothing stands any more.' }),
})

/** GET /v1/overview/consents and …/coverage: how people answer, and where that leaves each purpose. Nobody is in it. */
export const overviewRoutes = ({ overview, evidence, decisions, clock }: ApiDeps) => {
  const shared = { method: 'get', access: { scope: 'audit:read' }, tag: 'Overview' } as const
  return [
    route({
      ...shared,
      path: '/v1/overview/consents',
      summary: 'What people said by day or week, and how long a yes stood before it was withdrawn',
      description:
        'By when it was recorded, in UTC; a step without anything is left out. A signal that names no purpose counts under the purpose "". Rates are of those who were asked: granted and refused.',
      query: z.object({
        from: instant.optional().openapi({ description: 'Its day is in; 30 days before `to` without it.' }),
        to: instant.optional().openapi({ description: 'Its day is in; today without it.' }),
        property: text(63).optional(),
        step: z.enum(overviewSteps).default('day'),
      }),
      response: z.object({
        from: z.iso.date(),
        to: z.iso.date(),
        step: z.enum(overviewSteps),
        series: z.array(
          z.object({
            purpose: z.string(),
            points: z.array(z.object({ at: z.iso.date(), ...said })),
            totals: z.object({ ...said, asked: count, granted_rate: share, refused_rate: share }),
          }),
        ),
        withdraw_delays: z.object({
          bounds_ms: z.array(z.int()).openapi({
            description: 'Each count is of those below its bound; the last, of those above all.',
          }),
          purposes: z.array(z.object({ purpose: z.string(), counts: z.array(count) })),
        }),
        is_current: isCurrent,
      }),
      handle: async ({ principal: { organisationId }, query }) => {
        const toMs = query.to === undefined ? clock() : instantOf(query.to, 'to')
        const fromMs = query.from === undefined ? toMs - 30 * dayMs : instantOf(query.from, 'from')
        if (fromMs > toMs || toMs - fromMs > daysMax * dayMs) {
          throw new AssentError('parameter_invalid', '/from: must lie before to, by ten years at most.', {
            pointer: '/from',
          })
        }
        const [from, to] = [dateOf(fromMs), dateOf(toMs)]
        const asked = { from, to, property: query.property ?? null, step: query.step }
        const isSettled = await evidence.settle(settleMs)
        const [rows, delays] = await Promise.all([
          overview.consents(organisationId, asked),
          overview.delays(organisationId, asked),
        ])
        return {
          body: {
            ...{ from, to, step: query.step, series: seriesOf(rows) },
            withdraw_delays: { bounds_ms: withdrawDelayBoundsMs, purposes: histogramsOf(delays) },
            is_current: isSettled,
          },
        }
      },
    }),
    route({
      ...shared,
      path: '/v1/overview/coverage',
      summary: 'Where each purpose stands for people by regime, and whom to ask anew',
      description:
        'Each subject counts once for a purpose: a refusal anywhere before a yes elsewhere. `regimes` are all that she was seen under. Whoever is in no state was never asked. Counted anew for each call.',
      response: z.object({
        coverage: z.array(
          z.object({
            purpose: z.string(),
            regimes: z.array(z.string()),
            subjects: count,
            never_asked: count,
            states: coverageStates,
          }),
        ),
        revision,
        as_of: z.iso.datetime(),
      }),
      handle: async ({ principal: { organisationId } }) => {
        const { counts, revision: at, nowMs } = await decisions.countCoverage(organisationId)
        return {
          body: {
            coverage: counts.map((each) => ({
              ...each,
              never_asked: each.subjects - Object.values(each.states).reduce((a, b) => a + b, 0),
            })),
            ...{ revision: formatRevision(at), as_of: new Date(nowMs).toISOString() },
          },
        }
      },
    }),
  ]
}

const dateOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10)

type Row = { readonly at: string; readonly purpose: string; readonly act: string; readonly count: number }

/** By purpose, each with its steps in order. */
function seriesOf(rows: readonly Row[]) {
  const byPurpose = new Map<string, Map<string, Said>>()
  for (const { at, purpose, act, count: many } of rows) {
    const points = byPurpose.get(purpose) ?? new Map<string, Said>()
    const point = points.get(at) ?? nothing()
    const as = countsAs[act]
    if (as !== undefined) point[as] += many
    byPurpose.set(purpose, points.set(at, point))
  }
  return [...byPurpose]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([purpose, points]) => {
      const totals = nothing()
      for (const point of points.values()) {
        for (const name of Object.keys(totals) as (keyof Said)[]) totals[name] += point[name]
      }
      const asked = totals.granted + totals.refused
      const rate = (of: number) => (asked === 0 ? null : of / asked)
      return {
        purpose,
        points: [...points].map(([at, point]) => ({ at, ...point })),
        totals: {
          ...{ ...totals, asked },
          ...{ granted_rate: rate(totals.granted), refused_rate: rate(totals.refused) },
        },
      }
    })
}

function histogramsOf(
  delays: readonly { readonly purpose: string; readonly bucket: number; readonly count: number }[],
) {
  const byPurpose = new Map<string, number[]>()
  for (const { purpose, bucket, count: many } of delays) {
    const counts = byPurpose.get(purpose) ?? new Array<number>(withdrawDelayBoundsMs.length + 1).fill(0)
    counts[bucket] = (counts[bucket] ?? 0) + many
    byPurpose.set(purpose, counts)
  }
  return [...byPurpose].map(([purpose, counts]) => ({ purpose, counts }))
}
