import { expect, test } from 'vitest'
import type { ConfigEvent } from '../domain/events.ts'
import type { EventId, OrganisationId } from '../domain/ids.ts'
import type { LogHead } from '../domain/log-head.ts'
import { configuration, History } from '../domain/testing/history.ts'
import { createDecisions } from './create-decisions.ts'
import type { Question } from './decisions.ts'
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

/** A log that holds the configuration; its answers can be changed, and it can be away. */
function aLog() {
  const log = { head, isAway: false, skewMs: 0, loads: 0 }
  const source: LogSource = {
    async load(into) {
      log.loads += 1
      for (const event of events) into.config(event)
      return log.head
    },
    async readHead() {
      if (log.isAway) throw new Error('away')
      return { head: log.head, databaseNowMs: Date.now() + log.skewMs }
    },
    readAfter: () => Promise.reject(new Error('nothing follows')),
  }
  return { log, source }
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
  const again = events.at(-1)!
  decisions.apply({ events: [again], identifiers: [], head })
  expect(decisions.revision().seq).toBe(head.seq)
  const later = { ...again, id: 'evt_x' as EventId, seq: head.seq + 2 }
  expect(() => decisions.apply({ events: [later], identifiers: [], head })).toThrow(/follows/)
  expect(configuration.length).toBe(events.length)
  await decisions.close()
})

test('waiting for a revision ends when it is applied, or when the time is up', async () => {
  const { source } = aLog()
  const { decisions } = await start(source)
  const next = { epoch: 0, log: 0, seq: head.seq + 1 }
  expect(await decisions.waitFor(head, 1)).toBe(true)
  expect(await decisions.waitFor(next, 1)).toBe(false)
  const waiting = decisions.waitFor(next, 10_000)
  const body = { act: 'property_published', definition: { key: 'x', name: 'X', origins: [] } } as const
  const event = { ...events.at(-1)!, id: 'evt_y' as EventId, seq: next.seq, body }
  decisions.apply({
    events: [event],
    identifiers: [],
    head: { ...head, seq: next.seq, hash: 'c'.repeat(64) },
  })
  expect(await waiting).toBe(true)
  await decisions.close()
})
