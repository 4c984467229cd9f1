import type { NoticeListed } from '../../lib/client/client.ts'
import { compareWords, type Piece, pairParagraphs } from './compare-words.ts'

type Text = NoticeListed['texts'][string]

/** One part of both texts, and how its words differ. */
export type TextRow = { readonly name: string; readonly pieces: readonly Piece[]; readonly differs: boolean }

/** One fact of both; a list is one line an entry. */
export type FactRow = {
  readonly name: string
  readonly from: readonly string[]
  readonly to: readonly string[]
  readonly differs: boolean
}

/** The parts of a text in the order people read them. A text that is not there is empty. */
export function compareTexts(
  from: Text | undefined,
  to: Text | undefined,
  locale: string,
): readonly TextRow[] {
  const row = (name: string, before: string, after: string): TextRow => ({
    name,
    pieces: compareWords(before, after, locale),
    differs: before !== after,
  })
  const part = (name: string, of: (text: Text) => string) =>
    row(name, from === undefined ? '' : of(from), to === undefined ? '' : of(to))
  return [
    part('Title', ({ title }) => title),
    ...pairParagraphs(from?.body ?? [], to?.body ?? [], locale).map((pair, index) =>
      row(`Paragraph ${index + 1}`, pair.from ?? '', pair.to ?? ''),
    ),
    part('How to take it back', ({ withdrawal }) => withdrawal),
    part('Rights', ({ rights }) => rights),
    part('Controller', ({ controller }) => controller),
    part('Contact', ({ contact }) => contact),
  ]
}

/** What two versions cover: where they reach, what they name, in which languages. */
export function compareFacts(from: NoticeListed, to: NoticeListed): readonly FactRow[] {
  const row = (name: string, of: (notice: NoticeListed) => readonly string[]): FactRow => {
    const [before, after] = [of(from), of(to)]
    return { name, from: before, to: after, differs: JSON.stringify(before) !== JSON.stringify(after) }
  }
  return [
    row('Reaches', ({ property }) => [property ?? 'the whole organisation']),
    row('Purposes', ({ purposes }) => purposes.map(purposeLine).sort()),
    row('Languages', ({ texts }) => Object.keys(texts).sort()),
  ]
}

function purposeLine({
  purpose,
  version,
  coversEarlier,
  explicitCategories,
}: NoticeListed['purposes'][number]): string {
  const earlier =
    coversEarlier === null
      ? ''
      : `, covers data from ${new Date(coversEarlier.fromMs).toISOString().slice(0, 10)} collected for ${coversEarlier.sourcePurposes.join(' and ')}`
  const explicit =
    explicitCategories.length === 0 ? '' : `, explicit consent for ${explicitCategories.join(' and ')}`
  return `${purpose} ${version}${earlier}${explicit}`
}
