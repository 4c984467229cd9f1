import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../api/testing/start-api.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { type Assent, createAssent } from './assent.ts'
import { type FaultyProxy, startFaultyProxy } from './testing/faulty-proxy.ts'

const question = { purpose: 'ai_training', subject: 'user:user_id', collectedAt: 'at' }
let api: RunningApi
let proxy: FaultyProxy
let assent: Assent
let hasty: Assent
beforeAll(async () => {
  api = await startApi()
  proxy = await startFaultyProxy(api.port)
  const key = await api.makeKey('decisions:read')
  assent = createAssent({ url: proxy.url, key, patienceMs: 30_000 })
  hasty = createAssent({ url: proxy.url, key, patienceMs: 1_500 })
  for (let n = 0; n < 10; n += 2) {
    const subject = { namespace: 'user', id: `u${n}` }
    await api.ledger.recordConsents(aConsent(api.organisationId, { subject }), null)
  }
})
afterEach(() => {
  proxy.thaw()
  proxy.mend()
})
afterAll(async () => {
  await proxy.close()
  await api.close()
})

type Interaction = { n: number; user_id: string; at: string; text: string }
const record = (n: number): Interaction => ({
  n,
  user_id: `u${n % 10}`,
  at: new Date().toISOString(),
  text: 'x'.repeat(120),
})

/** Records without an end or with one, and how many were asked for. */
function source(count: number, onPull: (n: number) => void = () => undefined) {
  const state = { pulled: 0, isClosed: false }
  async function* run() {
    try {
      while (state.pulled < count) {
        onPull(state.pulled)
        yield record(state.pulled++)
      }
    } finally {
      state.isClosed = true
    }
  }
  return { state, records: run() }
}

describe('filter', () => {
  test('gives the permitted records in order, and the server’s count of all', async () => {
    const { records, state } = source(20_000)
    const filtered = assent.filter(records, question)
    expect(() => filtered.report()).toThrow('not come to its end')
    const kept: number[] = []
    for await (const { n } of filtered) kept.push(n)
    expect(kept).toEqual(Array.from({ length: 10_000 }, (_, k) => 2 * k))
    expect(filtered.report()).toMatchObject({
      complete: true,
      records: 20_000,
      permitted: 10_000,
      denied: { never_asked: 10_000 },
    })
    expect(state.isClosed).toBe(true)
  })

  test('gives text back as it was, integers of any size included', async () => {
    const lines = [0, 1, 2].map(
      (n) => `{"big":9007199254740993,  "user_id":"u${n}","at":"${new Date().toISOString()}"}`,
    )
    const kept: string[] = []
    for await (const line of assent.filter(lines, question)) kept.push(line)
    expect(kept).toEqual([lines[0], lines[2]])
  })

  test('records that trickle in are decided as they come', async () => {
    let isRead = 0
    async function* slowly() {
      for (const n of [0, 2, 4]) {
        yield record(n)
        // The next one is not there before this one was given back.
        while (isRead <= n / 2) await new Promise((resolve) => setTimeout(resolve, 5))
      }
    }
    const filtered = assent.filter(slowly(), question)
    for await (const { n } of filtered) {
      expect(n).toBe(2 * isRead)
      isRead += 1
    }
    expect(isRead).toBe(3)
  })

  test('reads no further ahead than the caller takes', async () => {
    const { records, state } = source(Number.POSITIVE_INFINITY)
    let seen = 0
    for await (const _ of assent.filter(records, question)) if (++seen === 3) break
    const after = state.pulled
    // What the sockets and streams on the way hold, not what there is: a busy machine's grow to some megabytes.
    expect(after).toBeLessThan(1_000_000)
    expect(state.isClosed).toBe(true)
    await new Promise((resolve) => setImmediate(resolve))
    expect(state.pulled).toBe(after)
  })

  const drain = async (filtered: AsyncIterable<unknown>) => {
    let count = 0
    for await (const _ of filtered) count += 1
    return count
  }

  test.each<{ name: string; fault: () => void }>([
    { name: 'a server that goes away', fault: () => proxy.refuse() },
    { name: 'half of what was permitted', fault: () => proxy.cutAfter(100_000) },
    { name: 'a network that freezes', fault: () => proxy.freeze() },
  ])('rejects on $name, and has no report', async ({ fault }) => {
    const { records } = source(60_000, (n) => {
      if (n === 20_000) fault()
    })
    const filtered = hasty.filter(records, question)
    await expect(drain(filtered)).rejects.toMatchObject({ code: 'unreachable' })
    expect(() => filtered.report()).toThrow()
  })

  test.each<{ name: string; changes: object; code: string }>([
    { name: 'an unknown purpose', changes: { purpose: 'nothing' }, code: 'purpose_not_found' },
    { name: 'no subject', changes: { subject: [] }, code: 'parameter_invalid' },
    { name: 'a broken path', changes: { subject: 'user' }, code: 'parameter_invalid' },
  ])('rejects $name with the server’s words', async ({ changes, code }) => {
    const filtered = assent.filter(source(5).records, { ...question, ...changes })
    await expect(drain(filtered)).rejects.toMatchObject({ code })
  })

  test('rejects with what the source throws', async () => {
    const { records } = source(5_000, (n) => {
      if (n === 4_000) throw new Error('the disk is gone')
    })
    await expect(drain(assent.filter(records, question))).rejects.toThrow('the disk is gone')
    await expect(drain(assent.filter(['{"a":1}\n{"b":2}'], question))).rejects.toThrow('one line')
  })

  test('records that name nobody are left out and listed', async () => {
    const records = [record(0), { n: 1 }, record(2)] as Interaction[]
    const filtered = assent.filter(records, question)
    expect(await drain(filtered)).toBe(2)
    expect(filtered.report().broken).toEqual([{ line: 2, code: 'subject_missing' }])
  })
})
