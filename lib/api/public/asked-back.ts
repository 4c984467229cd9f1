import { randomInt } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import type { createSubjectTokens, Snapshot } from '../../auth/subject-tokens.ts'
import {
  askedBackOneIn,
  comparisonName,
  comparisonOf,
  type Understanding,
} from '../../domain/compare-layouts.ts'
import { say } from '../../words/words.ts'
import type { ApiDeps } from '../deps.ts'
import { peerAddress } from '../peer-address.ts'
import { type Route, route } from '../route.ts'
import { text } from '../schemas/fields.ts'
import type { Callers } from './callers.ts'
import { type DeviceView, purposeName } from './device-view.ts'
import { addressPrefix, RateLimit } from './rate-limit.ts'
import type { UsedOnce } from './used-once.ts'

const answersAMinute = 30

/** A question about what was just answered: as it is asked, and what is told after it, whatever was said. */
export const askedBackSchema = z
  .object({
    ticket: z.string(),
    purpose: z.string(),
    question: z.string(),
    no: z.string(),
    yes: z.string(),
    unsure: z.string(),
    told: z.string(),
  })
  .openapi('AskedBack')

/** One answer: the purpose, and whether it may be used now. */
type Answered = { readonly purpose: string; readonly isAllowed: boolean }

/**
 * Asks a few of those who answer in one of two layouts that are compared what they have just answered, and counts whether they
 * knew. Who is asked is drawn for each answer: nothing is remembered of anyone, and the ticket names nobody.
 */
export function createAskedBack(tokens: Pick<ReturnType<typeof createSubjectTokens>, 'signAskedBack'>) {
  /** The question about one of what she answered for the first time, looked at only where she is drawn; undefined for most. */
  return async function askBack(
    view: DeviceView,
    { experience, notice: { locale } }: Pick<Snapshot, 'experience' | 'notice'>,
    firstAnswers: () => readonly Answered[],
  ): Promise<z.output<typeof askedBackSchema> | undefined> {
    const compared = comparisonOf(view.policy, view.experience)
    if (compared === undefined || experience === null) return undefined
    const { key, version } = experience
    const isOneOfThem = Object.values(compared).some((each) => {
      return each.definition.key === key && each.version === version
    })
    const oneIn = compared.own.definition.askedBackOneIn ?? askedBackOneIn
    if (!isOneOfThem || oneIn === 0 || randomInt(oneIn) !== 0) return undefined
    const answered = firstAnswers()
    if (answered.length === 0) return undefined
    const { purpose, isAllowed } = answered[randomInt(answered.length)]!
    const { property } = view
    const comparison = comparisonName(compared)
    const name = purposeName(view, purpose, locale)
    return {
      ticket: await tokens.signAskedBack({ property, comparison, experience, purpose, isAllowed }),
      purpose,
      question: say(locale, 'askedBack', { name }),
      ...{ no: say(locale, 'no'), yes: say(locale, 'yes'), unsure: say(locale, 'notSure') },
      told: say(locale, isAllowed ? 'historyGranted' : 'historyRefused', { name }),
    }
  }
}

/** What whoever was asked back says. It comes without a token: it is counted, and belongs to nobody. */
export function askedBackRoutes(
  { comparisons, publicOrganisation, clock }: Pick<ApiDeps, 'comparisons' | 'publicOrganisation' | 'clock'>,
  tokens: Pick<ReturnType<typeof createSubjectTokens>, 'readAskedBack'>,
  { cors, originOf }: Pick<Callers, 'cors' | 'originOf'>,
  asked: UsedOnce,
): readonly Route[] {
  const answers = new RateLimit(answersAMinute)
  return [
    route({
      access: 'public',
      tag: 'People',
      method: 'post',
      path: '/v1/public/{property}/understanding',
      summary: 'Say what one believes to have answered',
      description:
        'Of a few people who answered in one of two layouts that are compared: `asked_back` of the answer to their choice holds the question and a ticket, which serves once, for an hour. Send no token with it. Counted by layout are right, wrong and unsure; nothing else is kept.',
      params: z.object({ property: z.string().max(63) }),
      headers: cors,
      body: z.strictObject({ ticket: text(4_096), said: z.enum(['no', 'yes', 'unsure']) }),
      response: z.object({}),
      status: 201,
      handle: async ({ params: { property }, body, request }) => {
        originOf(request, property)
        answers.count(`${property} ${addressPrefix(peerAddress(request))}`, clock())
        const ticket = await tokens.readAskedBack(body.ticket, property)
        const { comparison, experience, isAllowed } = ticket
        return asked.use(ticket, async () => {
          const outcome: Understanding =
            body.said === 'unsure' ? 'unsure' : (body.said === 'yes') === isAllowed ? 'right' : 'wrong'
          await comparisons.heard(publicOrganisation, {
            ...{ comparison, experience: experience.key, version: experience.version, outcome },
          })
          return { status: 201, body: {} }
        })
      },
    }),
  ]
}
