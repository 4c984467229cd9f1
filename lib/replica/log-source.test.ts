import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../api/testing/start-api.ts'
import { ConsentIndex } from '../decisions/consent-index.ts'
import { createDecisions } from '../decisions/create-decisions.ts'
import type { LogSource } from '../decisions/log-source.ts'
import type { LogHead } from '../domain/log-head.ts'
import { createLogSource } from '../storage/ledger/log-source.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { createFeedSource } from './create-feed-source.ts'
import { FeedRefused } from './feed-client.ts'

let api: RunningApi
let followKey: string
beforeAll(async () => {
  api = await startApi()
  followKey = await api.makeKey('replica:read')
  await grant('alice')
})
afterAll(async () => {
  await api.close()
})

const subject = (id: string) => ({ namespace: 'user', id })
const grant = (id: string) =>
  api.ledger.recordConsents(aConsent(api.organisationId, { subject: subject(id) }), null)

const feed = (
  changes: { readonly key?: string; readonly url?: string; readonly fingerprint?: string } = {},
) => createFeedSource({ url: api.url, key: followKey, fingerprint: api.keys.fingerprint, ...changes })

const kinds: readonly { name: string; open: () => LogSource & { close(): Promise<void> } }[] = [
  { name: 'a database', open: () => createLogSource(api.database.serve, { listens: true }) },
  { name: 'another node', open: () => feed() },
]
const noWait = { waitMs: 0, eventsMax: 1_000 }

// What an index is told must not depend on where it is told from.
describe.each(kinds)('a log read from $name', ({ open }) => {
  let source: LogSource & { close(): Promise<void> }
  let index: ConsentIndex
  let head: LogHead
  beforeAll(async () => {
    source = open()
    index = new ConsentIndex(api.keys.lookup)
    head = await source.load(index)
  })
  afterAll(async () => {
    await source.close()
  })

  test('is loaded whole, as of its head', () => {
    expect(head).toEqual(api.decisions.contact()?.head)
    expect(index.size()).toMatchObject({
      subjects: api.decisions.size().subjects,
      identifiers: api.decisions.size().identifiers,
    })
    const found = index.find(api.organisationId, 'user', 'alice')
    expect(index.stateOf(found)).toEqual(
      api.decisions.state(api.organisationId, api.decisions.subjectOf(api.organisationId, subject('alice'))!),
    )
  })

  test('gives what follows a place, linked to it, with the identifiers that are new', async () => {
    const before = (await source.read(head, noWait)).head
    await grant(`new-${Math.random()}`)
    const heard = await source.read(before, noWait)
    expect(heard.batches.flatMap(({ events }) => events.map(({ seq }) => seq))).toEqual([before.seq + 1])
    expect(heard.batches[0]).toMatchObject({ previousHash: before.hash, head: heard.head })
    expect(heard.batches[0]?.identifiers).toHaveLength(1)
    expect(heard.batches[0]?.identifiers[0]?.digest).toHaveLength(16)
    expect(heard.head).toEqual(api.decisions.contact()?.head)
  })

  test('gives the same events from any place, however far back', async () => {
    const { head: end } = await source.read(head, noWait)
    const all = [] as number[]
    let last = { ...head, seq: 0, hash: '0'.repeat(64) }
    while (last.seq < end.seq) {
      const { batches } = await source.read(last, { waitMs: 0, eventsMax: 5 })
      for (const batch of batches) {
        expect(batch.previousHash).toBe(last.hash)
        all.push(...batch.events.map(({ seq }) => seq))
        last = batch.head
      }
    }
    expect(all).toEqual(Array.from({ length: end.seq }, (_, index) => index + 1))
    expect(last).toEqual(end)
  })

  test('holds an empty answer back until there is something', async () => {
    const { head: end } = await source.read(head, noWait)
    const began = performance.now()
    const waiting = source.read(end, { waitMs: 5_000, eventsMax: 10 })
    await grant(`late-${Math.random()}`)
    const heard = await waiting
    expect(performance.now() - began).toBeLessThan(4_000)
    expect(heard.head.seq).toBe(end.seq + 1)
    const empty = await source.read(heard.head, { waitMs: 20, eventsMax: 10 })
    expect(empty).toMatchObject({ head: heard.head, batches: [] })
  })

  test('says how old its answer is, and what the database’s clock shows', async () => {
    const heard = await source.read(head, noWait)
    // The test’s own node asks its database at least every 250 ms; a slow machine may add to it.
    expect(heard.ageMs).toBeGreaterThanOrEqual(0)
    expect(heard.ageMs).toBeLessThan(2_000)
    expect(Math.abs(heard.databaseNowMs - Date.now())).toBeLessThanOrEqual(50 + heard.databaseNowErrorMs)
  })

  test.each([
    { name: 'another epoch', place: { epoch: 7 } },
    { name: 'another log', place: { log: 3 } },
  ])('says of a place in $name only where the log ends', async ({ place }) => {
    const heard = await source.read({ ...head, ...place }, noWait)
    expect(heard.batches).toEqual([])
    expect(heard.head).toMatchObject({ epoch: 0, log: 0 })
  })

  test('says of a place beyond its end that it ends before', async () => {
    const heard = await source.read({ ...head, seq: head.seq + 1_000 }, noWait)
    expect(heard.batches).toEqual([])
    expect(heard.head.seq).toBeLessThan(head.seq + 1_000)
  })
})

