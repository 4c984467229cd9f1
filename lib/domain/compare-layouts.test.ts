import { describe, expect, test } from 'vitest'
import { differenceOf, isOthersTurn, shareOf, turnMs, verdictOf, verdictOver } from './compare-layouts.ts'

const draw = (text: string) => [...text].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) >>> 3

describe('whose turn it is', () => {
  test('each has one of every two turns, and the same is shown all through a turn', () => {
    for (let pair = 0; pair < 200; pair += 1) {
      const at = pair * 2 * turnMs
      const [one, two] = [isOthersTurn('a b', at, draw), isOthersTurn('a b', at + turnMs, draw)]
      expect(one).not.toBe(two)
      expect(isOthersTurn('a b', at + turnMs - 1, draw)).toBe(one)
    }
  })

  test('no hour of the day is always one’s', () => {
    const noons = Array.from({ length: 60 }, (_, day) => isOthersTurn('a b', (day * 24 + 12) * turnMs, draw))
    expect(new Set(noons).size).toBe(2)
  })
})

describe('a share and its interval', () => {
  test('are those of Wilson: 15 of 148, and nothing of 20', () => {
    const { share, low, high } = shareOf({ answers: 148, changed: 15 })
    expect([share, low, high].map((each) => each.toFixed(4))).toEqual(['0.1014', '0.0624', '0.1605'])
    expect(shareOf({ answers: 20, changed: 0 }).low).toBe(0)
    expect(shareOf({ answers: 20, changed: 0 }).high).toBeCloseTo(0.1611, 3)
  })

  test('of a difference are those of Newcombe: 56 of 70 less 48 of 80', () => {
    const { share, low, high } = differenceOf({ answers: 70, changed: 56 }, { answers: 80, changed: 48 })
    expect([share, low, high].map((each) => each.toFixed(4))).toEqual(['0.2000', '0.0524', '0.3339'])
  })
})

describe('a verdict', () => {
  test.each([
    ['needs enough of both', [199, 50], [5_000, 10], 'too_few'],
    ['is none where chance may be all', [400, 22], [400, 18], 'no_difference'],
    ['is for the one in which fewer changed their minds', [4_000, 100], [4_000, 220], 'own'],
    ['is for the other in the same way', [4_000, 220], [4_000, 100], 'other'],
    ['is none where nobody changed hers', [400, 0], [400, 0], 'no_difference'],
  ] as const)('%s', (_, [answers, changed], [others, othersChanged], want) => {
    expect(verdictOf({ answers, changed }, { answers: others, changed: othersChanged })).toBe(want)
  })

  test('over all is the longest time’s that has enough', () => {
    const of = (...all: ReturnType<typeof verdictOf>[]) => verdictOver(all.map((verdict) => ({ verdict })))
    expect(of('own', 'no_difference', 'too_few', 'too_few')).toBe('no_difference')
    expect(of('too_few')).toBe('too_few')
  })
})
