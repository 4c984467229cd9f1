import { aiTraining, isAiTraining, whyAiTraining } from './ai-training.ts'
import { checkExperience } from './check-experience.ts'
import { checkIdentity } from './check-identity.ts'
import { entryFor } from './combine-regimes.ts'
import type { Complaint } from './complaint.ts'
import type { AssessmentLink, NoticeDefinition, PurposeDefinition, RegimeDefinition } from './definitions.ts'
import { AssentError } from './errors.ts'
import type { ConfigBody } from './events.ts'
import { findNotice } from './find-notice.ts'
import { isNamespace } from './identifier.ts'
import { parentOf } from './ids.ts'
import { normalForms } from './normal-form.ts'
import type { Policy } from './policy.ts'
import type { RecallScope } from './recall.ts'
import { claimsOf, territoryFault } from './territories.ts'

/**
 * Refuses configuration that could not be decided by: a broken reference, a version out of order, a rule of ours.
 * Throws `definition_invalid` with the JSON pointer of the member at fault, `conflict` for a release that is published
 * already. What passes can be folded.
 */
export function checkPublish(policy: Policy | undefined, body: ConfigBody): void {
  if (body.act === 'release_published' && policy?.releases.has(body.release)) {
    throw new AssentError('conflict', 'This release is published already.')
  }
  for (const { message, pointer } of complaintsOf(policy, body)) {
    throw new AssentError('definition_invalid', message, pointer === undefined ? {} : { pointer })
  }
}

/** Everything that `checkPublish` has against it, one after another. */
export function* complaintsOf(policy: Policy | undefined, body: ConfigBody): Generator<Complaint> {
  if (body.act === 'organisation_published') {
    const keys = body.definition.categories.map(({ key }) => key)
    if (new Set(keys).size < keys.length) {
      yield { message: 'a category is there twice', pointer: '/categories' }
    }
    yield* checkNamespaces(body.definition.namespaces ?? {})
    return
  }
  if (policy === undefined) {
    yield { message: 'the organisation itself must be published first' }
    return
  }
  switch (body.act) {
    case 'property_published':
      yield* checkOrigins(body.definition.origins)
      if (body.definition.identity !== undefined) yield* checkIdentity(body.definition.identity)
      return
    case 'regime_published':
      yield* expectNext(body.version, policy.regimes.get(body.definition.key)?.version ?? 0)
      yield* checkRegime(body.definition)
      yield* checkTerritories(policy, body.definition)
      return
    case 'purpose_published':
      yield* expectNext(body.version, policy.purposes.get(body.definition.key)?.currentVersion ?? 0)
      yield* checkPurpose(policy, body.definition)
      return
    case 'purpose_retired':
      if (!policy.purposes.has(body.purpose)) {
        yield { message: `there is no purpose ${body.purpose}`, pointer: '/purpose' }
      }
      return
    case 'notice_published':
      yield* expectNext(body.definition.version, policy.notices.get(body.definition.key)?.length ?? 0)
      yield* checkNotice(policy, body.definition)
      return
    case 'notice_withdrawn':
    case 'notice_invalidated':
      if (policy.notices.get(body.notice)?.[body.version - 1] === undefined) {
        yield { message: `there is no notice ${body.notice} ${body.version}`, pointer: '/notice' }
      }
      return
    case 'experience_published':
      yield* expectNext(body.version, policy.experiences.get(body.definition.key)?.length ?? 0)
      yield* checkExperience(policy, body.definition)
      return
    case 'release_published':
      if (body.events < 1) yield { message: 'a release publishes something', pointer: '/events' }
      return
    case 'consents_invalidated':
      yield* checkRecall(policy, body.scope)
      if (body.reason.trim() === '') yield { message: 'a recall says why', pointer: '/reason' }
      return
    case 'assessment_approved': {
      const { purpose, sourcePurposes } = body.definition
      for (const key of [purpose, ...sourcePurposes]) {
        if (!policy.purposes.has(key)) yield { message: `there is no purpose ${key}`, pointer: '/purpose' }
      }
      return
    }
    case 'assessment_revoked':
      if (!policy.assessments.has(body.assessment)) {
        yield { message: `there is no assessment ${body.assessment}` }
      }
      return
    case 'key_created': {
      const { id, scopes, replaces } = body.definition
      if (policy.keys.has(id)) yield { message: 'the key exists already', pointer: '/id' }
      if (scopes.length === 0) yield { message: 'a key needs a scope', pointer: '/scopes' }
      if (replaces !== undefined && !policy.keys.has(replaces)) {
        yield { message: 'there is no key that it could replace', pointer: '/replaces' }
      }
      return
    }
    case 'key_expires': {
      const key = policy.keys.get(body.key)
      if (key === undefined) yield { message: 'there is no such key', pointer: '/key' }
      if (!Number.isSafeInteger(body.atMs) || body.atMs < 0) {
        yield { message: 'an end is in milliseconds', pointer: '/atMs' }
      }
      // What has ended, or was said to end, gets no more time.
      if (key !== undefined && key.endsAtMs !== null && body.atMs > key.endsAtMs) {
        yield { message: 'an end only comes nearer', pointer: '/atMs' }
      }
      return
    }
    case 'key_revoked':
      if (!policy.keys.has(body.key)) yield { message: 'there is no such key', pointer: '/key' }
  }
}

