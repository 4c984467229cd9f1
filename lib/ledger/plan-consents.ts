import { type AskedAt, confirmedMethod, stillWaits } from '../domain/confirmation.ts'
import { AssentError } from '../domain/errors.ts'
import type { GrantBody, RefusalAct, RefusalBody } from '../domain/events.ts'
import { findNotice, namedIn } from '../domain/find-notice.ts'
import { eventsForRefusal } from '../domain/plan-links.ts'
import type { Policy } from '../domain/policy.ts'
import type { SubjectState } from '../domain/state.ts'
import { countryOf, regimesFor } from '../domain/territories.ts'
import type { Draft } from './draft.ts'
import type { Choice, ConsentCommand, EventStatus, RecordedConsent, RecordedConsents } from './ledger.ts'

/** How far ahead of the writer's clock a yes may be dated. */
const clockSkewMs = 5_000

const refusalActs: Readonly<Record<Exclude<Choice['act'], 'grant'>, RefusalAct>> = {
  deny: 'denied',
  withdraw: 'withdrawn',
  object: 'objected',
  opt_out: 'opted_out',
}

/** Adds a call's choices to a draft, all or none. Throws as `Ledger.recordConsents` says. */
export function planConsents(
  draft: Draft,
  command: ConsentCommand,
): Omit<RecordedConsents, 'revision' | 'isReplay'> {
  const { organisationId } = command
  const policy = draft.policy(organisationId)
  if (policy === undefined) throw new AssentError('not_found', 'There is no such organisation.')
  checkPurposes(policy, command)
  const grants = command.choices.some(({ act }) => act === 'grant')
  if (grants) checkGrants(policy, command, draft.recordedAtMs)
  if (grants) checkConfirmed(policy, command)
  const seen = seenUnder(policy, command)

  const subjectId = draft.subjectFor(organisationId, command.subject)
  if (command.asked !== undefined) {
    checkWaits(draft.state(organisationId, subjectId), command.choices, command.asked)
  }
  const events: RecordedConsent[] = []
  for (const choice of command.choices) {
    if (choice.act === 'grant') {
      const { event, status } = draft.appendToSubject(organisationId, subjectId, {
        body: grantOf(command, choice, seen),
        occurredAtMs: command.occurredAtMs,
        evidence: command.evidence,
      })
      events.push(recorded(command, choice, event, status as EventStatus))
      continue
    }
    const body = refusalOf(policy, command, choice.act, choice.purpose, seen)
    const occurredAtMs = command.occurredAtMs ?? draft.recordedAtMs
    const state = draft.state(organisationId, subjectId)
    const planned =
      state === undefined ? [{ subjectId, body, occurredAtMs }] : eventsForRefusal(state, body, occurredAtMs)
    for (const [index, fact] of planned.entries()) {
      const { event, status } = draft.appendToSubject(organisationId, fact.subjectId, {
        body: fact.body,
        occurredAtMs: fact.occurredAtMs,
        evidence: index === 0 ? command.evidence : { method: 'link' },
      })
      if (index === 0) events.push(recorded(command, choice, event, status as EventStatus))
    }
  }
  return { subjectId, recordedAtMs: draft.recordedAtMs, events }
}

function recorded(
  command: ConsentCommand,
  { purpose }: Choice,
  event: { readonly id: RecordedConsent['id']; readonly seq: number },
  status: EventStatus,
): RecordedConsent {
  return { id: event.id, seq: event.seq, purpose, status, notice: command.notice }
}

function checkPurposes(policy: Policy, { choices }: ConsentCommand): void {
  for (const [index, { purpose }] of choices.entries()) {
    if (policy.purposes.has(purpose)) continue
    throw new AssentError('purpose_not_found', `There is no purpose ${JSON.stringify(purpose)}.`, {
      pointer: `/choices/${index}/purpose`,
    })
  }
}

