import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeApiKey } from '../auth/api-keys.ts'
import { createDecisions } from '../decisions/create-decisions.ts'
import { createReplicaFeed } from '../replica/replica-feed.ts'
import { createLogSource } from '../storage/ledger/log-source.ts'
import { openStateStream } from '../storage/ledger/state-stream.ts'
import { createDecisionNodeApi } from './create-decision-node-api.ts'
import { defaultLimits } from './limits/key-limits.ts'
import { createRememberedFilters } from './remembered-filters.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { openSse, type SseEvent } from './testing/read-sse.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'
import { createCountsOnly } from './usage/counts-only.ts'

const hourMs = 3_600_000
const time = { nowMs: Date.now() }
const question = { subject: 'user:alice', purpose: 'ai_training' }

let api: RunningApi
beforeAll(async () => {
  api = await startApi({ clock: () => time.nowMs })
})
afterAll(() => api.close())

type Made = {
  id: string
  key: string
  name: string
  replaces: string | null
  replaced: { id: string; expires_at: string | null }
}
const bearer = (key: string) => ({ Authorization: `Bearer ${key}` })

async function make(body: object = {}): Promise<Made> {
  const made = await api.call('POST', '/v1/keys', { name: 'Trainer', scopes: ['decisions:read'], ...body })
  expect(made.status).toBe(201)
  return made.body as Made
}
async function rotate(id: string, overlap_hours: number): Promise<Made> {
  const rotated = await api.call('POST', `/v1/keys/${id}/rotate`, { overlap_hours })
  expect(rotated).toMatchObject({ status: 201 })
  return rotated.body as Made
}
async function listed(query = ''): Promise<Record<string, unknown>[]> {
  return (await api.call('GET', `/v1/keys${query}`)).body.keys as Record<string, unknown>[]
}
const find = async (id: string, query = '') => (await listed(query)).find((key) => key.id === id)

