/** A subject as callers name her. `id` is already in its namespace's normal form. */
export type Identifier = { readonly namespace: string; readonly id: string }

const namespaceForm = /^[a-z][a-z0-9_]{0,31}$/
const idLengthMax = 512

/**
 * Reads `user:alice`: the namespace ends at the first colon, the id is the rest, exactly as it is. Undefined where
 * either is empty, too long (512 UTF-16 units) or not text.
 */
export function parseIdentifier(text: string): Identifier | undefined {
  const colon = text.indexOf(':')
  return colon < 1 ? undefined : makeIdentifier(text.slice(0, colon), text.slice(colon + 1))
}

/** The same from its two parts. */
export function makeIdentifier(namespace: string, id: string): Identifier | undefined {
  if (!namespaceForm.test(namespace) || id === '' || id.length > idLengthMax) return undefined
  return id.isWellFormed() && !id.includes('\0') ? { namespace, id } : undefined
}
