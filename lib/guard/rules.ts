/** A purpose, and the addresses that wait for its yes. */
export type Rule = readonly [purpose: string, pattern: RegExp]

/**
 * The rules of `data-rules`: `{"analytics": ["https://stats.example/*"]}`. A pattern is compared with the whole address;
 * `*` stands for anything, and `https` for `http` and `ws` as well. Rules that cannot be read hold back every other site, and say so: a slip in them must not
 * let through what they were written to hold.
 */
export function readRules(text: string | undefined, pageOrigin: string): readonly Rule[] {
  if (text === undefined) return []
  try {
    return Object.entries<readonly string[]>(JSON.parse(text)).flatMap(([purpose, patterns]) =>
      patterns.map((pattern): Rule => [purpose, patternOf(pattern)]),
    )
  } catch (error) {
    console.error('Assent: data-rules cannot be read, so every other site is held back.', error)
    return [['', new RegExp(`^(?!${literal(comparable(pageOrigin))}/)https:`)]]
  }
}

/** An address as rules are compared with it: how it is carried makes no difference. */
export const comparable = (address: string): string => address.replace(/^(http|ws)s?:/, 'https:')

const literal = (text: string) => text.replace(/[.+?^${}()|[\]\\/]/g, '\\$&')
const patternOf = (pattern: string) =>
  new RegExp(`^${literal(comparable(pattern)).replaceAll('*', '.*')}$`, 'i')
