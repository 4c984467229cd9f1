/** A subject as callers name her. Her id is brought into its namespace's normal form where it is digested or stored. */
export type Identifier = { readonly namespace: string; readonly id: string }

const namespacePattern = /^[a-z][a-z0-9_]{0,31}$/
const idLengthMax = 512

/**
 * Reads `user:alice`: the namespace ends at the first colon, the id is the rest, exactly as it is. Undefined where
 * either is empty, too long (512 UTF-16 units) or not text.
 */
export function parseIdentifier(text: string): Identifier | undefined {
  const colon = text.indexOf(':')
  return colon < 1 ? undefined : makeIdentifier(text.slice(0, colon), text.slice(colon + 1))
}

export function isNamespace(text: string): boolean {
  return namespacePattern.test(text)
}

/** The same from its two parts. */
export function makeIdentifier(namespace: string, id: string): Identifier | undefined {
  if (!isNamespace(namespace) || id === '' || id.length > idLengthMax) return undefined
  return id.isWellFormed() && !id.includes('\0') ? { namespace, id } : undefined
}
