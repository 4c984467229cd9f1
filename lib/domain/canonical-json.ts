/** Text that JSON writes as it is. */
const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

/**
 * The canonical form of a JSON value (RFC 8785): members ordered by UTF-16 code unit, no white space, numbers as
 * ECMAScript prints them. Members that are undefined are left out. Throws a TypeError for what JSON cannot hold:
 * NaN, infinities, lone surrogates, functions.
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value)
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} is not a JSON number`)
      return String(value)
    case 'boolean':
      return String(value)
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? `[${value.map(canonicalJson).join(',')}]` : objectJson(value)
    default:
      throw new TypeError(`a ${typeof value} is not JSON`)
  }
}

function objectJson(value: object): string {
  let json = ''
  const names = Object.keys(value)
  for (const name of isInOrder(names) ? names : names.sort()) {
    const member = (value as Record<string, unknown>)[name]
    if (member !== undefined) json += `${json === '' ? '{' : ','}${quoted(name)}:${canonicalJson(member)}`
  }
  return json === '' ? '{}' : `${json}}`
}

/** Most objects are written in order, and sorting costs more than looking. */
function isInOrder(names: readonly string[]): boolean {
  for (let i = 1; i < names.length; i++) if (names[i - 1]! > names[i]!) return false
  return true
}

function quoted(text: string): string {
  if (plain.test(text)) return `"${text}"`
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate is not text')
  return JSON.stringify(text)
}