/** What a yes must name rightly. A no needs none of it. */
function checkGrants(policy: Policy, command: ConsentCommand, nowMs: number): void {
  const { property, regime, notice, occurredAtMs } = command
  if (property !== null && !policy.properties.has(property)) {
    throw new AssentError('property_not_found', `There is no property ${JSON.stringify(property)}.`, {
      pointer: '/property',
    })
  }
  if (regime !== null && !policy.regimes.has(regime)) {
    throw new AssentError('regime_not_found', `There is no regime ${JSON.stringify(regime)}.`, {
      pointer: '/regime',
    })
  }
  if (occurredAtMs !== null && occurredAtMs > nowMs + clockSkewMs) {
    throw new AssentError('occurred_at_in_future', 'A yes cannot be dated in the future.', {
      pointer: '/occurred_at',
    })
  }
  if (notice === null) return
  const published = findNotice(policy, notice.key, notice.version)
  if (published === undefined || !Object.hasOwn(published.definition.texts, notice.locale)) {
    throw new AssentError(
      'notice_not_found',
      `There is no notice ${JSON.stringify(notice.key)} ${notice.version} in ${JSON.stringify(notice.locale)}.`,
      { pointer: '/notice' },
    )
  }
  const reach = published.definition.property
  if (reach !== null && property !== null && reach !== property) {
    throw new AssentError(
      'notice_does_not_reach_property',
      `The notice ${notice.key} ${notice.version} is about the property ${reach} only.`,
      { pointer: '/notice' },
    )
  }
  for (const [index, { purpose, act }] of command.choices.entries()) {
    if (act !== 'grant' || namedIn(published, purpose) !== undefined) continue
    throw new AssentError(
      'notice_does_not_name_purpose',
      `The notice ${notice.key} ${notice.version} does not name ${purpose}.`,
      { pointer: `/choices/${index}/purpose` },
    )
  }
}

/** A yes that must be confirmed is recorded as confirmed or not at all, whichever way it comes. */
function checkConfirmed(policy: Policy, { choices, evidence }: ConsentCommand): void {
  if (evidence.method === confirmedMethod) return
  for (const [index, { purpose, act }] of choices.entries()) {
    if (act !== 'grant' || policy.purposes.get(purpose)?.needsConfirmation !== true) continue
    throw new AssentError(
      'confirmation_required',
      `A yes to ${purpose} counts only once it was confirmed: with the method ${confirmedMethod}.`,
      { pointer: `/choices/${index}` },
    )
  }
}

/** What she said after she was asked counts more than what is confirmed now. */
function checkWaits(state: SubjectState | undefined, choices: readonly Choice[], asked: AskedAt): void {
  if (choices.every(({ purpose }) => stillWaits(state, purpose, asked))) return
  throw new AssentError('confirmation_void', 'What was to be confirmed counts no more.')
}

/** What an event says of where she was seen. */
type SeenUnder = {
  readonly regime: string | null
  readonly wider: { readonly widerRegimes?: readonly string[] }
}

/**
 * The regime that was named, else those that claim her place, the most specific first. One that nobody knows names
 * nothing: a yes was turned away for it before, and a no needs none.
 */
function seenUnder(policy: Policy, { regime, country, region = null }: ConsentCommand): SeenUnder {
  if (regime !== null && policy.regimes.has(regime)) return { regime, wider: nothingWider }
  if (country === null && region === null) return { regime: null, wider: nothingWider }
  const [nearest, ...around] = regimesFor(policy, { country, region }) ?? []
  const wider = around.length === 0 ? nothingWider : { widerRegimes: around.map(({ key }) => key) }
  return { regime: nearest?.key ?? null, wider }
}

const nothingWider = {}

/** Members in the order of canonical JSON, which every body is written in. */
function grantOf(command: ConsentCommand, choice: Choice, seen: SeenUnder): GrantBody {
  const { country, region = null } = command
  return {
    act: 'granted',
    actor: command.actor,
    country: countryOf({ country, region }),
    experience: command.experience ?? null,
    explicit: choice.explicit ?? false,
    importId: command.importId ?? null,
    imported: command.imported,
    method: command.evidence.method,
    namesGpcConflict: command.namesGpcConflict,
    notice: command.notice,
    property: command.property,
    purpose: choice.purpose,
    regime: seen.regime,
    ...(region === null ? {} : { region }),
    ...seen.wider,
    via: command.via ?? null,
  }
}

/** A no with a property or regime nobody knows still refuses: everywhere, under the regimes that are known. */
function refusalOf(
  policy: Policy,
  command: ConsentCommand,
  act: Exclude<Choice['act'], 'grant'>,
  purpose: string,
  seen: SeenUnder,
): RefusalBody {
  const { property, notice, evidence, actor } = command
  return {
    act: refusalActs[act],
    actor,
    ...(command.experience == null ? {} : { experience: command.experience }),
    method: evidence.method,
    notice,
    property: property !== null && policy.properties.has(property) ? property : null,
    purpose,
    regime: seen.regime,
    ...seen.wider,
  }
}
