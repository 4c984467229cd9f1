import type { Decisions } from '../../decisions/decisions.ts'
import { isAiTraining } from '../../domain/ai-training.ts'
import { combineRegimes, gpcRefuses, ruleFor } from '../../domain/combine-regimes.ts'
import type { Localised, NoticeText } from '../../domain/definitions.ts'
import { AssentError } from '../../domain/errors.ts'
import type { Identifier } from '../../domain/identifier.ts'
import type { OrganisationId, PropertyKey } from '../../domain/ids.ts'
import { parentOf } from '../../domain/ids.ts'
import type { CompiledExperience, CompiledNotice, CompiledPurpose, Policy } from '../../domain/policy.ts'
import { experienceName } from '../../domain/recall.ts'
import type { SubjectState } from '../../domain/state.ts'
import { countryOf, type Place, regimesFor } from '../../domain/territories.ts'
import { nearest } from '../../words/negotiate.ts'
import { say } from '../../words/words.ts'

/** What is asked on a property, and where one device, or the user on it, stands. */
export type DeviceView = {
  readonly policy: Policy
  readonly property: PropertyKey
  readonly notice: CompiledNotice
  /** What is published for the property; null where it asks as Assent does by itself. */
  readonly experience: CompiledExperience | null
  /** Undefined for whom nobody knows. */
  readonly state: SubjectState | undefined
  /** Besides the organisation's own: those she was seen under, and those of where she is. */
  readonly regimes: readonly string[]
  /** Where she is; null where nobody knows. */
  readonly country: string | null
}

/**
 * What holds on a property for whoever asks from `place`; undefined where nobody knows the place: then every regime there
 * is holds, so the strictest.
 */
export function viewOf(
  decisions: Pick<Decisions, 'policy' | 'subjectOf' | 'state'>,
  organisationId: OrganisationId,
  property: PropertyKey,
  { subject, place }: { readonly subject: Identifier | null; readonly place: Place | undefined },
): DeviceView {
  const policy = decisions.policy(organisationId)
  if (!policy?.properties.has(property)) throw new AssentError('not_found', 'There is no such property.')
  const experience = experienceOf(policy, property)
  const notice = noticeOf(policy, property, experience)
  if (notice === undefined) throw new AssentError('not_found', 'Nothing is asked on this property.')
  const subjectId = subject === null ? undefined : decisions.subjectOf(organisationId, subject)
  const state = subjectId === undefined ? undefined : decisions.state(organisationId, subjectId)
  const here =
    place === undefined ? [...policy.regimes.keys()] : (regimesFor(policy, place) ?? []).map(({ key }) => key)
  const regimes = [...new Set([...(state?.regimes ?? []), ...here])].sort()
  const country = place === undefined ? null : countryOf(place)
  return { policy, property, notice, experience, state, regimes, country }
}

/** The newest experience published for a property, unless it was recalled. */
function experienceOf(policy: Policy, property: PropertyKey): CompiledExperience | null {
  const published = [...policy.experiences.values()]
    .flatMap((versions) => versions.at(-1) ?? [])
    .filter(({ definition }) => definition.property === property)
    .sort((a, b) => b.publishedSeq - a.publishedSeq)[0]
  if (published === undefined) return null
  const { definition, version } = published
  return policy.recalls.experiences.has(experienceName({ key: definition.key, version })) ? null : published
}

/** The notice an experience shows, else the one in force: the property's own before the organisation's, newest first. */
function noticeOf(
  policy: Policy,
  property: PropertyKey,
  experience: CompiledExperience | null,
): CompiledNotice | undefined {
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
  const named = experience?.definition.notices[0]
  return inForce.find(({ definition }) => definition.key === named) ?? inForce[0]
}

/** The purposes a notice names that are still in use: in the experience's order, then in its own. */
export function namedPurposes({ policy, notice, experience }: DeviceView): readonly CompiledPurpose[] {
  const order = experience?.definition.purposes ?? []
  const placeOf = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length)
  return notice.definition.purposes
    .flatMap(({ purpose }) => {
      const compiled = policy.purposes.get(purpose)
      return compiled === undefined || compiled.isRetired ? [] : [compiled]
    })
    .sort((a, b) => placeOf(a.key) - placeOf(b.key))
}

const combinedFor = ({ policy, regimes }: DeviceView) => combineRegimes(policy, regimes, null)

export function ruleOf(view: DeviceView, purpose: CompiledPurpose) {
  return ruleFor(combinedFor(view), purpose.key, view.state?.age ?? null).rule
}

/** How it is asked: as the strictest of what its purposes need. */
export function formOf(view: DeviceView): 'opt_in' | 'opt_out' | 'notice_only' {
  const rules = new Set(namedPurposes(view).map((purpose) => ruleOf(view, purpose)))
  return rules.has('opt_in') ? 'opt_in' : rules.has('opt_out') ? 'opt_out' : 'notice_only'
}

/** Whether there is something to answer: a yes to give or a no to say. */
export function isAsked(view: DeviceView, purpose: CompiledPurpose): boolean {
  return ['opt_in', 'opt_out'].includes(ruleOf(view, purpose))
}

/** What the browser's signal refuses among what is asked. */
export function honouredForGpc(view: DeviceView): readonly string[] {
  const combined = combinedFor(view)
  return namedPurposes(view)
    .filter((purpose) => isAsked(view, purpose) && gpcRefuses(combined, purpose.key, purpose.saleOrSharing))
    .map(({ key }) => key)
}

/** One purpose as people read it, in one locale. */
export function purposeBody(view: DeviceView, purpose: CompiledPurpose, locale: string) {
  const definition = purpose.versions.at(-1)!
  const categories = view.policy.organisation.categories
  const days = definition.retentionDays
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
    retention_days: days,
    retention: days === null ? say(locale, 'unbounded') : say(locale, 'days', { count: days }),
    is_sale_or_sharing: purpose.saleOrSharing,
    is_sensitive: categories.some(({ key, special }) => special && definition.categories.includes(key)),
    is_ai_training: isAiTraining(purpose.key),
    is_asked: isAsked(view, purpose),
  }
}

/** The best of `available` for what the person reads; else English, else the first. */
export function pickLocale(available: readonly string[], wanted: string): string {
  return nearest(available, wanted) ?? (available.includes('en') ? 'en' : available[0]!)
}

/** A purpose's name in one locale; its key where it is none any more. */
export function purposeName({ policy }: DeviceView, key: string, locale: string): string {
  const definition = policy.purposes.get(key)?.versions.at(-1)
  return (definition && inLocale(definition.name, locale)) || key
}

/** Who answers for it all, as the notice says in the locale. */
export function controllerOf(view: DeviceView, locale: string): string {
  const available = Object.keys(view.notice.definition.texts)
  return textOf(view, pickLocale(available, locale)).controller
}

export function textOf({ notice }: DeviceView, locale: string): NoticeText {
  return notice.definition.texts[locale]!
}

function inLocale(text: Localised, locale: string): string {
  return text[pickLocale(Object.keys(text), locale)] ?? ''
}
