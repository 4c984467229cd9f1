/**
 * A page of `keys` in the order of their code units: those that are found after the key that `after` holds in UTF-8,
 * at most `limit`. `next` is where the following page begins; null where there is none.
 */
export function pageOfKeys(
  keys: readonly string[],
  options: {
    readonly after: Uint8Array
    readonly limit: number
    readonly isFound: (key: string) => boolean
  },
): { readonly keys: readonly string[]; readonly next: Uint8Array | null } {
  const after = Buffer.from(options.after).toString('utf8')
  const found: string[] = []
  let last = after
  for (const key of keys.filter((each) => each > after).sort()) {
    if (found.length >= options.limit) return { keys: found, next: Buffer.from(last) }
    if (options.isFound(key)) found.push(key)
    last = key
  }
  return { keys: found, next: null }
}
