import type { Decisions } from '../../decisions/decisions.ts'
import { combineRegimes, gpcRefuses, ruleFor } from '../../domain/combine-regimes.ts'
import type { Localised, NoticeText } from '../../domain/definitions.ts'
import { AssentError } from '../../domain/errors.ts'
import type { Identifier } from '../../domain/identifier.ts'
import type { OrganisationId, PropertyKey } from '../../domain/ids.ts'
import { parentOf } from '../../domain/ids.ts'
import type { CompiledNotice, CompiledPurpose, Policy } from '../../domain/policy.ts'
import type { SubjectState } from '../../domain/state.ts'

/** What is asked on a property, and where one device stands. */
export type DeviceView = {
  readonly policy: Policy
  readonly property: PropertyKey
  readonly notice: CompiledNotice
  /** Undefined for a device nobody knows. */
  readonly state: SubjectState | undefined
}

/** The notice in force on a property: its own before the organisation's, the newest first. */
export function viewOf(
  decisions: Pick<Decisions, 'policy' | 'subjectOf' | 'state'>,
  organisationId: OrganisationId,
  property: PropertyKey,
  device: Identifier | null,
): DeviceView {
  const policy = decisions.policy(organisationId)
  if (!policy?.properties.has(property)) throw new AssentError('not_found', 'There is no such property.')
  const inForce = [...policy.notices.values()]
    .flat()
    .filter(({ definition, untilMs, isInvalidated }) => {
      const reaches = definition.property === null || definition.property === property
      return reaches && untilMs === null && !isInvalidated
    })
    .sort(
      (a, b) =>
        Number(b.definition.property !== null) - Number(a.definition.property !== null) ||
        b.publishedSeq - a.publishedSeq,
    )
  const notice = inForce[0]
  if (notice === undefined) throw new AssentError('not_found', 'Nothing is asked on this property.')
  const subjectId = device === null ? undefined : decisions.subjectOf(organisationId, device)
  const state = subjectId === undefined ? undefined : decisions.state(organisationId, subjectId)
  return { policy, property, notice, state }
}

/** The purposes a notice names that are still in use, in its order. */
export function namedPurposes({ policy, notice }: DeviceView): readonly CompiledPurpose[] {
  return notice.definition.purposes.flatMap(({ purpose }) => {
    const compiled = policy.purposes.get(purpose)
    return compiled === undefined || compiled.isRetired ? [] : [compiled]
  })
}

export function ruleOf({ policy, state }: DeviceView, purpose: CompiledPurpose) {
  return ruleFor(combineRegimes(policy, state?.regimes ?? [], null), purpose.key, state?.age ?? null).rule
}

/** Whether there is something to answer: a yes to give or a no to say. */
export function isAsked(view: DeviceView, purpose: CompiledPurpose): boolean {
  return ['opt_in', 'opt_out'].includes(ruleOf(view, purpose))
}

/** What the browser's signal refuses among what is asked. */
export function honouredForGpc(view: DeviceView): readonly string[] {
  const combined = combineRegimes(view.policy, view.state?.regimes ?? [], null)
  return namedPurposes(view)
    .filter((purpose) => isAsked(view, purpose) && gpcRefuses(combined, purpose.key, purpose.saleOrSharing))
    .map(({ key }) => key)
}

/** One purpose as people read it, in one locale. */
export function purposeBody(view: DeviceView, purpose: CompiledPurpose, locale: string) {
  const definition = purpose.versions.at(-1)!
  const categories = view.policy.organisation.categories
  const nameOf = (key: string) => {
    const category = categories.find((each) => each.key === key)
    return category === undefined ? key : inLocale(category.name, locale)
  }
  return {
    key: purpose.key,
    name: inLocale(definition.name, locale),
    description: inLocale(definition.description, locale),
    ...(definition.necessity === undefined ? {} : { necessity: inLocale(definition.necessity, locale) }),
    parent: parentOf(purpose.key) ?? null,
    rule: ruleOf(view, purpose),
    categories: definition.categories.map(nameOf),
    recipients: definition.recipients,
    retention_days: definition.retentionDays,
    is_ai_training: purpose.key === 'ai_training' || purpose.key.startsWith('ai_training.'),
    is_asked: isAsked(view, purpose),
  }
}

/** The best of `available` for what the person reads: the tag itself, its language, English, the first. */
export function pickLocale(available: readonly string[], wanted: string): string {
  const language = wanted.toLowerCase().split('-')[0]
  return (
    available.find((tag) => tag.toLowerCase() === wanted.toLowerCase()) ??
    available.find((tag) => tag.toLowerCase().split('-')[0] === language) ??
    (available.includes('en') ? 'en' : available[0]!)
  )
}

export function textOf({ notice }: DeviceView, locale: string): NoticeText {
  return notice.definition.texts[locale]!
}

function inLocale(text: Localised, locale: string): string {
  return text[pickLocale(Object.keys(text), locale)] ?? ''
}
