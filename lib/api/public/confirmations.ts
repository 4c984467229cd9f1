import { createHmac, randomBytes } from 'node:crypto'
import { hashOf } from '../../auth/hash-of.ts'
import type { KnownBy, Snapshot } from '../../auth/subject-tokens.ts'
import { askedAt, confirmedMethod, stillWaits } from '../../domain/confirmation.ts'
import { AssentError } from '../../domain/errors.ts'
import type { Identifier } from '../../domain/identifier.ts'
import type { CompiledPurpose } from '../../domain/policy.ts'
import type { Place } from '../../domain/territories.ts'
import type { ConsentCommand } from '../../ledger/ledger.ts'
import { wordsFor } from '../../words/words.ts'
import type { ApiDeps } from '../deps.ts'
import { type DeviceView, namedPurposes, purposeName, viewOf } from './device-view.ts'
import type { Mailer } from './mailer.ts'
import type { Pending, PendingKind } from './pending-store.ts'
import { stepOf } from './steps.ts'

/** How long a letter's link serves. */
const validMs = 86_400_000
/** As long as an answer waits for the mail server to take a letter; after that it is told of in the log alone. */
const sendingMs = 5_000

/** What is sealed of a yes that waits. */
type Waiting = {
  readonly subject: Identifier
  readonly knownBy: KnownBy
  readonly address: string
  /** The question's purpose, and the parts that were named with it. */
  readonly purposes: readonly string[]
  readonly notice: Snapshot['notice']
  readonly experience: Snapshot['experience']
  readonly place: Place | null
  /** Where, and with what, she asked for it. */
  readonly from: { readonly user_agent: string; readonly address_prefix: string }
}

/** A yes that waits, opened, with how things stand for whom it is about. */
export type OpenedConfirmation = {
  readonly pending: Pending
  readonly waiting: Waiting
  readonly view: DeviceView
  readonly purposes: readonly CompiledPurpose[]
}

export type Outcome = 'confirmed' | 'refused' | 'without_effect'

export type Confirmations = ReturnType<typeof createConfirmations>

/**
 * Yeses that count only once whoever has a mailbox has confirmed them. What waits is no event: it is kept sealed for a day at
 * most, and any no that she says meanwhile, by whatever route, ends it; the ledger sees to that with the event itself.
 */
