import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../../api/testing/start-api.ts'
import { formatRevision, type Revision } from '../../domain/revision.ts'
import { aConsent } from '../../storage/ledger/testing/start-ledger.ts'
import { type Assent, createAssent } from '../assent.ts'
import type { CheckQuestion } from '../client.ts'
import { readRevision } from '../revision.ts'
import { type FaultyProxy, startFaultyProxy } from '../testing/faulty-proxy.ts'
import type { Embedded } from './embedded.ts'

let api: RunningApi
let proxy: FaultyProxy
let assent: Assent
let embedded: Embedded
/** What the resolve route is held up by. */
let holdResolve: Promise<unknown> = Promise.resolve()
let calls: string[] = []
beforeAll(async () => {
  api = await startApi()
  proxy = await startFaultyProxy(api.port)
  const key = await api.makeKey('decisions:read', 'changes:read')
  const watched: typeof fetch = async (input, init) => {
    const path = new URL(String(input)).pathname
    calls.push(path)
    const response = await fetch(input, init)
    if (path === '/v1/resolve') await holdResolve
    return response
  }
  assent = createAssent({ url: proxy.url, key, timeoutMs: 20_000, fetch: watched })
})
beforeEach(async () => {
  holdResolve = Promise.resolve()
  embedded = assent.embed()
  expect(await embedded.ready(20_000)).toBe(true)
  calls = []
})
afterEach(() => {
  embedded.close()
  proxy.thaw()
  proxy.mend()
})
afterAll(async () => {
  await proxy.close()
  await api.close()
})

async function say(id: string, act: 'grant' | 'withdraw' | 'object', purpose = 'ai_training') {
  const subject = { namespace: 'user', id }
  const choices = [{ purpose, act }]
  return (await api.ledger.recordConsents(aConsent(api.organisationId, { subject, choices }), null)).revision
}

const about = (id: string, more: Partial<CheckQuestion> = {}): CheckQuestion => ({
  subject: `user:${id}`,
  purpose: 'ai_training',
  collected_at: new Date().toISOString(),
  ...more,
})

/** Resolves once everything up to there was seen, which is a matter of milliseconds. */
async function seen(revision: Revision) {
  for (let waitedMs = 0; waitedMs < 20_000; waitedMs += 5) {
    if ((readRevision(embedded.state().revision)?.seq ?? 0) >= revision.seq) return
    await delay(5)
  }
  throw new Error(`${formatRevision(revision)} was not seen`)
}

async function isStale(): Promise<number> {
  const began = performance.now()
  while (embedded.state().isFresh) {
    if (performance.now() - began > 20_000) throw new Error('it never became stale')
    await delay(10)
  }
  return performance.now() - began
}

