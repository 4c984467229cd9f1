import { Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDecisions } from '../decisions/create-decisions.ts'
import { createLogSource } from '../storage/ledger/log-source.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { KeyLimits } from './limits/key-limits.ts'
import { type StreamOptions, streamChanges } from './stream-changes.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
beforeAll(async () => {
  api = await startApi()
  await Promise.all(
    Array.from({ length: 400 }, (_, n) =>
      api.ledger.recordConsents(
        aConsent(api.organisationId, { subject: { namespace: 'user', id: `u${n}` } }),
        null,
      ),
    ),
  )
})
afterAll(() => api.close())

/** The real feed; counts what is read from the log. */
function aFeed(limit: number, decisions: StreamOptions['decisions'] = api.decisions) {
  const count = { reads: 0 }
  const options: StreamOptions = {
    decisions,
    async read(afterSeq, untilSeq) {
      count.reads += 1
      return api.events.after(api.organisationId, { afterSeq, untilSeq, limit })
    },
    limit,
    from: { epoch: 0, log: 0, seq: 0 },
    assertAllowed: () => undefined,
    place: new KeyLimits().open('key_test'),
  }
  return { count, options }
}

describe('a stream of changes', () => {
  test('to a reader who takes nothing holds one page, and goes on when she takes it', async () => {
    const written: string[] = []
    let take: () => void = () => undefined
    const sink = new Writable({
      highWaterMark: 1,
      decodeStrings: false,
      write(text: string, _, done) {
        written.push(text)
        take = done
      },
    })
    const { count, options } = aFeed(10)
    const streaming = streamChanges(sink, options)
    // Longer than a beat: none is written on top of what was not taken.
    await delay(1_600)
    expect(count.reads).toBe(1)
    expect(written).toHaveLength(1)
    expect(sink.writableLength).toBe(written[0]!.length)
    take()
    while (count.reads < 2) await delay(5)
    expect(sink.writableLength).toBeLessThanOrEqual(written[1]?.length ?? 0)
    sink.destroy()
    await streaming
  })

  test('ends its work when the reader goes away', async () => {
    const sink = new Writable({ write: (_, __, done) => done() })
    const { count, options } = aFeed(50)
    const streaming = streamChanges(sink, options)
    while (count.reads < 2) await delay(1)
    sink.destroy()
    await streaming
    const { reads } = count
    await api.ledger.recordConsents(aConsent(api.organisationId), null)
    await delay(50)
    expect(count.reads).toBe(reads)
  })

  test('from a node that may be behind says so, and says when it no longer is', async () => {
    const source = createLogSource(api.database.serve)
    const node = { isCut: false, aheadMs: 0 }
    const decisions = await createDecisions({
      source: {
        ...source,
        read: (...asked) => (node.isCut ? Promise.reject(new Error('cut')) : source.read(...asked)),
      },
      lookupKey: api.keys.lookup,
      clock: Date.now,
      monotonic: () => performance.now() + node.aheadMs,
      log: { info: () => undefined, warn: () => undefined },
    })
    let text = ''
    const sink = new Writable({
      decodeStrings: false,
      write(chunk: string, _, done) {
        text += chunk
        done()
      },
    })
    const streaming = streamChanges(sink, aFeed(100, decisions).options)
    const told = () => [...text.matchAll(/event: (head|stale)\ndata: (.*)/g)]
    while (told().length === 0) await delay(5)
    expect(told().at(-1)![1]).toBe('head')
    node.isCut = true
    node.aheadMs = 2_500
    while (told().at(-1)![1] !== 'stale') await delay(5)
    expect(JSON.parse(told().at(-1)![2]!).lag_ms).toBeGreaterThanOrEqual(2_000)
    node.isCut = false
    while (told().at(-1)![1] !== 'head') await delay(5)
    sink.destroy()
    await streaming
    await decisions.close()
    await source.close()
  })

  test('of a log that began again ends: what was sent may not stand', async () => {
    const { options } = aFeed(1_000)
    let epoch = 0
    const sink = new Writable({ write: (_, __, done) => done() })
    const streaming = streamChanges(sink, {
      ...options,
      decisions: { ...api.decisions, revision: () => ({ ...api.decisions.revision(), epoch }) },
    })
    const ended = expect(streaming).rejects.toMatchObject({ code: 'revision_unknown' })
    epoch = 1
    await ended
  })
})
