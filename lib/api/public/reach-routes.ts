import { z } from '@hono/zod-openapi'
import { createSubjectCodes, type Opened } from '../../auth/subject-codes.ts'
import type { createSubjectTokens, KnownBy } from '../../auth/subject-tokens.ts'
import { AssentError } from '../../domain/errors.ts'
import { type Identifier, makeIdentifier } from '../../domain/identifier.ts'
import { say } from '../../words/words.ts'
import type { ApiDeps } from '../deps.ts'
import { peerAddress } from '../peer-address.ts'
import { type Route, route } from '../route.ts'
import { text } from '../schemas/fields.ts'
import type { Callers } from './callers.ts'
import { controllerOf, viewOf } from './device-view.ts'
import type { Mailer } from './mailer.ts'
import { addressPrefix, RateLimit } from './rate-limit.ts'

const aMinute = 30
/** For one address, in the time a link is valid: who asks again in vain is told the same. */
const lettersMax = 3
const lettersWindowMs = 900_000

const params = z.object({ property: z.string().max(63) })
const code = z.object({ code: text(4_096) })
const tokenBody = z.object({ token: z.string(), expires_at: z.iso.datetime() })
const address = z.email('must be an e-mail address').max(254)

/**
 * Ways to one's own choices from where one's device is not known: handed over by the device itself, or by a link to a
 * mailbox. Each is a code that serves once, on a POST, for an hour's token bound to property and origin.
 */
export function reachRoutes(
  deps: ApiDeps,
  tokens: ReturnType<typeof createSubjectTokens>,
  { originOf, subjectOf, cors }: Callers,
): readonly Route[] {
  const { decisions, persons, clock, mailer, log } = deps
  const organisationId = deps.publicOrganisation
  const codes = createSubjectCodes({ key: deps.keys.subjectCode, used: deps.usedTokens, clock })
  const calls = new RateLimit(aMinute)
  const letters = new RateLimit(lettersMax, lettersWindowMs)

  async function tokenFor(opened: Opened, knownBy: KnownBy, property: string, origin: string) {
    const { subject, device } = opened
    const { token, expiresAtMs } = await tokens.signSubject({ subject, device, knownBy, property, origin })
    return { status: 201, body: { token, expires_at: new Date(expiresAtMs).toISOString() } }
  }

  /** What needs mail is not there without it. */
  function mailerOf(property: string): Mailer {
    viewOf(decisions, organisationId, property, { subject: null, place: undefined })
    if (mailer !== undefined) return mailer
    throw new AssentError('not_found', 'No mail is sent from here.')
  }

  /** To the address that is recorded, where one is: it, and no other way of writing it, is known to be hers. */
  async function sendLink(
    through: Mailer,
    asked: Identifier,
    { property, locale }: { readonly property: string; readonly locale: string },
  ): Promise<void> {
    const subjectId = decisions.subjectOf(organisationId, asked)
    if (subjectId === undefined || !letters.takes(`${property} ${subjectId}`, clock())) return
    const known = (await persons.identifiers(organisationId, subjectId)).find(
      ({ namespace, id }) => namespace === 'email' && id !== null,
    )
    if (known?.id == null) return
    const view = viewOf(decisions, organisationId, property, { subject: null, place: undefined })
    const subject = { namespace: 'email', id: known.id }
    const link = codes.give('mail', property, { subject, device: null })
    const controller = controllerOf(view, locale)
    await through.send({
      to: known.id,
      subject: say(locale, 'mailLinkSubject'),
      text: `${say(locale, 'mailLinkText', { controller })}\n\n${deps.publicUrl}/p/${property}#m=${link.code}\n`,
    })
  }

  const shared = { access: 'public', tag: 'People', params, headers: cors } as const

  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/public/{property}/reach',
      summary: 'By which ways people reach their choices here',
      response: z.object({ mail: z.boolean() }),
      handle: ({ params: { property } }) => {
        viewOf(decisions, organisationId, property, { subject: null, place: undefined })
        return { body: { mail: mailer !== undefined } }
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/hand-overs',
      summary: 'A code by which the preference page speaks for this device',
      description: 'Once, within two minutes: the page is linked to as `/p/{property}#t=<code>`.',
      body: z.looseObject({}),
      response: z.object({ code: z.string(), expires_at: z.iso.datetime() }),
      status: 201,
      handle: async ({ params: { property }, request }) => {
        const { subject, device } = await subjectOf(request, property)
        calls.count(`${property} ${subject.namespace}:${subject.id}`, clock())
        const given = codes.give('hand_over', property, { subject, device })
        return {
          status: 201,
          body: { code: given.code, expires_at: new Date(given.expiresAtMs).toISOString() },
        }
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/hand-overs/open',
      summary: 'Change such a code for a token',
      body: code,
      response: tokenBody,
      status: 201,
      handle: async ({ params: { property }, body, request }) => {
        const origin = originOf(request, property)
        calls.count(`${property} ${addressPrefix(peerAddress(request))}`, clock())
        return tokenFor(await codes.open(body.code, 'hand_over', property), 'hand_over', property, origin)
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/links',
      summary: 'Send a link to one’s own choices to a mailbox',
      description:
        'Answered alike, and at once, whether or not anything is recorded under the address. `not_found` where no mail is sent from here.',
      body: z.object({ email: address, locale: text(35).default('en') }),
      response: z.object({ asked: z.literal(true) }),
      handle: async ({ params: { property }, body, request }) => {
        originOf(request, property)
        const through = mailerOf(property)
        calls.count(`${property} ${addressPrefix(peerAddress(request))}`, clock())
        const asked = makeIdentifier('email', body.email)
        if (asked !== undefined) {
          // After the answer, so that the answer does not tell by its time.
          setImmediate(() => {
            sendLink(through, asked, { property, locale: body.locale }).catch((error: unknown) =>
              log.error(
                { err: { message: (error as Error).message.replace(/\S+@\S+/g, '…') } },
                'a letter was not sent',
              ),
            )
          })
        }
        return { body: { asked: true } }
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/links/read',
      summary: 'Whose choices a link opens; it stays as good as it was',
      body: code,
      response: z.object({ address: z.string(), expires_at: z.iso.datetime() }),
      handle: ({ params: { property }, body, request }) => {
        originOf(request, property)
        mailerOf(property)
        calls.count(`${property} ${addressPrefix(peerAddress(request))}`, clock())
        const { subject, expiresAtMs } = codes.read(body.code, 'mail', property)
        return { body: { address: subject.id, expires_at: new Date(expiresAtMs).toISOString() } }
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/links/open',
      summary: 'Change a link’s code for a token, once',
      body: code,
      response: tokenBody,
      status: 201,
      handle: async ({ params: { property }, body, request }) => {
        const origin = originOf(request, property)
        mailerOf(property)
        calls.count(`${property} ${addressPrefix(peerAddress(request))}`, clock())
        return tokenFor(await codes.open(body.code, 'mail', property), 'mail', property, origin)
      },
    }),
  ]
}
