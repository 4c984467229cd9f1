import { isAiTraining } from './ai-training.ts'
import type { PurposeKey } from './ids.ts'

/** What a publisher's preference says of one kind of use (IETF AIPREF, draft). */
export type Preference = 'allowed' | 'disallowed' | 'unknown'

/** The draft's name of training, which may change: data, not code. */
const training = 'train-ai'

const key = /[a-z*][a-z0-9_.*-]*/.source
const token = /[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*/.source
const bare = `(?:${token}|"(?:[ !#-\\[\\]-~]|\\\\["\\\\])*"|-?\\d{1,15}(?:\\.\\d{1,3})?|\\?[01]|:[A-Za-z0-9+/=]*:)`
const parameters = `(?:; *${key}(?:=${bare})?)*`
const innerList = `\\( *(?:${bare}${parameters}(?: +${bare}${parameters})*)? *\\)`
const member = new RegExp(`(${key})(?:=(${bare}|${innerList}))?${parameters}`, 'y')
const separator = /[ \t]*,[ \t]*/y

/**
 * The members of a `Content-Usage` field, an RFC 9651 dictionary, as they were written; of a key said twice the last.
 * Undefined where it is none: a parse error voids all of it.
 */
export function parseContentUsage(text: string): ReadonlyMap<string, string> | undefined {
  const trimmed = text.replace(/^ +| +$/g, '')
  const members = new Map<string, string>()
  for (let at = 0; at < trimmed.length; ) {
    if (members.size > 0 || at > 0) {
      separator.lastIndex = at
      if (!separator.test(trimmed)) return undefined
      at = separator.lastIndex
    }
    member.lastIndex = at
    const found = member.exec(trimmed)
    if (found === null) return undefined
    members.set(found[1]!, found[2] ?? '?1')
    at = member.lastIndex
  }
  return members
}

/** What several statements about one thing say together of AI training: disallowed beats allowed beats unknown. */
export function trainingPreference(statements: readonly string[]): Preference {
  const said = statements.map((text) => parseContentUsage(text)?.get(training))
  if (said.includes('n')) return 'disallowed'
  return said.includes('y') ? 'allowed' : 'unknown'
}

/** Whether what is published with these statements may not be used for a purpose, whatever people said. */
export function isDisallowed(purpose: PurposeKey, statements: readonly string[]): boolean {
  return isAiTraining(purpose) && trainingPreference(statements) === 'disallowed'
}