describe('embedded', () => {
  test('answers from memory what was resolved once, as the server does', async () => {
    await say('kept-1', 'grant')
    await seen(await say('kept-2', 'withdraw'))
    for (const [id, reason] of [
      ['kept-1', 'consent_given'],
      ['kept-2', 'consent_withdrawn'],
      ['nobody', 'never_asked'],
    ] as const) {
      expect(embedded.peek(about(id))).toBeUndefined()
      const allowed = reason === 'consent_given'
      expect(await embedded.check(about(id))).toMatchObject({ allowed, reason, isLocal: true })
      calls = []
      expect(embedded.peek(about(id))).toMatchObject({ allowed, reason })
      expect(embedded.peek(about(id, { collected_at: '2020-01-01T00:00:00Z' }))).toMatchObject({
        allowed: false,
        reason: allowed ? 'collected_before_consent' : reason,
      })
      expect(calls).not.toContain('/v1/resolve')
    }
  })

  test('preloads many, in few calls, and keeps no more than it may', async () => {
    const ids = Array.from({ length: 5_000 }, (_, n) => `user:p${n}`)
    expect(await embedded.preload(ids, { purpose: 'ai_training' })).toBe(5_000)
    expect(calls.filter((path) => path === '/v1/resolve')).toHaveLength(3)
    expect(embedded.peek(about('p4999'))).toMatchObject({ reason: 'never_asked' })
    const small = assent.embed({ entriesMax: 100 })
    await small.ready(20_000)
    await small.preload(ids, { purpose: 'ai_training' })
    expect(small.state().size).toBe(100)
    expect(small.peek(about('p0'))).toBeUndefined()
    expect(await small.check(about('p0'))).toMatchObject({ reason: 'never_asked' })
    small.close()
  })

  test('questions of one turn are resolved together', async () => {
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, n) => embedded.check(about(`turn${n % 100}`))),
    )
    expect(new Set(answers.map(({ reason }) => reason))).toEqual(new Set(['never_asked']))
    expect(calls.filter((path) => path === '/v1/resolve')).toHaveLength(1)
  })

  test('a withdrawal that was seen is a no, and nobody else is given up', async () => {
    await say('leaves', 'grant')
    await seen(await say('stays', 'grant'))
    for (const id of ['leaves', 'stays'])
      expect(await embedded.check(about(id))).toMatchObject({ allowed: true })
    await seen(await say('leaves', 'withdraw'))
    expect(embedded.peek(about('leaves'))).toBeUndefined()
    expect(embedded.peek(about('stays'))).toMatchObject({ allowed: true })
    expect(await embedded.check(about('leaves'))).toMatchObject({
      allowed: false,
      reason: 'consent_withdrawn',
    })
  })

  test('an unknown id that is somebody now is asked about again', async () => {
    const question = about('newcomer', { purpose: 'service' })
    expect(await embedded.check(question)).toMatchObject({
      allowed: true,
      reason: 'notice_only',
      isLocal: true,
    })
    await seen(await say('newcomer', 'object', 'service'))
    expect(embedded.peek(question)).toBeUndefined()
    expect(await embedded.check(question)).toMatchObject({ allowed: false, reason: 'objected' })
  })

  test('a change of rules gives up everything', async () => {
    await seen(await say('ruled', 'grant', 'personalization'))
    const question = about('ruled', { purpose: 'personalization' })
    expect(await embedded.check(question)).toMatchObject({ allowed: true })
    const { revision } = await api.ledger.publish(api.organisationId, [
      { act: 'purpose_retired', purpose: 'personalization' },
    ])
    await seen(revision)
    expect(embedded.peek(question)).toBeUndefined()
    expect(await embedded.check(question)).toMatchObject({ allowed: false, reason: 'purpose_retired' })
  })

  test.each([
    { name: 'a person who is known', id: 'raced', before: 'grant' as const },
    { name: 'a person who is not known yet', id: 'raced-new', before: undefined },
  ])(
    'what was resolved before a change that came in meanwhile is not kept: $name',
    async ({ id, before }) => {
      const purpose = 'service'
      if (before !== undefined) await seen(await say(id, before, purpose))
      let release = () => {}
      holdResolve = new Promise<void>((resolve) => {
        release = resolve
      })
      const asked = embedded.check(about(id, { purpose }))
      // The answer is on its way, and says yes; the change overtakes it.
      while (!calls.includes('/v1/resolve')) await delay(1)
      await delay(50)
      await seen(await say(id, 'object', purpose))
      release()
      expect(await asked).toMatchObject({ allowed: false, reason: 'objected' })
    },
  )

  test('a question without a collection time is answered once the server has shown what it means', async () => {
    await seen(await say('timeless', 'grant', 'analytics'))
    await seen(await say('timeless', 'grant'))
    for (const { purpose, reason } of [
      { purpose: 'analytics', reason: 'consent_given' },
      { purpose: 'ai_training', reason: 'collected_at_required' },
    ]) {
      const question = { subject: 'user:timeless', purpose }
      expect(await embedded.check(question)).not.toHaveProperty('isLocal')
      expect(await embedded.check(question)).toMatchObject({ reason, isLocal: true })
    }
  })

  test('who has more spans than a record holds is asked about at the server, and resolved once', async () => {
    const { organisationId, ledger } = api
    const user = { namespace: 'user', id: 'many' }
    await say('many', 'grant')
    for (let n = 0; n < 3; n++) {
      const others = [1, 2].map((k) => ({ namespace: 'account', id: `many-${n}-${k}` }))
      for (const each of others) await ledger.linkSubjects(organisationId, user, each)
      for (const each of others) await ledger.unlinkSubjects(organisationId, user, each)
    }
    await seen(api.decisions.revision())
    calls = []
    for (let n = 0; n < 3; n++) {
      const [own, theirs] = [await embedded.check(about('many')), await assent.check(about('many'))]
      expect(own).not.toHaveProperty('isLocal')
      expect(own).toMatchObject({ allowed: theirs.allowed, reason: theirs.reason })
    }
    expect(calls.filter((path) => path === '/v1/resolve')).toHaveLength(1)
  })

  test('at_least is answered from memory only where it was reached', async () => {
    const revision = await say('at-least', 'grant')
    await seen(revision)
    await embedded.check(about('at-least'))
    expect(embedded.peek(about('at-least', { at_least: formatRevision(revision) }))).toMatchObject({
      allowed: true,
    })
    const ahead = about('at-least', { at_least: formatRevision({ ...revision, seq: revision.seq + 1_000 }) })
    expect(embedded.peek(ahead)).toBeUndefined()
    expect(await embedded.check(ahead)).toMatchObject({ allowed: false, reason: 'stale' })
  })

  test.each([
    { name: 'a member misspelt', more: { categorys: ['a'] } },
    { name: 'an empty list', more: { categories: [] } },
    { name: 'a time that only the server reads', more: { collected_at: '2026-11-23' } },
    { name: 'a time in the future', more: { collected_at: '2999-01-01T00:00:00Z' } },
    { name: 'an id of two lines', more: { subject: 'user:a\nb' } },
    { name: 'nobody', more: { subject: 'alice' } },
    { name: 'a purpose nobody published', more: { purpose: 'nothing' } },
    { name: 'a regime nobody published', more: { regime: 'moon' } },
  ])('leaves $name to the server', async ({ more }) => {
    const question = about('odd', more)
    const [own, theirs] = [await embedded.check(question), await assent.check(question)]
    expect([own.allowed, own.reason, own.error?.code]).toEqual([
      theirs.allowed,
      theirs.reason,
      theirs.error?.code,
    ])
    expect(embedded.peek(question)?.allowed ?? false).toBe(false)
  })
})

