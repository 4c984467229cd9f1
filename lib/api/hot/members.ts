import { AssentError } from '../../domain/errors.ts'
import { type Identifier, makeIdentifier, parseIdentifier } from '../../domain/identifier.ts'
import { parseInstant } from '../../domain/parse-instant.ts'
import { parseRevision, type Revision } from '../../domain/revision.ts'

/** Members read by hand, as the schemas in `schemas/` say. All throw `body_invalid` with the member's pointer. */
export type JsonObject = Readonly<Record<string, unknown>>

export function asObject(value: unknown, pointer: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw invalid('must be an object', pointer)
}

export function requiredText(value: unknown, max: number, pointer: string): string {
  if (
    typeof value === 'string' &&
    value !== '' &&
    value.length <= max &&
    value.isWellFormed() &&
    !value.includes('\0')
  ) {
    return value
  }
  throw invalid(`must be text of 1 to ${max} characters`, pointer)
}

/** Null where it is absent or null. */
export function optionalText(value: unknown, max: number, pointer: string): string | null {
  return value === undefined || value === null ? null : requiredText(value, max, pointer)
}

/** `namespace:id`. */
export function subjectText(value: unknown, pointer: string): Identifier {
  if (typeof value !== 'string') throw invalid('must be namespace:id, such as user:alice', pointer)
  const identifier = parseIdentifier(value)
  if (identifier !== undefined) return identifier
  throw new AssentError('identifier_invalid', 'It must be namespace:id, such as user:alice.', { pointer })
}

/** AuthZEN's `{type, id}`. */
export function subjectEntity(value: unknown, pointer: string): Identifier {
  const entity = asObject(value, pointer)
  const { type, id } = entity
  // What makes an identifier is text of no more than its bounds; what does not is told apart below.
  const identifier = typeof type === 'string' && typeof id === 'string' ? makeIdentifier(type, id) : undefined
  if (identifier !== undefined) return identifier
  requiredText(type, 64, `${pointer}/type`)
  requiredText(id, 512, `${pointer}/id`)
  throw new AssentError('identifier_invalid', 'The type must be a namespace such as user.', { pointer })
}

export function optionalCategories(value: unknown, pointer: string): readonly string[] | null {
  if (value === undefined || value === null) return null
  if (!Array.isArray(value) || value.length > 100) throw invalid('must be a list of at most 100', pointer)
  return value.map((entry, index) => requiredText(entry, 64, `${pointer}/${index}`))
}

export function optionalRevision(value: unknown, pointer: string): Revision | null {
  if (value === undefined || value === null) return null
  const revision = typeof value === 'string' ? parseRevision(value) : undefined
  if (revision === undefined) throw invalid('must be a revision from an earlier answer', pointer)
  return revision
}

/**
 * A collection time; null where it is absent. One that cannot be read (no zone, no such day) is taken to lie in the
 * future, which the decision denies: an instant that is not known is not guessed.
 */
export function optionalInstant(value: unknown, pointer: string): number | null {
  const text = optionalText(value, 64, pointer)
  return text === null ? null : (parseInstant(text) ?? Number.MAX_SAFE_INTEGER)
}

export function invalid(message: string, pointer: string): AssentError {
  return new AssentError('body_invalid', `${pointer === '' ? 'The body' : pointer} ${message}.`, { pointer })
}
