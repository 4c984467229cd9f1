import { expect, test } from 'vitest'
import { Backlog } from './backlog.ts'

const aBatch = (firstSeq: number, seq: number, bytes = 10) => ({
  firstSeq,
  seq,
  events: seq - firstSeq + 1,
  line: Buffer.alloc(bytes),
})
const seqsOf = (answer: ReturnType<Backlog['after']>) => answer?.batches.map(({ seq }) => seq)

test('gives what follows a place, and says whether that is all', () => {
  const backlog = new Backlog()
  for (const [first, last] of [
    [11, 12],
    [13, 700],
    [701, 1_400],
    [1_401, 1_402],
  ] as const) {
    backlog.add(aBatch(first, last))
  }
  expect(backlog.after(1_402, 1_402)).toEqual({ batches: [], isAll: true })
  expect(backlog.after(2_000, 1_402)).toEqual({ batches: [], isAll: true })
  expect(seqsOf(backlog.after(10, 1_402))).toEqual([12, 700, 1_400])
  expect(backlog.after(10, 1_402)?.isAll).toBe(false)
  expect(seqsOf(backlog.after(700, 1_402))).toEqual([1_400, 1_402])
  expect(backlog.after(700, 1_402)?.isAll).toBe(true)
})

test('a place inside a batch gets all of that batch', () => {
  const backlog = new Backlog()
  backlog.add(aBatch(1, 10))
  expect(seqsOf(backlog.after(5, 10))).toEqual([10])
})

test('never leaves out anything: after a gap it gives nothing', () => {
  const backlog = new Backlog()
  expect(backlog.after(3, 4)).toBeUndefined()
  backlog.add(aBatch(11, 12))
  expect(backlog.after(9, 12)).toBeUndefined()
  backlog.clear()
  expect(backlog.after(10, 12)).toBeUndefined()
})

test('keeps 64 MB, the newest', () => {
  const backlog = new Backlog()
  for (let seq = 1; seq <= 5; seq++) backlog.add(aBatch(seq, seq, 20 * 1_048_576))
  expect(backlog.after(1, 5)).toBeUndefined()
  expect(seqsOf(backlog.after(2, 5))).toEqual([3, 4, 5])
})