/** What was never published or made cannot be told apart from what is spelt wrongly. Experiences and imports are as told. */
function* checkRecall(policy: Policy, scope: RecallScope): Generator<Complaint> {
  if (scope.kind === 'notice' && findNotice(policy, scope.key, scope.version) === undefined) {
    yield { message: `there is no notice ${scope.key} ${scope.version}`, pointer: '/scope' }
  }
}

function* checkNamespaces(namespaces: Readonly<Record<string, string>>): Generator<Complaint> {
  for (const [namespace, form] of Object.entries(namespaces)) {
    if (!isNamespace(namespace)) {
      yield { message: `${namespace} cannot be a namespace`, pointer: '/namespaces' }
    }
    const isKnown = normalForms.some((known) => known === form)
    if (!isKnown) yield { message: `there is no normal form ${form}`, pointer: `/namespaces/${namespace}` }
  }
}

function* checkOrigins(origins: readonly string[]): Generator<Complaint> {
  for (const [index, origin] of origins.entries()) {
    const isOrigin = URL.canParse(origin) && new URL(origin).origin === origin && /^https?:/.test(origin)
    if (!isOrigin) {
      yield {
        message: `${origin} is not a web origin such as https://example.com`,
        pointer: `/origins/${index}`,
      }
    }
  }
}

function* checkRegime(definition: RegimeDefinition): Generator<Complaint> {
  if (!(definition.consentLifetimeDays > 0)) {
    yield { message: 'consent must last some days', pointer: '/consentLifetimeDays' }
  }
  for (const purpose of [aiTraining, ...Object.keys(definition.rules).filter(isAiTraining)]) {
    const { rule } = entryFor(definition, purpose)
    if (rule !== 'opt_in' && rule !== 'prohibited') {
      yield {
        message: `${purpose} must be opt_in or prohibited, not ${rule}. ${whyAiTraining}`,
        pointer: '/rules',
      }
    }
  }
}

/** A place must never be under two regimes of which one was not meant: at most one claims each territory. */
function* checkTerritories(
  policy: Policy,
  { key, territories = [] }: RegimeDefinition,
): Generator<Complaint> {
  for (const [index, territory] of territories.entries()) {
    const pointer = `/territories/${index}`
    const fault = territoryFault(territory)
    if (fault !== undefined) yield { message: fault, pointer }
    if (territories.indexOf(territory) !== index) yield { message: `${territory} is there twice`, pointer }
    const claimedBy = claimsOf(policy).get(territory)
    if (claimedBy !== undefined && claimedBy !== key) {
      const message = `${territory} is claimed by the regime ${claimedBy} already: take it from there first`
      yield { message, pointer }
    }
  }
}

