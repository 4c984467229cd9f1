import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { z } from '@hono/zod-openapi'
import type { createSubjectTokens, SubjectToken } from '../../auth/subject-tokens.ts'
import type { Question } from '../../decisions/decisions.ts'
import { because } from '../../domain/because.ts'
import type { Decision } from '../../domain/decision.ts'
import { AssentError } from '../../domain/errors.ts'
import type { Identifier } from '../../domain/identifier.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { SubjectState } from '../../domain/state.ts'
import type { Choice } from '../../ledger/ledger.ts'
import type { ApiDeps } from '../deps.ts'
import { peerAddress } from '../peer-address.ts'
import { type Route, route } from '../route.ts'
import { purpose, text } from '../schemas/fields.ts'
import { askedBackSchema, type createAskedBack } from './asked-back.ts'
import { type Callers, sendsGpc } from './callers.ts'
import type { Confirmations } from './confirmations.ts'
import { type DeviceView, isAsked, namedPurposes, ruleOf, viewOf } from './device-view.ts'
import { addressPrefix, RateLimit } from './rate-limit.ts'
import { asksAge, stepOf, steps } from './steps.ts'
import type { UsedOnce } from './used-once.ts'

const writesAMinute = 60
const refusals: ReadonlySet<string> = new Set([
  'consent_denied',
  'consent_withdrawn',
  'objected',
  'opted_out',
  'gpc_opt_out',
  'child_refused',
])

const params = z.object({ property: z.string().max(63) })
const stateSchema = z.object({
  purposes: z.array(
    z.object({
      key: z.string(),
      state: z.enum(['granted', 'refused', 'never_asked', 'always_on']),
      since: z.iso.datetime().nullable(),
      step: z.enum(steps).nullable().openapi({ description: 'What must come before a yes counts.' }),
      waits_until: z.iso
        .datetime()
        .nullable()
        .openapi({ description: 'A yes waits until then to be confirmed by mail, and counts as no.' }),
    }),
  ),
  age: z.int().nullable().openapi({ description: 'As she said where it is asked; else null.' }),
  gpc_conflicts: z.array(z.string()),
  revision: z.string(),
})

