import { expect, test } from 'vitest'
import { Waiting } from './waiting.ts'

test('who waits goes on when the last worker is as far, not before', async () => {
  const waiting = new Waiting()
  const done: number[] = []
  expect(waiting.until(3, 3)).toBeUndefined()
  const waits = [5, 4, 7].map((seq) => waiting.until(seq, 3)?.then(() => done.push(seq)))
  waiting.advance(4)
  await waits[1]
  expect(done).toEqual([4])
  waiting.advance(6)
  await waits[0]
  expect(done).toEqual([4, 5])
  // Nobody is left to wait for.
  waiting.advance(Number.POSITIVE_INFINITY)
  await waits[2]
  expect(done).toEqual([4, 5, 7])
})