describe('embedded, cut off', () => {
  test.each<{ name: string; fault: () => void }>([
    { name: 'freezes', fault: () => proxy.freeze() },
    { name: 'refuses', fault: () => proxy.refuse() },
    { name: 'lets answers through three seconds late', fault: () => proxy.delay(3_000) },
  ])('says no to everything within two seconds where the network $name, and recovers', async ({ fault }) => {
    await seen(await say('cut', 'grant'))
    expect(await embedded.check(about('cut'))).toMatchObject({ allowed: true })
    fault()
    const tookMs = await isStale()
    // Two seconds after the last contact, and a little for this machine.
    expect(tookMs).toBeLessThan(3_000)
    expect(embedded.peek(about('cut'))).toMatchObject({ allowed: false, reason: 'stale' })
    expect(await embedded.check(about('cut'))).toMatchObject({ allowed: false, reason: 'stale' })
    await say('cut', 'withdraw')
    proxy.thaw()
    proxy.mend()
    expect(await embedded.ready(30_000)).toBe(true)
    // Fresh means that the withdrawal was seen.
    expect(await embedded.check(about('cut'))).toMatchObject({ allowed: false, reason: 'consent_withdrawn' })
  })

  test('is stale before the first contact and after the end', async () => {
    proxy.refuse()
    const early = assent.embed()
    expect(early.peek(about('x'))).toMatchObject({ reason: 'stale' })
    expect(await early.ready(300)).toBe(false)
    expect(await early.check(about('x'))).toMatchObject({ allowed: false, reason: 'stale' })
    early.close()
    proxy.mend()
    await embedded.check(about('x'))
    embedded.close()
    expect(embedded.peek(about('x'))).toMatchObject({ allowed: false, reason: 'stale' })
  })

  test('says what is wrong where the key may not follow', async () => {
    const troubles: string[] = []
    const key = await api.makeKey('decisions:read')
    const blind = createAssent({ url: api.url, key })
    const own = blind.embed({ onTrouble: ({ code }) => troubles.push(code) })
    await say('moves-the-log', 'grant')
    while (!troubles.includes('scope_missing')) await delay(5)
    own.close()
  })
})
