import { describe, expect, test } from 'vitest'
import { KindSample } from './kind-sample.ts'

/** The same numbers from 0 up to 1 in each run. */
function fixedRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

/** Which of `answers` stand in the sample at the end. */
function sampleOf(answers: number, size: number, random: () => number): readonly number[] {
  const sample = new KindSample(size, random)
  const standing = new Map<string, number>()
  let until = 0
  for (let answer = 0; answer < answers; answer++) {
    if (until-- > 0) continue
    const { id, replaces } = sample.place()
    if (replaces !== null) standing.delete(replaces)
    standing.set(id, answer)
    until = sample.gap()
  }
  return [...standing.values()]
}

describe('a sample of one kind of answers', () => {
  test('is all of them while they are few', () => {
    expect(sampleOf(7, 20, fixedRandom(1))).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  test('never holds more than its size, and favours no time of the day', () => {
    const random = fixedRandom(7)
    const tenths = new Array<number>(10).fill(0)
    for (let day = 0; day < 400; day++) {
      const kept = sampleOf(5_000, 20, random)
      expect(kept).toHaveLength(20)
      for (const answer of kept) tenths[Math.floor(answer / 500)]! += 1
    }
    // 800 each of 8,000, ± 6 standard deviations.
    for (const count of tenths) expect(Math.abs(count - 800)).toBeLessThan(160)
  })
})