/** What a device, or the user on it, says on one property, and where she stands. */
export function choiceRoutes(
  deps: ApiDeps,
  tokens: ReturnType<typeof createSubjectTokens>,
  { cors, subjectOf, placeOf }: Callers,
  {
    chosen,
    confirmations,
    askBack,
  }: {
    readonly chosen: UsedOnce
    readonly confirmations: Confirmations
    readonly askBack: ReturnType<typeof createAskedBack>
  },
): readonly Route[] {
  const { decisions, ledger, clock } = deps
  const organisationId = deps.publicOrganisation
  const writes = new RateLimit(writesAMinute)

  const viewFor = (request: IncomingMessage, property: string, subject: Identifier) =>
    viewOf(decisions, organisationId, property, { subject, place: placeOf(request) })

  /** What holds under every regime of the view: the first no, if any. */
  function decide({ property, regimes }: DeviceView, subject: Identifier, key: string): Decision {
    const own = ask(property, subject, key, null)
    if (!own.allowed) return own
    return regimes.map((regime) => ask(property, subject, key, regime)).find(({ allowed }) => !allowed) ?? own
  }

  function ask(property: string, subject: Identifier, key: string, regime: string | null): Decision {
    const question: Question = {
      subjects: [subject],
      purpose: key,
      collectedAtMs: clock(),
      demandsCollectedAt: false,
      property,
      categories: null,
      recipient: null,
      regime,
      sourcePurpose: null,
    }
    const { decision, nowMs } = decisions.evaluate(organisationId, question)
    // A clock that was put back may lie before what was just recorded: this moment is then the log's latest.
    return nowMs > (question.collectedAtMs ?? nowMs)
      ? decisions.evaluate(organisationId, { ...question, collectedAtMs: nowMs }).decision
      : decision
  }

  /** Asked purposes with a yes that her browser's signal overrules. */
  function conflictsOf(view: DeviceView, subject: Identifier): readonly string[] {
    const granted = new Set(view.state?.rows.flatMap((row) => (row.grant === null ? [] : [row.purpose])))
    // A yes that needs a step more cannot be given where the conflict is asked about.
    return namedPurposes(view)
      .filter((each) => granted.has(each.key) && stepOf(view, each) === null)
      .map(({ key }) => key)
      .filter((key) => decide(view, subject, key).reason === 'gpc_opt_out')
  }

  /** What a subject allows, or would be taken to. */
  function heldBy(view: DeviceView, subject: Identifier): ReadonlySet<string> {
    const held = new Set(view.state?.rows.flatMap((row) => (row.grant === null ? [] : [row.purpose])))
    for (const each of namedPurposes(view)) {
      if (isAsked(view, each) && decide(view, subject, each.key).allowed) held.add(each.key)
    }
    return held
  }

  /** What she holds, and what only waits to be confirmed: it ends with a no, so that no confirmation comes after it. */
  async function toTakeBack(request: IncomingMessage, property: string, subject: Identifier) {
    const view = viewFor(request, property, subject)
    return new Set([...heldBy(view, subject), ...(await waitingIn(view, subject)).keys()])
  }

  /** What waits to be confirmed; nothing is looked up where nothing could. */
  async function waitingIn(view: DeviceView, subject: Identifier) {
    const mayWait = namedPurposes(view).some((each) => stepOf(view, each) !== null)
    return mayWait ? confirmations.waitingFor(view.property, subject) : new Map<string, never>()
  }

  async function stateBody(view: DeviceView, subject: Identifier): Promise<z.output<typeof stateSchema>> {
    const waiting = await waitingIn(view, subject)
    return {
      purposes: namedPurposes(view).map((each) => {
        if (!isAsked(view, each)) {
          const state = ruleOf(view, each) === 'prohibited' ? 'refused' : 'always_on'
          return { key: each.key, state, since: null, step: null, waits_until: null } as const
        }
        const { allowed, reason, basis } = decide(view, subject, each.key)
        const state = allowed ? 'granted' : refusals.has(reason) ? 'refused' : 'never_asked'
        const since =
          state === 'never_asked' || basis.atMs === null ? null : new Date(basis.atMs).toISOString()
        const untilMs = waiting.get(each.key)?.expiresAtMs
        const waits_until = untilMs === undefined ? null : new Date(untilMs).toISOString()
        return { key: each.key, state, since, step: stepOf(view, each), waits_until } as const
      }),
      age: asksAge(view) ? yearsIn(view.state?.age ?? null) : null,
      gpc_conflicts: [...conflictsOf(view, subject)],
      revision: formatRevision(decisions.revision()),
    }
  }

  async function record(
    view: DeviceView,
    { subject, knownBy }: Pick<SubjectToken, 'subject' | 'knownBy'>,
    said: {
      readonly choices: readonly Choice[]
      readonly notice: { key: string; version: number; locale: string } | null
      readonly experience?: { readonly key: string; readonly version: number } | null
      readonly method: string
      readonly request: IncomingMessage
      readonly once: string | null
      /** She was asked in words about the conflict with her browser's signal. */
      readonly namesGpcConflict?: boolean
    },
  ) {
    writes.count(`${view.property} ${subject.namespace}:${subject.id}`, clock())
    const evidence = {
      ...{ method: said.method, known_by: knownBy },
      user_agent: String(said.request.headers['user-agent'] ?? '').slice(0, 300),
      address_prefix: addressPrefix(peerAddress(said.request)),
      sec_gpc: sendsGpc(said.request),
    }
    const place = placeOf(said.request)
    const request = createHash('sha256').update(JSON.stringify(said.choices)).digest()
    await ledger.recordConsents(
      {
        organisationId,
        subject,
        property: view.property,
        notice: said.notice,
        regime: null,
        country: place?.country ?? null,
        region: place?.region ?? null,
        actor: 'subject',
        occurredAtMs: null,
        imported: false,
        namesGpcConflict: said.namesGpcConflict ?? false,
        experience: said.experience ?? null,
        evidence,
        choices: said.choices,
      },
      said.once === null ? null : { principal: `device:${view.property}`, key: said.once, request },
    )
  }

  const shared = { access: 'public', tag: 'People', params, headers: cors } as const

  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/public/{property}/consents',
      summary: 'Where each purpose stands for whom the token speaks',
      response: stateSchema.extend({
        is_token_ending: z
          .boolean()
          .openapi({ description: 'A device’s token that should be changed at `POST …/tokens/renewals`.' }),
      }),
      handle: async ({ params: { property }, request }) => {
        const { subject, isEnding } = await subjectOf(request, property)
        const state = await stateBody(viewFor(request, property, subject), subject)
        return { body: { ...state, is_token_ending: isEnding } }
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/consents',
      summary: 'Record what was said on a page',
      body: z.object({
        snapshot: text(4_096),
        choices: z
          .array(z.object({ purpose, act: z.enum(['grant', 'deny', 'withdraw']) }))
          .min(1)
          .max(100),
        names_gpc_conflict: z
          .boolean()
          .optional()
          .describe('She was told in words that her browser’s signal says no, and says yes all the same.'),
      }),
      response: stateSchema.extend({
        not_recorded: z
          .array(z.object({ purpose: z.string(), step: z.enum(steps) }))
          .openapi({ description: 'A yes that needs a step more is not recorded: it still counts as no.' }),
        asked_back: askedBackSchema.optional().openapi({
          description: 'She may be asked what she has just answered: see `POST …/understanding`.',
        }),
      }),
      status: 201,
      handle: async ({ params: { property }, body, request }) => {
        const { subject, origin, knownBy } = await subjectOf(request, property)
        const snapshot = await tokens.readSnapshot(body.snapshot, property)
        if (snapshot.origin !== origin)
          throw new AssentError('token_invalid', 'This snapshot is another site’s.')
        return chosen.use(snapshot, async () => {
          const view = viewFor(request, property, subject)
          const notRecorded = body.choices.flatMap(({ purpose, act }) => {
            const asked = view.policy.purposes.get(purpose)
            const step = act !== 'grant' || asked === undefined ? null : stepOf(view, asked)
            return step === null ? [] : [{ purpose, step }]
          })
          const choices = body.choices.filter(
            (choice) => !notRecorded.some(({ purpose }) => purpose === choice.purpose),
          )
          if (choices.length > 0) {
            await record(
              view,
              { subject, knownBy },
              {
                choices,
                notice: snapshot.notice,
                experience: snapshot.experience,
                method: 'banner',
                request,
                once: snapshot.jti,
                namesGpcConflict: body.names_gpc_conflict ?? false,
              },
            )
          }
          const after = viewFor(request, property, subject)
          // What she said before, about the same, she may still have in mind. What does not hold is not asked about.
          const firstAnswers = () => {
            const known = new Set(view.state?.rows.map((row) => row.purpose))
            return choices.flatMap(({ purpose, act }) => {
              const isAllowed = decide(after, subject, purpose).allowed
              return known.has(purpose) || isAllowed !== (act === 'grant') ? [] : [{ purpose, isAllowed }]
            })
          }
          const asked_back = await askBack(view, snapshot, firstAnswers)
          return {
            status: 201,
            body: {
              ...(await stateBody(after, subject)),
              not_recorded: notRecorded,
              ...(asked_back === undefined ? {} : { asked_back }),
            },
          }
        })
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/withdraw-all',
      summary: 'Take back everything, in one call',
      description: 'A device’s token serves for this even once it has run out.',
      body: z.looseObject({}),
      response: stateSchema,
      handle: async ({ params: { property }, request }) => {
        const { subject, device, knownBy } = await subjectOf(request, property, { isRefusal: true })
        // Who says so on a device means it too, whoever is signed in.
        const used = device === null ? [] : [{ namespace: 'device', id: device }]
        const whose = subject.namespace === 'device' ? [subject] : [subject, ...used]
        const all = new Set<string>()
        for (const each of whose) for (const key of await toTakeBack(request, property, each)) all.add(key)
        for (const each of whose) {
          const view = viewFor(request, property, each)
          // What the user takes back is taken back on a device that she is linked with.
          const held = each === subject ? all : await toTakeBack(request, property, each)
          if (held.size === 0) continue
          const choices = [...held].sort().map((key) => ({ purpose: key, act: 'withdraw' as const }))
          const said = { choices, notice: null, method: 'withdraw-all', request, once: null }
          await record(view, { subject: each, knownBy }, said)
        }
        return { body: await stateBody(viewFor(request, property, subject), subject) }
      },
    }),
    route({
      ...shared,
      method: 'post',
      path: '/v1/public/{property}/check',
      summary: 'What a pipeline would be told about whom the token speaks for, now',
      body: z.object({ purpose }),
      response: z.object({ allowed: z.boolean(), reason: z.string(), because: z.string() }),
      handle: async ({ params: { property }, body, request }) => {
        const { subject } = await subjectOf(request, property)
        const decision = ask(property, subject, body.purpose, null)
        return {
          body: { allowed: decision.allowed, reason: decision.reason, because: because(decision) },
        }
      },
    }),
  ]
}

/** A number of years, where it is one: a band of several is not what she said here. */
function yearsIn(age: SubjectState['age']): number | null {
  return age !== null && age.below === (age.atLeast ?? Number.NaN) + 1 ? age.atLeast : null
}