export function createConfirmations(
  deps: Pick<
    ApiDeps,
    | 'decisions'
    | 'ledger'
    | 'pending'
    | 'texts'
    | 'clock'
    | 'keys'
    | 'log'
    | 'publicOrganisation'
    | 'publicUrl'
  >,
) {
  const { decisions, ledger, pending: store, texts, clock, log, publicOrganisation: organisationId } = deps

  const digestOf = ({ namespace, id }: Identifier) =>
    createHmac('sha256', deps.keys.subjectCode).update(`pending\0${namespace}\0${id}`).digest()

  const openedOf = (pending: Pending) => texts.open(pending.sealed) as unknown as Waiting

  /** Undefined where it waits no more: she said no, or would have to be asked otherwise today. */
  function opened(pending: Pending): OpenedConfirmation | undefined {
    const waiting = openedOf(pending)
    const { property, asked, kind } = pending
    const policy = decisions.policy(organisationId)
    if (!policy?.properties.has(property)) return undefined
    const { subject, place } = waiting
    const view = viewOf(decisions, organisationId, property, { subject, place: place ?? undefined })
    const purposes = waiting.purposes.flatMap((key) => {
      const purpose = policy.purposes.get(key)
      return purpose === undefined || purpose.isRetired ? [] : [purpose]
    })
    const stands =
      purposes.length === waiting.purposes.length &&
      purposes.every((purpose) => isStep(kind, stepOf(view, purpose))) &&
      purposes.every(({ key }) => stillWaits(view.state, key, asked))
    return stands ? { pending, waiting, view, purposes } : undefined
  }

  /** Throws `token_invalid`, `confirmation_void`. */
  async function find(code: string, property: string): Promise<OpenedConfirmation> {
    const pending = await store.find(organisationId, property, hashOf(code), clock())
    if (pending === undefined) {
      throw new AssentError('token_invalid', 'This link was used, has run out, or is none for this property.')
    }
    const found = opened(pending)
    if (found !== undefined) return found
    await store.drop(organisationId, pending.codeSha256)
    throw new AssentError('confirmation_void', 'What was to be confirmed counts no more.')
  }

  async function send(
    through: Mailer,
    waiting: Waiting,
    kind: PendingKind,
    view: DeviceView,
    code: string,
  ): Promise<void> {
    const { locale } = waiting.notice
    const words = wordsFor(locale)
    const [root = ''] = waiting.purposes
    const values = {
      name: purposeName(view, root, locale),
      controller: view.notice.definition.texts[locale]?.controller ?? '',
      date: words.day(clock()),
    }
    const [subject, text] =
      kind === 'confirm'
        ? (['mailConfirmSubject', 'mailConfirmText'] as const)
        : (['mailGuardianSubject', 'mailGuardianText'] as const)
    const link = `${deps.publicUrl}/p/${view.property}?lang=${encodeURIComponent(locale)}#c=${code}`
    await through.send({
      to: waiting.address,
      subject: words.say(subject),
      text: `${words.say(text, values)}\n\n${link}\n`,
    })
  }

  return {
    /**
     * Keeps a yes until it is confirmed, and sends the letter. Throws `conflict` where it needs no letter, or more than one,
     * and `not_ready` where the mail server does not take it.
     */
    async ask(
      view: DeviceView,
      through: Mailer,
      said: Omit<Waiting, 'notice' | 'experience'> & { readonly snapshot: Snapshot },
    ): Promise<{ readonly kind: PendingKind; readonly expiresAtMs: number }> {
      const { snapshot, ...rest } = said
      const kind = kindOf(view, said.purposes)
      const code = randomBytes(32).toString('base64url')
      const waiting: Waiting = { ...rest, notice: snapshot.notice, experience: snapshot.experience }
      const nowMs = clock()
      const expiresAtMs = nowMs + validMs
      const codeSha256 = hashOf(code)
      await store.put(organisationId, {
        ...{ property: view.property, purpose: said.purposes[0]!, kind, codeSha256 },
        subjectDigest: digestOf(said.subject),
        sealed: texts.seal(waiting),
        asked: askedAt(decisions.revision().seq, view.state),
        ...{ askedAtMs: nowMs, expiresAtMs },
      })
      const sending = send(through, waiting, kind, view, code).then(
        () => true,
        async (error: unknown) => {
          await store.drop(organisationId, codeSha256).catch(() => undefined)
          const message = (error as Error).message.replace(/\S+@\S+/g, '…')
          log.error({ err: { message } }, 'a letter was not sent')
          return false
        },
      )
      let timer: NodeJS.Timeout | undefined
      const enough = new Promise<true>((resolve) => {
        timer = setTimeout(() => resolve(true), sendingMs)
      })
      const isSent = await Promise.race([sending, enough])
      clearTimeout(timer)
      if (!isSent) throw new AssentError('not_ready', 'The letter could not be sent; try again later.')
      return { kind, expiresAtMs }
    },

    /** What waits for her, by purpose; forgets what waits no more. */
    async waitingFor(
      property: string,
      subject: Identifier,
    ): Promise<ReadonlyMap<string, Pick<Pending, 'kind' | 'expiresAtMs'>>> {
      const found = new Map<string, Pick<Pending, 'kind' | 'expiresAtMs'>>()
      for (const pending of await store.list(organisationId, property, digestOf(subject), clock())) {
        const stands = opened(pending)
        if (stands === undefined) await store.drop(organisationId, pending.codeSha256)
        else for (const key of stands.waiting.purposes) found.set(key, pending)
      }
      return found
    },

    /** What a code answers; it stays as good as it was. Throws `token_invalid`, `confirmation_void`. */
    find,

    /** Answers it, once. Throws `token_invalid`, `confirmation_void`, and what the ledger throws. */
    async answer(
      code: string,
      property: string,
      confirms: boolean,
      from: Waiting['from'],
    ): Promise<{ readonly outcome: Outcome; readonly kind: PendingKind }> {
      const { pending, waiting } = await find(code, property)
      const { kind, asked, askedAtMs, codeSha256 } = pending
      const { subject, knownBy, address, purposes, notice, experience, place } = waiting
      const command: ConsentCommand = {
        ...{ organisationId, subject, property, notice, experience, regime: null },
        ...{ country: place?.country ?? null, region: place?.region ?? null },
        ...{ actor: kind === 'guardian' ? 'guardian' : 'subject', occurredAtMs: null, imported: false },
        namesGpcConflict: false,
        evidence: {
          method: confirmedMethod,
          ...{ known_by: knownBy, confirmed_by: kind === 'guardian' ? 'guardian_mail' : 'own_mail', address },
          ...{ asked_at: new Date(askedAtMs).toISOString(), asked_from: waiting.from, ...from },
        },
        choices: purposes.map((purpose) => ({ purpose, act: confirms ? 'grant' : 'deny' })),
        ...(confirms ? { asked } : {}),
      }
      let outcome: Outcome = 'refused'
      // Somebody else's mailbox says nothing about her: her own no is hers to say, a guardian's is recorded.
      if (confirms || kind === 'guardian') {
        const once = {
          principal: `confirmation:${property}`,
          key: Buffer.from(codeSha256).toString('hex'),
          request: hashOf(JSON.stringify(command.choices)),
        }
        const { events } = await ledger.recordConsents(command, once)
        if (confirms)
          outcome = events.every(({ status }) => status === 'granted') ? 'confirmed' : 'without_effect'
      }
      await store.drop(organisationId, codeSha256)
      return { outcome, kind }
    },
  }

  /** By whom all of it is to be confirmed; throws `conflict` where nobody can by mail. */
  function kindOf(view: DeviceView, keys: readonly string[]): PendingKind {
    const named = namedPurposes(view)
    const needed = keys.map((key) => {
      const purpose = named.find((each) => each.key === key)
      return purpose === undefined ? undefined : stepOf(view, purpose)
    })
    for (const kind of ['guardian', 'confirm'] as const) {
      if (needed.includes(kind) && needed.every((step) => step !== undefined && isStep(kind, step)))
        return kind
    }
    throw new AssentError('conflict', 'This is not what a letter could confirm.')
  }
}

/** Whether a confirmation of that kind is what a purpose needs, or more than it needs. */
function isStep(kind: PendingKind, step: ReturnType<typeof stepOf>): boolean {
  return step === kind || (kind === 'confirm' && step === null)
}
