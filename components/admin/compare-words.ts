import { diffArrays } from 'diff'

/** A stretch of text that both have, or only one. */
export type Piece = { readonly kind: 'same' | 'deleted' | 'inserted'; readonly text: string }

/**
 * What differs between two texts, word by word as the language divides them (Unicode UAX #29; Japanese by dictionary).
 * Nothing is lost: what is same or deleted, in order, is `from`; what is same or inserted is `to`.
 */
export function compareWords(from: string, to: string, locale: string): readonly Piece[] {
  const pieces: Piece[] = []
  // Deleted and inserted words of one change, kept apart until it ends.
  let deleted = ''
  let inserted = ''
  const end = () => {
    if (deleted !== '') pieces.push({ kind: 'deleted', text: deleted })
    if (inserted !== '') pieces.push({ kind: 'inserted', text: inserted })
    deleted = ''
    inserted = ''
  }
  const parts = diffArrays(wordsOf(from, locale), wordsOf(to, locale))
  for (const [index, { value, added, removed }] of parts.entries()) {
    const text = value.join('')
    if (removed) deleted += text
    else if (added) inserted += text
    else if (/^\s+$/.test(text) && deleted !== '' && inserted !== '' && index < parts.length - 1) {
      // A space between two replaced words belongs to the change: it reads as one.
      deleted += text
      inserted += text
    } else {
      end()
      pieces.push({ kind: 'same', text })
    }
  }
  end()
  return pieces
}

/** A paragraph of one text and what became of it; null where it has no counterpart. */
export type Pair = { readonly from: string | null; readonly to: string | null }

/** Below this share of words in common, two paragraphs are two, not one that was changed. */
const likenessMin = 0.3

/** Pairs paragraphs in their order so that as much as can be is like its counterpart. */
export function pairParagraphs(
  from: readonly string[],
  to: readonly string[],
  locale: string,
): readonly Pair[] {
  const [left, right] = [from, to].map((texts) => texts.map((text) => wordsOf(text, locale)))
  const width = to.length + 1
  // best[i * width + j]: the highest likeness of what begins at `from[i]` and `to[j]`.
  const best = new Float64Array((from.length + 1) * width)
  const alike = (i: number, j: number) => {
    const likeness = from[i] === to[j] ? 1 : likenessOf(left![i]!, right![j]!)
    return likeness < likenessMin ? Number.NEGATIVE_INFINITY : likeness
  }
  for (let i = from.length - 1; i >= 0; i--) {
    for (let j = to.length - 1; j >= 0; j--) {
      const together = alike(i, j) + best[(i + 1) * width + j + 1]!
      best[i * width + j] = Math.max(together, best[(i + 1) * width + j]!, best[i * width + j + 1]!)
    }
  }
  const pairs: Pair[] = []
  let i = 0
  let j = 0
  while (i < from.length && j < to.length) {
    const here = best[i * width + j]!
    if (here === alike(i, j) + best[(i + 1) * width + j + 1]!) {
      pairs.push({ from: from[i++]!, to: to[j++]! })
    } else if (here === best[(i + 1) * width + j]!) pairs.push({ from: from[i++]!, to: null })
    else pairs.push({ from: null, to: to[j++]! })
  }
  while (i < from.length) pairs.push({ from: from[i++]!, to: null })
  while (j < to.length) pairs.push({ from: null, to: to[j++]! })
  return pairs
}

/** Dice's coefficient of the words, spaces left out. */
function likenessOf(from: readonly string[], to: readonly string[]): number {
  const left = new Set(from.filter((word) => word.trim() !== ''))
  const right = new Set(to.filter((word) => word.trim() !== ''))
  const common = [...left].filter((word) => right.has(word)).length
  return left.size + right.size === 0 ? 0 : (2 * common) / (left.size + right.size)
}

/** Words, spaces and marks, in order. */
function wordsOf(text: string, locale: string): string[] {
  return [...segmenterOf(locale).segment(text)].map(({ segment }) => segment)
}

/** A tag that is none divides words as no language in particular does. */
function segmenterOf(locale: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(locale, { granularity: 'word' })
  } catch {
    return new Intl.Segmenter('und', { granularity: 'word' })
  }
}
