import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../api/testing/start-api.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { type Assent, createAssent } from './assent.ts'
import { type AssentClient, createClient } from './client.ts'
import { type Change, type ChangePage, FeedChain, followChanges } from './follow-changes.ts'
import { type FaultyProxy, startFaultyProxy } from './testing/faulty-proxy.ts'

let api: RunningApi
let proxy: FaultyProxy
let key: string
let assent: Assent
let head: string
beforeAll(async () => {
  api = await startApi()
  proxy = await startFaultyProxy(api.port)
  key = await api.makeKey('changes:read')
  assent = createAssent({ url: proxy.url, key })
  head = (await api.call('GET', '/readyz')).body.revision as string
})
afterEach(() => proxy.mend())
afterAll(async () => {
  await proxy.close()
  await api.close()
})

const say = (id: string) =>
  api.ledger.recordConsents(aConsent(api.organisationId, { subject: { namespace: 'user', id } }), null)

/** Reads until it has `count` changes. */
async function read(after: string, count: number, onTrouble?: (error: Error) => void): Promise<Change[]> {
  const changes: Change[] = []
  const stop = new AbortController()
  for await (const change of assent.watch({ after, signal: stop.signal, onTrouble })) {
    changes.push(change)
    if (changes.length === count) stop.abort()
  }
  return changes
}

describe('watch', () => {
  test('gives every change once, through cuts and absences, and resumes where it was left', async () => {
    const troubles: unknown[] = []
    const reading = read(head, 60, (error) => troubles.push(error))
    const written: string[] = []
    for (let n = 0; n < 60; n++) {
      if (n === 15) proxy.cutAfter(200)
      if (n === 25) proxy.mend()
      if (n === 30) proxy.refuse()
      if (n === 45) proxy.mend()
      const { revision } = await say(`w${n}`)
      written.push(`${revision.log}:${revision.seq}`)
    }
    const changes = await reading
    expect(changes.map(({ revision }) => revision)).toEqual(written)
    expect(troubles.length).toBeGreaterThan(0)
    const rest = await read(changes[39]!.revision, 20)
    expect(rest).toEqual(changes.slice(40))
  })

  test('ends when it is told to, while it waits', async () => {
    const stop = new AbortController()
    const following = assent.watch({ after: head, signal: stop.signal })
    await following.next()
    setTimeout(() => stop.abort(), 20)
    let left = 0
    for await (const _ of following) left += 1
    expect(left).toBe(59)
  })

  test('rejects where the log is not the one it was, and where it may not follow', async () => {
    await expect(read('0:99999999', 1)).rejects.toMatchObject({ code: 'revision_unknown' })
    await expect(read('7.0:1', 1)).rejects.toMatchObject({ code: 'revision_unknown' })
    await expect(read('x', 1)).rejects.toMatchObject({ code: 'parameter_invalid' })
    assent = createAssent({ url: proxy.url, key: await api.makeKey('decisions:read') })
    await expect(read(head, 1)).rejects.toMatchObject({ code: 'scope_missing' })
    assent = createAssent({ url: proxy.url, key })
  })

  test('rejects a feed that leaves one out', async () => {
    const { call } = createClient({ baseUrl: api.url, key })
    const leaky = (async (...args: Parameters<AssentClient['call']>) => {
      const page = (await call(...args)) as ChangePage
      return { ...page, changes: page.changes.filter((_, n) => n !== 7) }
    }) as AssentClient['call']
    const following = followChanges(leaky, { after: head })
    await expect(following.next()).rejects.toMatchObject({ code: 'feed_gap' })
  })
})

describe('the proof that nothing was missed', () => {
  const page = (from: string, to: string, ...changes: readonly (readonly [string, string | null])[]) => ({
    from,
    to,
    head: to,
    changes: changes.map(([revision, previous]) => ({ revision, previous })) as unknown as Change[],
  })

  test.each<{ name: string; pages: readonly ChangePage[] }>([
    {
      name: 'pages that follow',
      pages: [page('0:5', '0:9', ['0:7', '0:4'], ['0:9', '0:7']), page('0:9', '0:9')],
    },
    { name: 'holes that others leave', pages: [page('0:5', '0:20'), page('0:20', '0:30', ['0:25', '0:3'])] },
    { name: 'the first change of all', pages: [page('0:5', '0:8', ['0:8', null])] },
  ])('takes $name', ({ pages }) => {
    const chain = new FeedChain('0:5')
    for (const each of pages) chain.add(each)
    expect(chain.after).toBe(pages.at(-1)!.to)
  })

  test.each<{ name: string; pages: readonly ChangePage[] }>([
    { name: 'a page that begins later', pages: [page('0:6', '0:9')] },
    { name: 'a page of another log', pages: [page('0:5', '1:9')] },
    { name: 'a page that goes back', pages: [page('0:5', '0:4')] },
    { name: 'a change left out before the first', pages: [page('0:5', '0:9', ['0:8', '0:6'])] },
    { name: 'a change left out between', pages: [page('0:5', '0:9', ['0:6', '0:5'], ['0:9', '0:8'])] },
    {
      name: 'a change left out of an empty page',
      pages: [page('0:5', '0:20'), page('0:20', '0:30', ['0:25', '0:9'])],
    },
    { name: 'changes out of order', pages: [page('0:5', '0:9', ['0:9', '0:5'], ['0:6', '0:9'])] },
    { name: 'a change beyond the page', pages: [page('0:5', '0:9', ['0:10', '0:5'])] },
    { name: 'what is no page', pages: [{} as ChangePage] },
  ])('refuses $name', ({ pages }) => {
    const chain = new FeedChain('0:5')
    expect(() => {
      for (const each of pages) chain.add(each)
    }).toThrow('gap')
  })
})
