import { parseIdentifier } from '../../domain/identifier.ts'
import { isWithin } from '../../domain/territories.ts'
import type { ConsentsBody } from '../schemas/consents.ts'

const acts: ReadonlySet<unknown> = new Set(['grant', 'deny', 'withdraw', 'object', 'opt_out'])
const actors: ReadonlySet<unknown> = new Set(['subject', 'guardian', 'controller', 'import'])
const members: ReadonlySet<string> = new Set([
  ...['subject', 'property', 'notice', 'evidence', 'choices', 'regime', 'country', 'occurred_at', 'actor'],
  ...['region', 'names_gpc_conflict', 'experience', 'import'],
])
const choiceMembers: ReadonlySet<string> = new Set(['purpose', 'act', 'explicit'])
const country = /^[A-Z]{2}$/
const region = /^[A-Z]{2}-[A-Z0-9]{1,3}$/

/**
 * Reads the body of `POST /v1/consents` as `consentsRequest` does, without its cost. Undefined where it is not plainly
 * valid: the schema says then what is wrong with it.
 */
export function readConsents(value: unknown): ConsentsBody | undefined {
  if (!isObject(value)) return undefined
  for (const name in value) if (!members.has(name)) return undefined
  const { subject, evidence, notice, choices } = value
  if (typeof subject !== 'string' || parseIdentifier(subject) === undefined) return undefined
  const isPlain =
    isTextOrNone(value.property, 63) &&
    isTextOrNone(value.regime, 63) &&
    isTextOrNone(value.occurred_at, 64) &&
    isNoneOr(value.country, (it) => typeof it === 'string' && country.test(it)) &&
    isNoneOr(value.region, (it) => isRegion(it, value.country)) &&
    isNoneOr(value.actor, (it) => actors.has(it)) &&
    isNoneOr(value.names_gpc_conflict, (it) => typeof it === 'boolean') &&
    isTextOrNone(value.import, 255) &&
    isNoneOr(value.experience, isExperience) &&
    isNoneOr(evidence, isEvidence) &&
    isNoneOr(notice, isNotice) &&
    areChoices(choices)
  if (!isPlain) return undefined
  const body = value as ConsentsBody
  const { experience } = value
  if (!isObject(notice) && !isObject(experience)) return body
  // What a notice is named by, and nothing that was sent beside it; an experience likewise.
  return {
    ...body,
    ...(isObject(notice)
      ? { notice: { key: notice.key, locale: notice.locale, version: notice.version } }
      : {}),
    ...(isObject(experience) ? { experience: { key: experience.key, version: experience.version } } : {}),
  } as ConsentsBody
}

type JsonObject = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown, max: number): boolean {
  return (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= max &&
    value.isWellFormed() &&
    !value.includes('\0')
  )
}

function isNoneOr(value: unknown, is: (value: unknown) => boolean): boolean {
  return value === undefined || value === null || is(value)
}

function isTextOrNone(value: unknown, max: number): boolean {
  return value === undefined || value === null || isText(value, max)
}

function isEvidence(value: unknown): boolean {
  if (!isObject(value) || Object.hasOwn(value, '__proto__')) return false
  return isTextOrNone(value.method, 64) && isTextOrNone(value.reference, 255)
}

function isNotice(value: unknown): boolean {
  if (!isObject(value) || !isText(value.key, 63) || !isText(value.locale, 35)) return false
  return isVersion(value.version)
}

function isExperience(value: unknown): boolean {
  return isObject(value) && isText(value.key, 63) && isVersion(value.version)
}

function isVersion(version: unknown): boolean {
  return Number.isInteger(version) && (version as number) >= 1 && (version as number) <= 1_000_000
}

/** In the country that is named beside it, which was read. */
function isRegion(value: unknown, within: unknown): boolean {
  if (typeof value !== 'string' || !region.test(value)) return false
  return isWithin({ country: (within as string | null | undefined) ?? null, region: value })
}

function areChoices(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 1 || value.length > 100) return false
  for (const choice of value) {
    if (!isObject(choice) || !isText(choice.purpose, 255) || !acts.has(choice.act)) return false
    if (choice.explicit !== undefined && typeof choice.explicit !== 'boolean') return false
    for (const name in choice) if (!choiceMembers.has(name)) return false
  }
  return value.length === 1 || new Set(value.map(({ purpose }) => purpose)).size === value.length
}
