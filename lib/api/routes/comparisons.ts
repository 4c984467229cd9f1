import { z } from '@hono/zod-openapi'
import {
  answersMin,
  type Counted,
  comparisonName,
  comparisonOf,
  differenceOf,
  notRight,
  rightIn,
  shareOf,
  type Understood,
  understandings,
  verdictOf,
  verdictOver,
  windowsHours,
} from '../../domain/compare-layouts.ts'
import { AssentError } from '../../domain/errors.ts'
import type { CompiledExperience } from '../../domain/policy.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'

const share = z.object({ share: z.number(), low: z.number(), high: z.number() })
const counted = share.extend({ answers: z.int(), changed: z.int() }).nullable()
const understood = share
  .extend({ answers: z.int(), right: z.int(), wrong: z.int(), unsure: z.int() })
  .nullable()
const verdict = z.enum(['too_few', 'no_difference', 'own', 'other'])
const version = z.object({ key: z.string(), version: z.int(), layout: z.string() })
const shown = ({ definition: { key, layout }, version }: CompiledExperience) => ({ key, version, layout })
const nothingTold = { own: null, other: null, difference: null, verdict: 'too_few' } as const
const inFull = (of: Counted) => ({ ...of, ...shareOf(of) })
const understoodInFull = (of: Understood) => ({ answers: notRight(of).answers, ...of, ...rightIn(of) })

function compareUnderstood(own: Understood, other: Understood) {
  const [a, b] = [notRight(own), notRight(other)]
  const verdict = verdictOf(a, b)
  if (verdict === 'too_few') return nothingTold
  // How many more were right is how many fewer were not.
  const difference = differenceOf(b, a)
  return { own: understoodInFull(own), other: understoodInFull(other), difference, verdict }
}

/**
 * GET /v1/experiences/{key}/{version}/comparison: how many people knew what they had just answered, and how many changed their
 * minds later, by the layout they answered in. How many said yes is told of no layout, nor can it be worked out from what is.
 */
export const comparisonRoutes = ({
  releases,
  comparisons,
  clock,
}: Pick<ApiDeps, 'releases' | 'comparisons' | 'clock'>) => [
  route({
    method: 'get',
    path: '/v1/experiences/{key}/{version}/comparison',
    access: { scope: 'audit:read' },
    tag: 'Configuration',
    summary: 'Two layouts compared by how many people knew what they answered, and changed their minds later',
    description: `Of a version that names another experience (\`comparedTo\`). Each person counts once, by the layout she first answered in, whether she said yes or no; \`changed\` are those who later said the opposite. \`understanding\` is of those few who were asked what they had just answered, \`right\` where they knew. Nothing is told of fewer than ${answersMin} people in either. How many said yes is no part of it: a layout is not better because it gets more.`,
    params: z.object({
      key: z.string().max(63).openapi({ example: 'main' }),
      version: z.coerce.number().int().min(1).max(1_000_000).openapi({ example: 1 }),
    }),
    response: z
      .object({
        own: version,
        other: version.nullable().openapi({ description: 'Null: it is compared to none.' }),
        since: z.iso.datetime().nullable(),
        minimum: z.int().openapi({ description: 'People in each layout, before anything is told.' }),
        windows: z.array(
          z.object({
            hours: z.int(),
            own: counted,
            other: counted,
            difference: share.nullable().openapi({ description: 'Own less other, with its 95 % interval.' }),
            verdict: verdict.openapi({
              description:
                'In which layout fewer people changed their minds; at 99 %, as it is looked at often.',
            }),
          }),
        ),
        verdict: verdict.openapi({ description: 'Of the longest time with people enough.' }),
        understanding: z.object({
          own: understood.openapi({ description: 'The share is of those who were right.' }),
          other: understood,
          difference: share.nullable().openapi({ description: 'Own less other, with its 95 % interval.' }),
          verdict: verdict.openapi({ description: 'In which layout more people were right; at 99 %.' }),
        }),
      })
      .openapi('LayoutComparison'),
    handle: async ({ principal: { organisationId }, params }) => {
      const policy = releases.policyOf(organisationId)
      const own = policy.experiences.get(params.key)?.[params.version - 1]
      if (own === undefined) throw new AssentError('not_found', 'There is no such version of an experience.')
      const compared = comparisonOf(policy, own)
      const begun = { own: shown(own), minimum: answersMin }
      if (compared === undefined) {
        const understanding = nothingTold
        return {
          body: { ...begun, other: null, since: null, windows: [], verdict: 'too_few', understanding },
        }
      }
      const { other } = compared
      const versions = [own, other].map(({ definition: { key }, version }) => ({ key, version }))
      const counts = await comparisons.count(organisationId, {
        versions,
        // Both are shown in turn since the later of the two was published.
        afterSeq: Math.max(own.publishedSeq, other.publishedSeq),
        ...{ hours: windowsHours, nowMs: clock() },
      })
      const of = ({ definition: { key }, version }: CompiledExperience, hours: number): Counted => {
        const found = counts.find(
          (each) => each.experience === key && each.version === version && each.hours === hours,
        )
        return { answers: found?.answers ?? 0, changed: found?.changed ?? 0 }
      }
      const windows = windowsHours.map((hours) => {
        const [a, b] = [of(own, hours), of(other, hours)]
        const verdict = verdictOf(a, b)
        return verdict === 'too_few'
          ? { hours, ...nothingTold }
          : { hours, own: inFull(a), other: inFull(b), difference: differenceOf(a, b), verdict }
      })
      const heard = await comparisons.heardIn(organisationId, comparisonName(compared))
      const heardOf = ({ definition: { key }, version }: CompiledExperience) => {
        const own = heard.filter((each) => each.experience === key && each.version === version)
        const answersOf = (outcome: string) => own.find((each) => each.outcome === outcome)?.answers ?? 0
        return Object.fromEntries(understandings.map((each) => [each, answersOf(each)])) as Understood
      }
      const understanding = compareUnderstood(heardOf(own), heardOf(other))
      const since = Math.max(own.publishedAtMs, other.publishedAtMs)
      return {
        body: {
          ...{ ...begun, other: shown(other), since: new Date(since).toISOString() },
          ...{ windows, verdict: verdictOver(windows), understanding },
        },
      }
    },
  }),
]
