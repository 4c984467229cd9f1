import { expect, test } from 'vitest'
import type { LinkedBatch } from '../decisions/decisions.ts'
import type { AssentEvent } from '../domain/events.ts'
import { LogTail } from './log-tail.ts'

const batch = (from: number, to = from, padding = 0): LinkedBatch => ({
  previousHash: 'a'.repeat(64),
  head: { epoch: 0, log: 0, seq: to, hash: 'b'.repeat(64), recordedAtMs: 1 },
  identifiers: [],
  events: Array.from(
    { length: to - from + 1 },
    (_, n) => ({ seq: from + n, id: 'x'.repeat(padding) }) as unknown as AssentEvent,
  ),
})
const endsOf = (batches: readonly string[] | undefined) =>
  batches?.map((json) => (JSON.parse(json) as { head: { seq: number } }).head.seq)

test('keeps nothing until somebody reads, and nothing more when nobody has for a minute', () => {
  let nowMs = 0
  const tail = new LogTail(() => nowMs)
  tail.applied(batch(1))
  expect(tail.after(0)).toBeUndefined()
  tail.expectReader()
  tail.applied(batch(2))
  expect(endsOf(tail.after(1))).toEqual([2])
  nowMs = 60_001
  tail.applied(batch(3))
  expect(tail.after(1)).toBeUndefined()
})

test('gives what follows a place where a batch ends, and nothing for one inside a batch or before the first', () => {
  const tail = new LogTail()
  tail.expectReader()
  for (const each of [batch(5, 7), batch(8), batch(9, 12)]) tail.applied(each)
  expect(endsOf(tail.after(4))).toEqual([7, 8, 12])
  expect(endsOf(tail.after(7))).toEqual([8, 12])
  expect(endsOf(tail.after(8))).toEqual([12])
  for (const place of [3, 5, 6, 10, 12, 13]) expect(tail.after(place)).toBeUndefined()
})

test('keeps the newest 16 MB, and gives 4 MB at a time', () => {
  const tail = new LogTail()
  tail.expectReader()
  for (let seq = 1; seq <= 20; seq++) tail.applied(batch(seq, seq, 1_048_576))
  expect(tail.after(4)).toBeUndefined()
  expect(endsOf(tail.after(5))).toEqual([6, 7, 8, 9])
})

test('forgets everything when the log began again', () => {
  const tail = new LogTail()
  tail.expectReader()
  tail.applied(batch(1))
  tail.dropped()
  expect(tail.after(0)).toBeUndefined()
})
