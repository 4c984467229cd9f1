import type { IncomingMessage } from 'node:http'
import { z } from '@hono/zod-openapi'
import { hashOf } from '../../auth/hash-of.ts'
import type { createSubjectTokens } from '../../auth/subject-tokens.ts'
import { AssentError } from '../../domain/errors.ts'
import type { ApiDeps } from '../deps.ts'
import { peerAddress } from '../peer-address.ts'
import { type Route, route } from '../route.ts'
import { purpose, text } from '../schemas/fields.ts'
import type { Callers } from './callers.ts'
import type { Confirmations, OpenedConfirmation } from './confirmations.ts'
import { purposeBody, viewOf } from './device-view.ts'
import { addressPrefix, RateLimit } from './rate-limit.ts'
import type { UsedOnce } from './used-once.ts'

const asksAMinute = 10
const callsAMinute = 30
/** To one mailbox, in the time a link is valid. */
const lettersMax = 3
const lettersWindowMs = 86_400_000

const params = z.object({ property: z.string().max(63) })
const code = text(100)
const kind = z.enum(['confirm', 'guardian'])

/** A yes that counts only once whoever has a mailbox confirms it: asked for, read, and answered on a POST, once. */
export function confirmationRoutes(
  deps: ApiDeps,
  tokens: ReturnType<typeof createSubjectTokens>,
  { originOf, subjectOf, placeOf, cors }: Callers,
  { confirmations, chosen }: { readonly confirmations: Confirmations; readonly chosen: UsedOnce },
): readonly Route[] {
  const { decisions, clock, mailer } = deps
  const organisationId = deps.publicOrganisation
  const asks = new RateLimit(asksAMinute)
  const calls = new RateLimit(callsAMinute)
  const letters = new RateLimit(lettersMax, lettersWindowMs)

  const fromOf = (request: IncomingMessage) => ({
    user_agent: String(request.headers['user-agent'] ?? '').slice(0, 300),
    address_prefix: addressPrefix(peerAddress(request)),
  })

  /** From a page of this property; counted. */
  function countCall(request: IncomingMessage, property: string): void {
    originOf(request, property)
    calls.count(`${property} ${addressPrefix(peerAddress(request))}`, clock())
  }

  /** What is confirmed, in the words that were shown; not by whom, nor for whom. */
  function bodyOf({ pending, waiting, view, purposes }: OpenedConfirmation) {
    const { key, version, locale } = waiting.notice
    const published = view.policy.notices.get(key)?.[version - 1]?.definition.texts[locale]
    if (published === undefined)
      throw new AssentError('confirmation_void', 'What was shown is there no more.')
    const { title, body, withdrawal, rights, controller, contact } = published
    return {
      ...{ kind: pending.kind, locale, controller },
      purposes: purposes.map((each) => purposeBody(view, each, locale)),
      notice: { ...waiting.notice, title, body: [...body], withdrawal, rights, contact },
      expires_at: new Date(pending.expiresAtMs).toISOString(),
    }
  }

  const shared = { access: 'public', tag: 'People', method: 'post', params, headers: cors } as const

  return [
    route({
      ...shared,
      path: '/v1/public/{property}/confirmations',
      summary: 'Have a yes confirmed by mail: her own, or a parent’s or guardian’s',
      description:
        'For a question whose `step` is `confirm` or `guardian`, and its parts. A letter goes out; its link serves once, for 24 hours, on a POST. Until then nothing is recorded and the answer is no; a no said meanwhile ends it. Asked again for the same question, the newest letter counts. `not_found` where no mail is sent from here.',
      body: z.object({
        snapshot: text(4_096),
        purposes: z
          .array(purpose)
          .min(1)
          .max(100)
          .openapi({
            description: 'The question’s, then its parts.',
            example: ['analytics', 'analytics.web'],
          }),
        email: z.email('must be an e-mail address').max(254),
      }),
      response: z.object({ kind, waits_until: z.iso.datetime() }),
      status: 201,
      handle: async ({ params: { property }, body, request }) => {
        const { subject, origin, knownBy } = await subjectOf(request, property)
        asks.count(`${property} ${subject.namespace}:${subject.id}`, clock())
        countCall(request, property)
        if (mailer === undefined) throw new AssentError('not_found', 'No mail is sent from here.')
        const [root, ...parts] = body.purposes
        if (parts.some((part) => !part.startsWith(`${root}.`))) {
          throw new AssentError('body_invalid', 'The purposes after the first are its parts.', {
            pointer: '/purposes',
          })
        }
        const snapshot = await tokens.readSnapshot(body.snapshot, property)
        if (snapshot.origin !== origin)
          throw new AssentError('token_invalid', 'This snapshot is another site’s.')
        letters.count(`${property} ${Buffer.from(hashOf(body.email.toLowerCase())).toString('hex')}`, clock())
        return chosen.use(snapshot, async () => {
          const place = placeOf(request) ?? null
          const view = viewOf(decisions, organisationId, property, { subject, place: place ?? undefined })
          const { kind, expiresAtMs } = await confirmations.ask(view, mailer, {
            ...{ subject, knownBy, address: body.email, purposes: body.purposes, snapshot, place },
            from: fromOf(request),
          })
          return { status: 201, body: { kind, waits_until: new Date(expiresAtMs).toISOString() } }
        })
      },
    }),
    route({
      ...shared,
      path: '/v1/public/{property}/confirmations/read',
      summary: 'What a letter’s link confirms, in the words that were shown; it stays as good as it was',
      body: z.object({ code }),
      response: z.object({
        ...{ kind, locale: z.string(), controller: z.string(), expires_at: z.iso.datetime() },
        purposes: z.array(z.looseObject({ key: z.string(), name: z.string() })),
        notice: z.object({
          ...{ key: z.string(), version: z.int(), locale: z.string(), title: z.string() },
          ...{ body: z.array(z.string()), withdrawal: z.string(), rights: z.string(), contact: z.string() },
        }),
      }),
      handle: async ({ params: { property }, body, request }) => {
        countCall(request, property)
        return { body: bodyOf(await confirmations.find(body.code, property)) }
      },
    }),
    route({
      ...shared,
      path: '/v1/public/{property}/confirmations/answer',
      summary: 'Answer a letter, once',
      description:
        'A yes is recorded now, with the notice that was shown and the method `double_opt_in`; a guardian’s by the actor `guardian`. A guardian’s no is recorded; the no of any other mailbox only ends what waits.',
      body: z.object({ code, confirms: z.boolean() }),
      response: z.object({
        kind,
        outcome: z.enum(['confirmed', 'refused', 'without_effect']).openapi({
          description:
            'without_effect: it was recorded and allows nothing, since what it rests on has changed.',
        }),
      }),
      handle: async ({ params: { property }, body, request }) => {
        countCall(request, property)
        return {
          body: await confirmations.answer(body.code, property, body.confirms, fromOf(request)),
        }
      },
    }),
  ]
}
