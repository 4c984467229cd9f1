import { expect, test } from 'vitest'
import type { ConfigEvent, SubjectEvent } from '../domain/events.ts'
import { emptyState } from '../domain/fold-event.ts'
import type { EventId, OrganisationId, SubjectId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'
import { folded } from '../domain/pack-state.ts'
import { configuration, History } from '../domain/testing/history.ts'
import { createDecisions } from './create-decisions.ts'
import type { LinkedBatch, Question } from './decisions.ts'
import type { LogSource } from './log-source.ts'

const organisationId = 'org_1' as OrganisationId
const events = History.begin().events.filter((event): event is ConfigEvent => event.subjectId === null)
const head: LogHead = {
  epoch: 0,
  log: 0,
  seq: events.length,
  hash: 'a'.repeat(64),
  recordedAtMs: events.at(-1)!.recordedAtMs,
}
const question: Question = {
  subjects: [{ namespace: 'user', id: 'alice' }],
  purpose: 'analytics',
  collectedAtMs: null,
  demandsCollectedAt: false,
  property: null,
  categories: null,
  recipient: null,
  regime: null,
  sourcePurpose: null,
}

/** A log that holds the configuration; what it says can be changed, and it can be away. */
function aLog() {
  const log = {
    head,
    batches: [] as LinkedBatch[],
    isAway: false,
    skewMs: 0,
    ageMs: 0,
    loads: 0,
    /** What happens while it is loaded. */
    onLoad: () => {},
  }
  const source: LogSource = {
    async load(into) {
      log.loads += 1
      for (const event of events) into.config(event)
      const loaded = log.head
      log.onLoad()
      return loaded
    },
    async read(_, { waitMs }) {
      // The loop’s own reads wait for ever: each test reads when it wants to.
      if (waitMs > 0) await new Promise(() => undefined)
      if (log.isAway) throw new Error('away')
      const { ageMs, skewMs, batches } = log
      const databaseNowMs = Date.now() + skewMs
      return { head: log.head, ageMs, databaseNowMs, databaseNowErrorMs: 0, batches }
    },
  }
  return { log, source }
}

/** The event that follows `after`, in a batch of its own; `seq` and `previousHash` may lie. */
function aBatch(
  after: LogHead,
  changes: { readonly seq?: number; readonly previousHash?: string } = {},
): LinkedBatch {
  const seq = changes.seq ?? after.seq + 1
  const body = {
    act: 'property_published',
    definition: { key: `p${seq}`, name: 'X', origins: [] },
  } as const
  return {
    events: [{ ...events.at(-1)!, id: `evt_${seq}` as EventId, seq, body }],
    identifiers: [],
    previousHash: changes.previousHash ?? after.hash,
    head: { ...after, seq, hash: 'c'.repeat(64) },
  }
}

async function start(source: LogSource) {
  const time = { nowMs: Date.now(), monotonicMs: 0 }
  const decisions = await createDecisions({
    source,
    lookupKey: new Uint8Array(16),
    clock: () => time.nowMs,
    monotonic: () => time.monotonicMs,
    log: { info: () => undefined, warn: () => undefined },
  })
  const reason = () => decisions.evaluate(organisationId, question).decision.reason
  const passTo = (ms: number) => {
    time.nowMs += ms - time.monotonicMs
    time.monotonicMs = ms
  }
  return { decisions, time, reason, passTo }
}

test('answers while the log was heard from within two seconds, and denies “stale” from then on', async () => {
  const { log, source } = aLog()
  const { decisions, reason, passTo } = await start(source)
  passTo(2_000)
  expect(reason()).toBe('never_asked')
  passTo(2_001)
  expect(reason()).toBe('stale')
  expect(decisions.isReady()).toBe(false)
  await decisions.catchUp()
  expect(reason()).toBe('never_asked')
  log.isAway = true
  passTo(5_000)
  await expect(decisions.catchUp()).rejects.toThrow('away')
  expect(reason()).toBe('stale')
  await decisions.close()
})

test('a clock more than a second from the database’s denies “stale”', async () => {
  const { log, source } = aLog()
  const { decisions, reason } = await start(source)
  log.skewMs = 5_000
  await decisions.catchUp()
  expect(reason()).toBe('stale')
  log.skewMs = 0
  await decisions.catchUp()
  expect(reason()).toBe('never_asked')
  await decisions.close()
})

test.each([
  { name: 'went back', changed: { seq: head.seq - 1 } },
  { name: 'has another event at the same place', changed: { hash: 'b'.repeat(64) } },
  { name: 'began a new epoch', changed: { epoch: 1 } },
])('a log that $name drops the index and loads it again', async ({ changed }) => {
  const { log, source } = aLog()
  const { decisions, reason } = await start(source)
  log.head = { ...head, ...changed }
  await decisions.catchUp()
  expect(log.loads).toBe(2)
  expect(decisions.revision()).toMatchObject({ seq: log.head.seq, epoch: log.head.epoch })
  expect(reason()).toBe('never_asked')
  await decisions.close()
})

test('its time never falls, whatever the clock does', async () => {
  const { source } = aLog()
  const { decisions, time } = await start(source)
  const first = decisions.evaluate(organisationId, question).nowMs
  time.nowMs = first - 3_600_000
  expect(decisions.evaluate(organisationId, question).nowMs).toBe(first)
  await decisions.close()
})

test('events are applied in sequence: one twice changes nothing, one missing is a bug', async () => {
  const { source } = aLog()
  const { decisions } = await start(source)
  decisions.apply({ events: [events.at(-1)!], identifiers: [], head })
  expect(decisions.revision().seq).toBe(head.seq)
  expect(() => decisions.apply(aBatch(head, { seq: head.seq + 2 }))).toThrow(/follows/)
  expect(configuration.length).toBe(events.length)
  await decisions.close()
})

test('a writer’s own states are taken where all of its batch is new, and its events folded where it is not', async () => {
  const subjectId = `sub_${'7'.repeat(32)}` as SubjectId
  const said = (seq: number, body: SubjectEvent['body']): SubjectEvent => ({
    ...{ id: `evt_${seq}` as EventId, organisationId, subjectId, seq, body },
    ...{ recordedAtMs: head.recordedAtMs, occurredAtMs: head.recordedAtMs },
  })
  const one = said(head.seq + 1, { act: 'restricted' })
  const two = said(head.seq + 2, { act: 'age_stated', atLeast: 18, below: null })
  // No fold of these events, so that it shows which was taken.
  const given = { ...emptyState(subjectId), seq: two.seq, isRestricted: true }
  const end = { ...head, seq: two.seq, hash: 'c'.repeat(64) }
  const batch = {
    events: [one, two],
    states: [folded(organisationId, given)],
    identifiers: [],
    head: end,
  }

  const fresh = await start(aLog().source)
  fresh.decisions.apply(batch)
  expect(fresh.decisions.state(organisationId, subjectId)).toEqual(given)

  const ahead = await start(aLog().source)
  ahead.decisions.apply({ events: [one], identifiers: [], head: { ...end, seq: one.seq } })
  ahead.decisions.apply(batch)
  expect(ahead.decisions.state(organisationId, subjectId)).toEqual({
    ...given,
    age: { atLeast: 18, below: null },
  })
  await fresh.decisions.close()
  await ahead.decisions.close()
})

test('what was read is applied where it follows by number and by hash', async () => {
  const { log, source } = aLog()
  const { decisions, reason } = await start(source)
  const batch = aBatch(head)
  Object.assign(log, { head: batch.head, batches: [batch] })
  await decisions.catchUp()
  expect(decisions.revision().seq).toBe(head.seq + 1)
  expect(log.loads).toBe(1)
  expect(reason()).toBe('never_asked')
  await decisions.close()
})

// A log restored and written on is longer than before: only its hashes tell.
test.each([
  { name: 'follows another event', batch: aBatch(head, { previousHash: 'd'.repeat(64) }) },
  { name: 'leaves one out', batch: aBatch(head, { seq: head.seq + 2 }) },
])('a batch that $name drops the index and loads it again', async ({ batch }) => {
  const { log, source } = aLog()
  const { decisions } = await start(source)
  Object.assign(log, { head: batch.head, batches: [batch] })
  let dropped = 0
  decisions.observe({ applied: () => undefined, dropped: () => dropped++ })
  await decisions.catchUp()
  expect([log.loads, dropped]).toEqual([2, 1])
  expect(decisions.revision()).toMatchObject({ seq: batch.head.seq })
  await decisions.close()
})

test('while there is no index every answer is “stale”, and nobody may write upon it', async () => {
  const { log, source } = aLog()
  const { decisions, reason } = await start(source)
  log.head = { ...head, epoch: 1 }
  const denied: string[] = []
  log.onLoad = () => {
    denied.push(reason())
    expect(decisions.isReady()).toBe(false)
    expect(() => decisions.subjectOf(organisationId, question.subjects[0]!)).toThrow(/being loaded/)
  }
  await decisions.catchUp()
  expect(denied).toEqual(['stale'])
  expect(reason()).toBe('never_asked')
  await decisions.close()
})

// The writer acknowledges what it applied: an index loaded as of before must not answer first.
test('a load is complete only when it has what was applied meanwhile', async () => {
  const { log, source } = aLog()
  const { decisions, reason } = await start(source)
  const loaded = { ...head, epoch: 1 }
  const batch = aBatch(loaded)
  log.head = loaded
  let reads = 0
  log.onLoad = () => decisions.apply(batch)
  const { read } = source
  const slow: LogSource['read'] = async (...asked) => {
    reads += 1
    if (reads === 3) Object.assign(log, { head: batch.head, batches: [batch] })
    if (reads > 1) expect(reason()).toBe('stale')
    return read(...asked)
  }
  Object.assign(source, { read: slow })
  await decisions.catchUp()
  expect(reads).toBe(3)
  expect(decisions.revision()).toEqual({ epoch: 1, log: 0, seq: batch.head.seq })
  expect(reason()).toBe('never_asked')
  await decisions.close()
})

test('what was old when it was heard counts as old', async () => {
  const { log, source } = aLog()
  const { decisions, reason, passTo } = await start(source)
  passTo(5_000)
  log.ageMs = 2_001
  await decisions.catchUp()
  expect(reason()).toBe('stale')
  log.ageMs = 1_500
  await decisions.catchUp()
  expect(reason()).toBe('never_asked')
  const { lagMs } = decisions.evaluate(organisationId, question)
  // Never younger; a little older where the machine took its time.
  expect(lagMs).toBeGreaterThanOrEqual(1_500)
  expect(lagMs).toBeLessThan(2_000)
  passTo(5_501)
  expect(reason()).toBe('stale')
  await decisions.close()
})

test('an observer hears of each batch, with the hash it follows', async () => {
  const { source } = aLog()
  const { decisions } = await start(source)
  const heard: string[] = []
  const end = decisions.observe({
    applied: ({ previousHash, head: { seq } }) => heard.push(`${seq} after ${previousHash.slice(0, 1)}`),
    dropped: () => undefined,
  })
  const first = aBatch(head)
  decisions.apply({ events: first.events, identifiers: [], head: first.head })
  decisions.apply(first)
  end()
  decisions.apply(aBatch(first.head))
  expect(heard).toEqual([`${head.seq + 1} after a`])
  await decisions.close()
})

test('waiting for a revision ends when it is applied, or when the time is up', async () => {
  const { source } = aLog()
  const { decisions } = await start(source)
  const next = { epoch: 0, log: 0, seq: head.seq + 1 }
  expect(await decisions.waitFor(head, 1)).toBe(true)
  expect(await decisions.waitFor(next, 1)).toBe(false)
  const waiting = decisions.waitFor(next, 10_000)
  decisions.apply(aBatch(head))
  expect(await waiting).toBe(true)
  await decisions.close()
})
