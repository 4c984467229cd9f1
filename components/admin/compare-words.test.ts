import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareWords, type Piece, pairParagraphs } from './compare-words.ts'

const side = (pieces: readonly Piece[], kind: Piece['kind']) =>
  pieces.filter((piece) => piece.kind === 'same' || piece.kind === kind).map(({ text }) => text)
const told = (pieces: readonly Piece[]) =>
  pieces
    .map(({ kind, text }) => (kind === 'same' ? text : kind === 'deleted' ? `[-${text}]` : `[+${text}]`))
    .join('')

describe('compareWords', () => {
  test('loses no character of either text', () => {
    const word = fc.constantFrom(
      'we',
      'use',
      'your',
      'data',
      ' ',
      '  ',
      ', ',
      '.',
      '\n',
      'データ',
      'é',
      '👩‍👧',
    )
    const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(''))
    fc.assert(
      fc.property(text, text, fc.constantFrom('en', 'ja'), (from, to, locale) => {
        const pieces = compareWords(from, to, locale)
        expect(side(pieces, 'deleted').join('')).toBe(from)
        expect(side(pieces, 'inserted').join('')).toBe(to)
        if (from === to) expect(pieces.every(({ kind }) => kind === 'same')).toBe(true)
      }),
    )
  })

  test.each([
    {
      name: 'an inserted word',
      locale: 'en',
      from: 'We read your questions.',
      to: 'We read your questions and ratings.',
      want: 'We read your questions[+ and ratings].',
    },
    {
      name: 'neighbouring words that changed, as one change',
      locale: 'en',
      from: 'Kept for one year.',
      to: 'Kept for two months.',
      want: 'Kept for [-one year][+two months].',
    },
    {
      name: 'German compounds, whole',
      locale: 'de',
      from: 'Eine Datenschutzbehörde hilft.',
      to: 'Eine Datenschutzerklärung hilft.',
      want: 'Eine [-Datenschutzbehörde][+Datenschutzerklärung] hilft.',
    },
    {
      name: 'Japanese, which has no spaces',
      locale: 'ja',
      from: '会話を保存します。',
      to: '評価を保存します。',
      want: '[-会話][+評価]を保存します。',
    },
    { name: 'nothing', locale: 'en', from: 'The same.', to: 'The same.', want: 'The same.' },
    { name: 'a text that is not there', locale: 'en', from: '', to: 'New.', want: '[+New.]' },
  ])('tells $name', ({ from, to, locale, want }) => {
    expect(told(compareWords(from, to, locale))).toBe(want)
  })
})

describe('pairParagraphs', () => {
  test('keeps what follows an inserted paragraph beside its counterpart', () => {
    const from = ['We count which pages are used.', 'Nothing is sold to others.']
    const to = [
      'A new thing altogether, first.',
      'We count which buttons are used.',
      'Nothing is sold to others.',
    ]
    expect(pairParagraphs(from, to, 'en')).toEqual([
      { from: null, to: to[0] },
      { from: from[0], to: to[1] },
      { from: from[1], to: to[2] },
    ])
  })

  test('does not take a paragraph for another that it has little in common with', () => {
    expect(pairParagraphs(['One thing here.'], ['Quite different words.'], 'en')).toEqual([
      { from: 'One thing here.', to: null },
      { from: null, to: 'Quite different words.' },
    ])
  })

  test('has every paragraph of both once, in order', () => {
    const texts = fc.array(fc.constantFrom('a b c', 'a b d', 'x y', 'a b c d e', ''), { maxLength: 6 })
    fc.assert(
      fc.property(texts, texts, (from, to) => {
        const pairs = pairParagraphs(from, to, 'en')
        expect(pairs.flatMap((pair) => pair.from ?? [])).toEqual(from)
        expect(pairs.flatMap((pair) => pair.to ?? [])).toEqual(to)
      }),
    )
  })
})
