import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { AssentApiError, type AssentClient } from '../client.ts'
import type { Change } from '../follow-changes.ts'
import { FeedFollower, stalenessBoundMs } from './feed-follower.ts'
import { momentNow } from './moment.ts'

type Server = { log: string; seq: number; lagMs: number; answersAfterMs: number; isMute: boolean }

/** A server as its follower sees it: a log that may end, begin again, lag, or answer late. */
function aServer(changes: Partial<Server> = {}) {
  const server: Server = { log: '0', seq: 5, lagMs: 0, answersAfterMs: 0, isMute: false, ...changes }
  const at = (seq: number) => `${server.log}:${seq}`
  const client = {
    async exchange() {
      const body = JSON.stringify({ ready: true, revision: at(server.seq), lag_ms: server.lagMs })
      await delay(server.answersAfterMs)
      if (server.isMute) throw new AssentApiError(0, 'unreachable', 'Nobody is there.')
      return { response: new Response(), bytes: new TextEncoder().encode(body).buffer }
    },
    async call(_method: string, path: string) {
      const query = new URL(path, 'http://x').searchParams
      const after = query.get('after')!
      await delay(server.answersAfterMs + 5)
      const isNothingNew = () => Number(after.split(':')[1]) >= server.seq && !server.isMute
      for (let n = 0; query.get('wait') !== '0' && isNothingNew() && n < 2_000; n++) await delay(5)
      if (server.isMute) throw new AssentApiError(0, 'unreachable', 'Nobody is there.')
      const [log, seq] = after.split(':')
      if (log !== server.log || Number(seq) > server.seq) {
        throw new AssentApiError(409, 'revision_unknown', 'This log began again.')
      }
      const own = Array.from({ length: server.seq - Number(seq) }, (_, n) => Number(seq) + n + 1)
      return {
        from: after,
        to: at(server.seq),
        head: at(server.seq),
        changes: own.map((each) => ({ revision: at(each), previous: at(each - 1), subject: `sub_${each}` })),
      }
    },
  }
  return { server, client: client as unknown as Pick<AssentClient, 'call' | 'exchange'> }
}

let follower: FeedFollower
afterEach(() => follower.close())

function follow(client: Pick<AssentClient, 'call' | 'exchange'>) {
  const told = { begun: [] as string[], seen: [] as string[], troubles: [] as string[] }
  follower = new FeedFollower(client, {
    begin: ({ log, seq }) => told.begun.push(`${log}:${seq}`),
    see: ({ revision }: Change) => told.seen.push(revision),
    hear: () => undefined,
    trouble: ({ code }) => told.troubles.push(code),
  })
  return told
}

async function until(is: () => boolean) {
  for (let n = 0; n < 2_000 && !is(); n++) await delay(5)
  expect(is()).toBe(true)
}
const isFresh = () => follower.isFresh(momentNow())

describe('the follower of the feed', () => {
  test('begins at the log’s end, and sees each change once though two readers read it', async () => {
    const { server, client } = aServer()
    const told = follow(client)
    expect(await follower.ready(10_000)).toBe(true)
    for (let n = 0; n < 20; n++) {
      server.seq += 3
      await delay(3)
    }
    await until(() => told.seen.length === 60)
    expect(told.begun).toEqual(['0:5'])
    expect(told.seen).toEqual(Array.from({ length: 60 }, (_, n) => `0:${n + 6}`))
  })

  test('begins again where the log does, and knows nothing in between', async () => {
    const { server, client } = aServer()
    const told = follow(client)
    await follower.ready(10_000)
    Object.assign(server, { log: '1.0', seq: 3 })
    await until(() => told.begun.length === 2)
    expect(told.begun).toEqual(['0:5', '1.0:3'])
    await until(isFresh)
    expect(follower.revision).toBe('1.0:3')
  })

  test('begins again where the log went back under the same name', async () => {
    const { server, client } = aServer({ seq: 50 })
    const told = follow(client)
    await follower.ready(10_000)
    // The long poll at 50 goes on waiting: it is the heartbeat that finds out.
    server.seq = 40
    await until(() => told.begun.includes('0:40'))
    expect(told.troubles).toContain('revision_unknown')
  })

  test('is no fresher than the server it asks', async () => {
    const { client } = aServer({ lagMs: stalenessBoundMs })
    follow(client)
    expect(await follower.ready(1_000)).toBe(false)
  })

  test('counts from when it asked, not from when it was answered', async () => {
    const { client } = aServer({ lagMs: 1_500, answersAfterMs: 600 })
    follow(client)
    expect(await follower.ready(2_000)).toBe(false)
  })

  test('is stale once nobody was heard for two seconds', async () => {
    const { server, client } = aServer()
    follow(client)
    await follower.ready(10_000)
    server.isMute = true
    const now = momentNow()
    await until(() => !isFresh())
    expect(momentNow().monoMs - now.monoMs).toBeLessThanOrEqual(stalenessBoundMs + 500)
    server.isMute = false
    await until(isFresh)
  })

  test('a machine that slept is stale, though its monotonic clock stood still', async () => {
    const { client } = aServer()
    follow(client)
    await follower.ready(10_000)
    const { monoMs, wallMs } = momentNow()
    expect(follower.isFresh({ monoMs, wallMs: wallMs + 3_600_000 })).toBe(false)
    expect(follower.isFresh({ monoMs: monoMs + 3_000, wallMs: wallMs - 3_600_000 })).toBe(false)
  })
})
