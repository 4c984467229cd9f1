import { entryFor } from './combine-regimes.ts'
import type { NoticeDefinition, PurposeDefinition, RegimeDefinition } from './definitions.ts'
import { AssentError } from './errors.ts'
import type { ConfigBody } from './events.ts'
import { isNamespace } from './identifier.ts'
import { parentOf } from './ids.ts'
import { normalForms } from './normal-form.ts'
import type { Policy } from './policy.ts'

/** AI training is asked for apart, everywhere: our rule, stricter than some laws. */
const aiTraining = 'ai_training'
const isAiTraining = (purpose: string) => purpose === aiTraining || purpose.startsWith(`${aiTraining}.`)

/**
 * Refuses configuration that could not be decided by: a broken reference, a version out of order, a rule of ours.
 * Throws `definition_invalid` with the JSON pointer of the member at fault. What passes can be folded.
 */
export function checkPublish(policy: Policy | undefined, body: ConfigBody): void {
  if (body.act === 'organisation_published') {
    const keys = body.definition.categories.map(({ key }) => key)
    if (new Set(keys).size < keys.length) invalid('a category is there twice', '/categories')
    checkNamespaces(body.definition.namespaces ?? {})
    return
  }
  if (policy === undefined) invalid('the organisation itself must be published first')
  switch (body.act) {
    case 'property_published':
      checkOrigins(body.definition.origins)
      return
    case 'regime_published':
      expectNext(body.version, policy.regimes.get(body.definition.key)?.version ?? 0)
      checkRegime(body.definition)
      return
    case 'purpose_published':
      expectNext(body.version, policy.purposes.get(body.definition.key)?.currentVersion ?? 0)
      checkPurpose(policy, body.definition)
      return
    case 'purpose_retired':
      if (!policy.purposes.has(body.purpose)) invalid(`there is no purpose ${body.purpose}`, '/purpose')
      return
    case 'notice_published':
      expectNext(body.definition.version, policy.notices.get(body.definition.key)?.length ?? 0)
      checkNotice(policy, body.definition)
      return
    case 'notice_withdrawn':
    case 'notice_invalidated':
      if (policy.notices.get(body.notice)?.[body.version - 1] === undefined) {
        invalid(`there is no notice ${body.notice} ${body.version}`, '/notice')
      }
      return
    case 'assessment_approved': {
      const { purpose, sourcePurposes } = body.definition
      for (const key of [purpose, ...sourcePurposes]) {
        if (!policy.purposes.has(key)) invalid(`there is no purpose ${key}`, '/purpose')
      }
      return
    }
    case 'assessment_revoked':
      if (!policy.assessments.has(body.assessment)) invalid(`there is no assessment ${body.assessment}`)
      return
    case 'key_created':
      if (policy.keys.has(body.definition.id)) invalid('the key exists already', '/id')
      if (body.definition.scopes.length === 0) invalid('a key needs a scope', '/scopes')
      return
    case 'key_revoked':
      if (!policy.keys.has(body.key)) invalid('there is no such key', '/key')
  }
}

function checkNamespaces(namespaces: Readonly<Record<string, string>>): void {
  for (const [namespace, form] of Object.entries(namespaces)) {
    if (!isNamespace(namespace)) invalid(`${namespace} cannot be a namespace`, '/namespaces')
    const isKnown = normalForms.some((known) => known === form)
    if (!isKnown) invalid(`there is no normal form ${form}`, `/namespaces/${namespace}`)
  }
}

function checkOrigins(origins: readonly string[]): void {
  for (const [index, origin] of origins.entries()) {
    const isOrigin = URL.canParse(origin) && new URL(origin).origin === origin && /^https?:/.test(origin)
    if (!isOrigin) invalid(`${origin} is not a web origin such as https://example.com`, `/origins/${index}`)
  }
}

function checkRegime(definition: RegimeDefinition): void {
  if (!(definition.consentLifetimeDays > 0)) invalid('consent must last some days', '/consentLifetimeDays')
  for (const purpose of [aiTraining, ...Object.keys(definition.rules).filter(isAiTraining)]) {
    const { rule } = entryFor(definition, purpose)
    if (rule !== 'opt_in' && rule !== 'prohibited') {
      invalid(
        `${purpose} must be opt_in or prohibited: Assent’s own rule, AI training is always asked for`,
        '/rules',
      )
    }
  }
}

function checkPurpose(policy: Policy, definition: PurposeDefinition): void {
  const parent = parentOf(definition.key)
  if (parent !== undefined && !policy.purposes.has(parent)) invalid(`its parent ${parent} is missing`, '/key')
  if (isAiTraining(definition.key) && definition.basis !== 'consent') {
    invalid('AI training rests on consent only: Assent’s own rule, it is never essential', '/basis')
  }
  if (definition.necessity !== undefined && definition.basis !== 'contract') {
    invalid('only what a contract needs has a necessity', '/necessity')
  }
  if (definition.retentionDays !== null && !(definition.retentionDays > 0)) {
    invalid('retention is a positive number of days, or null', '/retentionDays')
  }
  for (const key of definition.categories) {
    const isKnown = policy.organisation.categories.some((category) => category.key === key)
    if (!isKnown) invalid(`the organisation has no category ${key}`, '/categories')
  }
}

function checkNotice(policy: Policy, definition: NoticeDefinition): void {
  const { property, purposes, texts } = definition
  if (property !== null && !policy.properties.has(property))
    invalid(`there is no property ${property}`, '/property')
  if (purposes.length === 0) invalid('a notice names at least one purpose', '/purposes')
  if (Object.keys(texts).length === 0) invalid('a notice has at least one locale', '/texts')
  for (const [locale, text] of Object.entries(texts)) {
    const isComplete = [text.title, ...text.body, text.withdrawal, text.rights, text.controller, text.contact]
    if (text.body.length === 0 || isComplete.some((words) => words.trim() === '')) {
      invalid(`the text in ${locale} is not complete`, `/texts/${locale}`)
    }
  }
  const named = new Set<string>()
  for (const [index, entry] of purposes.entries()) {
    const version = policy.purposes.get(entry.purpose)?.versions[entry.version - 1]
    if (version === undefined)
      invalid(`there is no purpose ${entry.purpose} ${entry.version}`, `/purposes/${index}`)
    if (named.has(entry.purpose)) invalid(`${entry.purpose} is named twice`, `/purposes/${index}`)
    named.add(entry.purpose)
  }
}

function expectNext(version: number, current: number): void {
  if (version !== current + 1) invalid(`the next version is ${current + 1}, not ${version}`, '/version')
}

function invalid(message: string, pointer?: string): never {
  throw new AssentError('definition_invalid', message, pointer === undefined ? {} : { pointer })
}
