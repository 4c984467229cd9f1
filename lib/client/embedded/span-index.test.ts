import { expect, test } from 'vitest'
import type { Resolution, SpanRecord } from './resolve-spans.ts'
import { SpanIndex } from './span-index.ts'

const alice = `sub_${'a'.repeat(32)}`
const id = 'user:alice'

function resolved(seq: number, subject: string | null, reason: string): Resolution {
  const record: SpanRecord = {
    reasons: [reason],
    fromMs: [Number.NEGATIVE_INFINITY],
    withoutTime: reason,
    ...{ isInvalid: false, isTooMany: false, useUntilMs: 0, subject },
  }
  const moment = { monoMs: 0, wallMs: 0 }
  return {
    at: { log: '0', seq } as Resolution['at'],
    decidedAtMs: 0,
    permits: new Set(),
    records: [record],
    sent: moment,
    received: moment,
  }
}

function begin() {
  const index = new SpanIndex(100)
  index.begin({ log: '0', seq: 10 } as Resolution['at'])
  return { index, one: index.entriesOf('analytics'), other: index.entriesOf('analytics under ccpa') }
}

const change = (seq: number) => ({ revision: `0:${seq}`, subject: alice }) as Parameters<SpanIndex['see']>[0]

test('a person’s own answer that overtakes the change which made her known does not keep what was said of nobody', () => {
  const { index, one, other } = begin()
  expect(index.keep(other, [id], resolved(10, null, 'never_asked'))).toBe(1)
  // The answer about her is decided at 12, and the feed has yet to tell of 12.
  expect(index.keep(one, [id], resolved(12, alice, 'opted_out'))).toBe(1)
  index.see(change(12))
  expect(index.find(other, id)).toBeUndefined()
  expect(index.find(one, id)?.reasons).toEqual(['opted_out'])
})

test('later changes of somebody known say nothing of unknown ids', () => {
  const { index, one, other } = begin()
  index.keep(one, [id], resolved(10, alice, 'opted_out'))
  index.keep(index.entriesOf('research'), [id], resolved(10, alice, 'opted_out'))
  index.see(change(11))
  index.keep(other, ['user:nobody'], resolved(11, null, 'never_asked'))
  index.keep(one, [id], resolved(11, alice, 'opted_out'))
  index.see(change(12))
  expect(index.find(other, 'user:nobody')).toBeDefined()
  expect(index.find(one, id)).toBeUndefined()
})