/** Asks a port over one of the agent's connections. */
function ask(port: number, key: string, agent: Agent, path = '/v1/check', body = JSON.stringify(question)) {
  return new Promise<number>((resolve, reject) => {
    const asking = request(
      {
        ...{ port, host: '127.0.0.1', method: 'POST', path, agent },
        headers: {
          ...bearer(key),
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
        },
      },
      (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    asking.on('error', reject)
    asking.end(body)
  })
}

/** A node that follows the database and only decides, by the same clock. */
async function aFollower() {
  const sources = [createLogSource(api.database.serve), createLogSource(api.database.serve)] as const
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const clock = () => time.nowMs
  const decisions = await createDecisions({ source: sources[0], lookupKey: api.keys.lookup, clock, log })
  const replica = createReplicaFeed({
    decisions,
    source: sources[1],
    openState: async () => openStateStream(api.database.serve, api.keys.fingerprint),
  })
  const node = createDecisionNodeApi({
    ...{ decisions, replica, clock, log, limits: defaultLimits, publicUrl: 'http://localhost:3000' },
    ...{ filters: createRememberedFilters(), usage: createCountsOnly(decisions) },
    ...{ publicOrganisation: api.organisationId, follows: 'the log' },
  })
  const http = createServer(node.handler)
  const lane = node.openFastLane(http)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    decisions,
    port: (http.address() as AddressInfo).port,
    async close() {
      lane.close()
      http.closeAllConnections()
      http.close()
      replica.close()
      await decisions.close()
      await Promise.all(sources.map((source) => source.close()))
    },
  }
}

describe('a key that ends', () => {
  // It ends by the clock of each node alone: nothing has to run, and nothing has to arrive, at that moment.
  test('is a key until the millisecond before, and none from it on, wherever it is presented', async () => {
    const follower = await aFollower()
    const agent = new Agent({ keepAlive: true })
    const old = await make({ scopes: ['decisions:read', 'consents:write', 'config:read'] })
    const successor = await rotate(old.id, 24)
    const endsAtMs = Date.parse(successor.replaced.expires_at!)
    expect(endsAtMs).toBe(time.nowMs + 24 * hourMs)
    await follower.decisions.waitFor(api.decisions.revision(), 60_000)
    const asItIs = async (key: string) => ({
      lane: await ask(api.port, key, agent),
      write: await ask(
        ...([api.port, key, agent, '/v1/consents'] as const),
        JSON.stringify({ subject: 'user:alice', choices: [{ purpose: 'ai_training', act: 'deny' }] }),
      ),
      byHand: await ask(api.port, key, agent, '/v1/check?'),
      declared: (await api.call('GET', '/v1/purposes', undefined, bearer(key))).status,
      follower: await ask(follower.port, key, agent),
    })
    const live = { lane: 200, write: 201, byHand: 200, declared: 200, follower: 200 }
    const ended = { lane: 401, write: 401, byHand: 401, declared: 401, follower: 401 }
    time.nowMs = endsAtMs - 1
    expect(await asItIs(old.key)).toEqual(live)
    time.nowMs = endsAtMs
    expect(await asItIs(old.key)).toEqual(ended)
    expect(await asItIs(successor.key)).toEqual(live)
    // What was answered by a later time is not taken back by an earlier one.
    time.nowMs = endsAtMs - 1
    expect(await asItIs(old.key)).toEqual(ended)
    agent.destroy()
    await follower.close()
  })

  test('is told as such, is live until then, and listed with the revoked from then on', async () => {
    const old = await make({ legal_entity: 'Example Ltd' })
    const successor = await rotate(old.id, 1)
    const { expires_at } = successor.replaced
    expect(successor).toMatchObject({ name: 'Trainer', replaces: old.id, legal_entity: 'Example Ltd' })
    expect(await find(old.id)).toMatchObject({ expires_at, revoked_at: null, legal_entity: 'Example Ltd' })
    expect(await find(successor.id)).toMatchObject({ expires_at: null, replaces: old.id })
    time.nowMs = Date.parse(expires_at!)
    expect(await find(old.id)).toBeUndefined()
    expect(await find(old.id, '?revoked=true')).toMatchObject({ expires_at, revoked_at: null })
    const again = await api.call('POST', `/v1/keys/${old.id}/rotate`, { overlap_hours: 1 })
    expect(again).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })

  // What embeds the decision follows such a stream, and denies once it has ended.
  test('hears no more on the stream of changes that it opened', async () => {
    const old = await make({ scopes: ['changes:read'] })
    const { expires_at } = (await rotate(old.id, 1)).replaced
    const reader = await openSse(
      `${api.url}/v1/changes?after=0:${api.decisions.revision().seq}`,
      bearer(old.key),
    )
    await reader.nextOf('head')
    time.nowMs = Date.parse(expires_at!)
    await make()
    const rest: SseEvent[] = []
    for (let event = await reader.next(); event !== undefined; event = await reader.next()) rest.push(event)
    expect(rest.at(-1)).toMatchObject({ event: 'end', data: { code: 'key_unknown' } })
    expect(rest.filter(({ event }) => event === 'change')).toEqual([])
  })

  test('gets no more time: by another rotation, or by an event that says so', async () => {
    const old = await make()
    const { expires_at } = (await rotate(old.id, 1)).replaced
    expect((await rotate(old.id, 720)).replaced).toEqual({ id: old.id, expires_at })
    const later = [{ act: 'key_expires', key: old.id, atMs: Date.parse(expires_at!) + 1 }] as const
    await expect(api.ledger.publish(api.organisationId, later)).rejects.toMatchObject({
      code: 'definition_invalid',
    })
  })

  test('with no overlap is revoked at once, and so is one that is told to end now', async () => {
    const old = await make()
    const successor = await rotate(old.id, 0)
    expect(successor.replaced).toEqual({ id: old.id, expires_at: null })
    const agent = new Agent()
    expect(await ask(api.port, old.key, agent)).toBe(401)
    await rotate(successor.id, 720)
    expect(await ask(api.port, successor.key, agent)).toBe(200)
    expect((await api.call('DELETE', `/v1/keys/${successor.id}`)).status).toBe(200)
    expect(await ask(api.port, successor.key, agent)).toBe(401)
    expect(await find(successor.id, '?revoked=true')).toMatchObject({
      revoked_at: expect.any(String),
      revoked_by: expect.stringMatching(/^key_/),
    })
  })

  test.each([-1, 0.5, 721, '24'])('does not overlap by %s hours', async (overlap_hours) => {
    const { id } = await make()
    const refused = await api.call('POST', `/v1/keys/${id}/rotate`, { overlap_hours })
    expect(refused).toMatchObject({ status: 400, body: { code: 'body_invalid', pointer: '/overlap_hours' } })
  })
})

test('a service that asks over 64 connections while its key is rotated hears no 401 before the end, and nothing else after', async () => {
  const old = await make()
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  let endsAtMs = Number.POSITIVE_INFINITY
  let isOver = false
  const before: number[] = []
  const after: number[] = []
  const rounds = Array.from({ length: 64 }, () => 0)
  const asking = rounds.map(async (_, place) => {
    while (!isOver) {
      const isSentAfter = time.nowMs >= endsAtMs
      const status = await ask(api.port, old.key, agent)
      if (time.nowMs < endsAtMs) before.push(status)
      // What was under way when the end came may have come either way.
      else if (isSentAfter) after.push(status)
      rounds[place]! += 1
    }
  })
  const allAskedAgain = async () => {
    const since = [...rounds]
    while (rounds.some((done, place) => done < since[place]! + 3)) await new Promise(setImmediate)
  }
  await allAskedAgain()
  const successor = await rotate(old.id, 24)
  endsAtMs = Date.parse(successor.replaced.expires_at!)
  await allAskedAgain()
  time.nowMs = endsAtMs - 1
  await allAskedAgain()
  time.nowMs = endsAtMs
  await allAskedAgain()
  isOver = true
  await Promise.all(asking)
  agent.destroy()
  expect([new Set(before), new Set(after)]).toEqual([new Set([200]), new Set([401])])
  expect(await ask(api.port, successor.key, new Agent())).toBe(200)
})

describe('GET /v1/keys', () => {
  test('says who made a key, to who may know members, and when it was last used, whatever for', async () => {
    const owner = await api.signInAs('owner')
    const developer = await api.signInAs('developer')
    const made = await api.call('POST', '/v1/keys', { name: 'Made', scopes: ['config:read'] }, owner)
    const { id, key } = made.body as Made
    const created_by = expect.stringMatching(/^member:/)
    const mine = async (headers: Record<string, string>) =>
      ((await api.call('GET', '/v1/keys', undefined, headers)).body.keys as { id: string }[]).find(
        (each) => each.id === id,
      )
    expect(await mine(owner)).toMatchObject({
      ...{ created_by, created_by_name: expect.stringMatching(/^owner-/), last_used_at: null },
      created_at: expect.any(String),
    })
    expect(await mine(developer)).toMatchObject({ created_by, created_by_name: null })
    expect((await api.call('GET', '/v1/purposes', undefined, bearer(key))).status).toBe(200)
    expect(await mine(owner)).toMatchObject({ last_used_at: new Date(time.nowMs).toISOString() })
    await api.usage.flush()
    const minute = new Date(Math.floor(time.nowMs / 60_000) * 60_000).toISOString()
    expect(await mine(owner)).toMatchObject({ last_used_at: minute })
    expect(JSON.stringify(await listed())).not.toContain(key)
  })

  test('gives nothing of another organisation, nor can it be made to replace a key there', async () => {
    const other = await otherOrganisation(api)
    const { id } = await make()
    const { keys } = (await api.call('GET', '/v1/keys', undefined, bearer(other.key))).body
    expect((keys as { name: string }[]).map(({ name }) => name)).toEqual(['Theirs'])
    const { definition } = makeApiKey('Thief', ['decisions:read'], { replaces: id })
    const body = { act: 'key_created', definition } as const
    await expect(api.ledger.publish(other.organisationId, [body])).rejects.toMatchObject({
      code: 'definition_invalid',
    })
  })

  test('nobody gets a scope by rotating that she does not hold', async () => {
    const { id } = await make({ scopes: ['decisions:read', 'consents:write'] })
    const developer = await api.signInAs('developer')
    const refused = await api.call('POST', `/v1/keys/${id}/rotate`, { overlap_hours: 1 }, developer)
    expect(refused).toMatchObject({ status: 403, body: { code: 'scope_missing' } })
    expect(await find(id)).toMatchObject({ expires_at: null })
  })
})