describe('a feed', () => {
  /** Answers as the real node does, changed by `change`; a text body is cut and a buffer too. */
  async function between(change: (path: string, body: Buffer) => Buffer | 'cut'): Promise<Server> {
    const server = createServer((asked, answer) => {
      const { url: path = '/', headers } = asked
      const sent = request(
        `${api.url}${path}`,
        { headers: { authorization: headers.authorization } },
        (got) => {
          const chunks: Buffer[] = []
          got.on('data', (chunk: Buffer) => chunks.push(chunk))
          got.on('end', () => {
            const body = change(path, Buffer.concat(chunks))
            answer.writeHead(got.statusCode ?? 500)
            if (body === 'cut') answer.write('{', () => answer.destroy())
            else answer.end(body)
          })
        },
      )
      sent.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return server
  }
  const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  test.each([
    { name: 'is cut off', change: (body: Buffer) => body.subarray(0, body.length - 1) },
    { name: 'lacks its last frame', change: (body: Buffer) => body.subarray(0, body.length - 37) },
    {
      name: 'has one bit changed',
      change: (body: Buffer) => {
        const changed = Buffer.from(body)
        changed[body.length - 60]! ^= 1
        return changed
      },
    },
    { name: 'goes on after its end', change: (body: Buffer) => Buffer.concat([body, Buffer.from('H')]) },
    { name: 'is empty', change: () => Buffer.alloc(0) },
    { name: 'begins in its middle', change: (body: Buffer) => body.subarray(5 + body.readUInt32BE(1)) },
    { name: 'is something else', change: () => Buffer.from('<html>') },
  ])('whose stream of states $name is not taken for whole', async ({ change }) => {
    const server = await between((_, body) => change(body))
    const source = feed({ url: urlOf(server) })
    await expect(source.load(new ConsentIndex(api.keys.lookup))).rejects.toThrow()
    await source.close()
    server.close()
  })

  test.each([
    { name: 'is cut off', change: () => 'cut' as const },
    {
      name: 'says no age',
      change: (body: Buffer) => Buffer.from(String(body).replace(/"age_ms":[^,]*/, '"age_ms":null')),
    },
    {
      name: 'names no head',
      change: (body: Buffer) => Buffer.from(String(body).replace(/"seq":\d+/, '"seq":"x"')),
    },
  ])('whose page $name counts for nothing', async ({ change }) => {
    const server = await between((_, body) => change(body))
    const source = feed({ url: urlOf(server) })
    const head = api.decisions.contact()!.head
    await expect(source.read(head, noWait)).rejects.toThrow()
    await source.close()
    server.close()
  })

  test('that was held up on its way is as old as that', async () => {
    let heldMs = 0
    const server = createServer((asked, answer) => {
      const sent = request(
        `${api.url}${asked.url}`,
        { headers: { authorization: `Bearer ${followKey}` } },
        (got) => {
          setTimeout(() => got.pipe(answer), heldMs)
        },
      )
      sent.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const source = feed({ url: urlOf(server) })
    const head = api.decisions.contact()!.head
    heldMs = 300
    expect((await source.read(head, noWait)).ageMs).toBeGreaterThanOrEqual(299)
    await source.close()
    server.close()
  })

  test('of another secret key, without the scope, or with no key is refused for good', async () => {
    const index = () => new ConsentIndex(api.keys.lookup)
    const others = [
      feed({ fingerprint: '0'.repeat(16) }),
      feed({ key: await api.makeKey('decisions:read', 'changes:read', 'audit:read') }),
      feed({ key: `ask_${'x'.repeat(43)}` }),
    ]
    for (const other of others) {
      await expect(other.load(index())).rejects.toBeInstanceOf(FeedRefused)
      await other.close()
    }
  })

  test('carries a withdrawal to a node that follows, and a revoked key', async () => {
    const source = feed()
    const { keys } = api
    const log = { info: () => undefined, warn: () => undefined }
    const node = await createDecisions({ source, lookupKey: keys.lookup, clock: Date.now, log })
    const question = {
      subjects: [subject('alice')],
      purpose: 'ai_training',
      collectedAtMs: Date.now(),
      demandsCollectedAt: false,
      property: null,
      categories: null,
      recipient: null,
      regime: null,
      sourcePurpose: null,
    }
    const reason = () => node.evaluate(api.organisationId, question).decision.reason
    expect(reason()).toBe('consent_given')
    const choices = [{ purpose: 'ai_training', act: 'withdraw' as const }]
    const { revision } = await api.ledger.recordConsents(aConsent(api.organisationId, { choices }), null)
    expect(await node.waitFor(revision, 2_000)).toBe(true)
    expect(reason()).toBe('consent_withdrawn')
    const shown = await api.call('POST', '/v1/keys', { name: 'Gone', scopes: ['decisions:read'] })
    const revoked = await api.call('DELETE', `/v1/keys/${String(shown.body.id)}`)
    const [, seq] = String(revoked.body.revision).split(':')
    expect(await node.waitFor({ epoch: 0, log: 0, seq: Number(seq) }, 2_000)).toBe(true)
    const ids = [...(node.policy(api.organisationId)?.keys.keys() ?? [])]
    expect(ids).not.toContain(shown.body.id)
    await node.close()
    await source.close()
  })
})