function* checkPurpose(policy: Policy, definition: PurposeDefinition): Generator<Complaint> {
  const { key, basis, necessity, retentionDays } = definition
  const parent = parentOf(key)
  if (parent !== undefined && !policy.purposes.has(parent)) {
    yield { message: `its parent ${parent} is missing`, pointer: '/key' }
  }
  if (isAiTraining(key) && basis !== 'consent') {
    yield { message: `${key} rests on consent only, not ${basis}. ${whyAiTraining}`, pointer: '/basis' }
  }
  if (isAiTraining(key) && necessity !== undefined) {
    yield { message: `${key} has no necessity. ${whyAiTraining}`, pointer: '/necessity' }
  } else if (necessity !== undefined && basis !== 'contract') {
    yield { message: 'only what a contract needs has a necessity', pointer: '/necessity' }
  }
  if (retentionDays !== null && !(retentionDays > 0)) {
    yield { message: 'retention is a positive number of days, or null', pointer: '/retentionDays' }
  }
  for (const [index, category] of definition.categories.entries()) {
    const isKnown = policy.organisation.categories.some((each) => each.key === category)
    if (!isKnown) {
      yield { message: `the organisation has no category ${category}`, pointer: `/categories/${index}` }
    }
  }
  for (const [index, link] of (definition.assessments ?? []).entries()) {
    yield* checkLink(link, `/assessments/${index}`)
  }
}

function* checkLink(link: AssessmentLink, pointer: string): Generator<Complaint> {
  const { title, url, reference, approvedOn } = link
  if (title.trim() === '') yield { message: 'an assessment has a title', pointer: `${pointer}/title` }
  if ((url ?? '').trim() === '' && (reference ?? '').trim() === '') {
    yield { message: 'an assessment says where it lies: url, reference, or both', pointer }
  }
  // What is written here may become a link in a page: nothing but the web.
  if (url !== undefined && !(URL.canParse(url) && /^https?:/.test(new URL(url).protocol))) {
    yield { message: `${url} is not an address such as https://example.com/dpia`, pointer: `${pointer}/url` }
  }
  const isDate =
    /^\d{4}-\d{2}-\d{2}$/.test(approvedOn) && new Date(approvedOn).toJSON()?.slice(0, 10) === approvedOn
  if (!isDate) {
    yield { message: `${approvedOn} is not a date such as 2026-11-23`, pointer: `${pointer}/approvedOn` }
  }
}

function* checkNotice(policy: Policy, definition: NoticeDefinition): Generator<Complaint> {
  const { property, purposes, texts } = definition
  if (property !== null && !policy.properties.has(property)) {
    yield { message: `there is no property ${property}`, pointer: '/property' }
  }
  if (purposes.length === 0) {
    yield { message: 'a notice names at least one purpose', pointer: '/purposes' }
  }
  if (Object.keys(texts).length === 0) {
    yield { message: 'a notice has at least one locale', pointer: '/texts' }
  }
  for (const [locale, text] of Object.entries(texts)) {
    const isComplete = [text.title, ...text.body, text.withdrawal, text.rights, text.controller, text.contact]
    if (text.body.length === 0 || isComplete.some((words) => words.trim() === '')) {
      yield { message: `the text in ${locale} is not complete`, pointer: `/texts/${locale}` }
    }
  }
  const named = new Set<string>()
  for (const [index, entry] of purposes.entries()) {
    const version = policy.purposes.get(entry.purpose)?.versions[entry.version - 1]
    if (version === undefined) {
      yield {
        message: `there is no purpose ${entry.purpose} ${entry.version}`,
        pointer: `/purposes/${index}`,
      }
    }
    if (named.has(entry.purpose)) {
      yield { message: `${entry.purpose} is named twice`, pointer: `/purposes/${index}` }
    }
    named.add(entry.purpose)
  }
}

function* expectNext(version: number, current: number): Generator<Complaint> {
  if (version !== current + 1) {
    yield { message: `the next version is ${current + 1}, not ${version}`, pointer: '/version' }
  }
}
