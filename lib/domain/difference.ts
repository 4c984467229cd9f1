import { canonicalJson } from './canonical-json.ts'

/** One leaf that differs; a member that is not there is left out. */
export type Change = {
  /** JSON pointer: into the new value, or into the old one where something is gone. */
  readonly path: string
  readonly before?: unknown
  readonly after?: unknown
}

/** Members by which an entry of a list is the same entry, whatever else it says. */
const identities = ['key', 'purpose', 'kind'] as const

/**
 * Every leaf in which two JSON values differ: one word changed in one paragraph is one change. Entries of lists are
 * matched, so that an entry put in between is one change too.
 */
export function differenceOf(before: unknown, after: unknown): readonly Change[] {
  return [...compare(before, after, '')]
}

function* compare(before: unknown, after: unknown, path: string): Generator<Change> {
  if (before === undefined && after === undefined) return
  if (before === undefined) return yield { path, after }
  if (after === undefined) return yield { path, before }
  if (Array.isArray(before) && Array.isArray(after)) return yield* compareLists(before, after, path)
  if (isObject(before) && isObject(after)) {
    for (const name of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()) {
      yield* compare(before[name], after[name], `${path}/${pointerPart(name)}`)
    }
    return
  }
  if (canonicalJson(before) !== canonicalJson(after)) yield { path, before, after }
}

function* compareLists(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
): Generator<Change> {
  for (const [i, j] of pairs(before, after)) {
    const at = `${path}/${j ?? i}`
    if (i === null) yield { path: at, after: after[j!] }
    else if (j === null) yield { path: at, before: before[i] }
    else yield* compare(before[i], after[j], at)
  }
}

/** Indexes of entries that belong together, in order; null where one side has none. */
function pairs(
  before: readonly unknown[],
  after: readonly unknown[],
): readonly [number | null, number | null][] {
  const left = before.map(canonicalJson)
  const right = after.map(canonicalJson)
  const found: [number | null, number | null][] = []
  let [i, j] = [0, 0]
  const flush = (untilI: number, untilJ: number) => {
    const gone = range(i, untilI)
    const come = range(j, untilJ)
    const isKeyed = [...gone.map((at) => before[at]), ...come.map((at) => after[at])].every(
      (entry) => identityOf(entry) !== undefined,
    )
    const hasPlaces = !isKeyed && gone.length === come.length
    for (const [n, at] of gone.entries()) {
      const mate = isKeyed
        ? come.find((other) => identityOf(after[other]) === identityOf(before[at]))
        : hasPlaces
          ? come[n]
          : undefined
      found.push([at, mate ?? null])
      if (mate !== undefined) come.splice(come.indexOf(mate), 1, -1)
    }
    found.push(...come.filter((at) => at >= 0).map((at): [null, number] => [null, at]))
    ;[i, j] = [untilI, untilJ]
  }
  for (const [atI, atJ] of commonOf(left, right)) {
    flush(atI, atJ)
    ;[i, j] = [atI + 1, atJ + 1]
  }
  flush(before.length, after.length)
  return found
}

/** The longest common subsequence, as pairs of indexes. */
function commonOf(left: readonly string[], right: readonly string[]): readonly [number, number][] {
  const lengths = left.map(() => new Uint32Array(right.length + 1))
  lengths.push(new Uint32Array(right.length + 1))
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      lengths[i]![j] =
        left[i] === right[j]
          ? lengths[i + 1]![j + 1]! + 1
          : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!)
    }
  }
  const common: [number, number][] = []
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    if (left[i] === right[j]) common.push([i++, j++])
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i++
    else j++
  }
  return common
}

function identityOf(entry: unknown): string | undefined {
  if (!isObject(entry)) return undefined
  const name = identities.find((each) => typeof entry[each] === 'string')
  return name === undefined ? undefined : String(entry[name])
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const range = (from: number, until: number) =>
  Array.from({ length: Math.max(until - from, 0) }, (_, n) => from + n)
const pointerPart = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')
