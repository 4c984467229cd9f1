import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deriveKeys } from '../../lib/auth/derive-keys.ts'
import { startEmbeddedPostgres } from '../../lib/storage/embedded/start-embedded-postgres.ts'
import { checkLog } from '../../lib/storage/ledger/testing/check-log.ts'
import { makeBootstrapKey, postmasterPid, type RunningServer, startServer } from '../running-server.ts'

const writes = 5_000
const connections = 128

let dataDir: string
let server: RunningServer
const key = makeBootstrapKey()

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'assent-crash-'))
  server = await startServer(dataDir, key)
})
afterEach(async () => {
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

type Answer = {
  readonly status: number
  readonly body: { readonly events?: readonly { readonly id: string }[] }
}

const agent = new Agent({ keepAlive: true, maxSockets: connections })

function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${server.url}${path}`,
      {
        agent,
        method: 'POST',
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...headers },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text || '{}') }),
        )
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
}

/** One yes to AI training; every third person takes it back in the same breath. */
function write(index: number): Promise<Answer> {
  const act = index % 3 === 0 ? 'withdraw' : 'grant'
  return post(
    '/v1/consents',
    {
      subject: `user:c${index}`,
      property: 'demo',
      notice: { key: 'starter', version: 1, locale: 'en' },
      evidence: { method: 'form' },
      choices: [{ purpose: 'ai_training', act }],
    },
    { 'Idempotency-Key': `write-${index}` },
  )
}

/** Runs `work` for every index, `connections` at a time. */
async function forAll(work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let index = next++; index < writes; index = next++) await work(index)
  }
  await Promise.all(Array.from({ length: connections }, worker))
}

/** The log as it lies on disk, once the server has stopped. */
async function readLog() {
  const postgres = await startEmbeddedPostgres({ dataDir, log: () => undefined })
  try {
    const secret = Buffer.from(readFileSync(join(dataDir, 'secret.key'), 'utf8').trim(), 'base64url')
    const checked = await checkLog(postgres.owner, deriveKeys(secret))
    const client = new pg.Client(postgres.owner)
    await client.connect()
    const { rows } = await client.query<{ count: string }>(
      "SELECT count(*) FROM events WHERE act IN ('granted', 'withdrawn')",
    )
    await client.end()
    return { ...checked, consentEvents: Number(rows[0]?.count) }
  } finally {
    await postgres.stop()
  }
}

async function expectIndexToAnswer(indexes: Iterable<number>): Promise<void> {
  const all = [...indexes]
  let next = 0
  const worker = async () => {
    for (let at = next++; at < all.length; at = next++) {
      const index = all[at]!
      const question = {
        subject: `user:c${index}`,
        purpose: 'ai_training',
        collected_at: new Date().toISOString(),
      }
      const { body } = await post('/v1/check', question)
      expect(body).toMatchObject({ reason: index % 3 === 0 ? 'consent_withdrawn' : 'consent_given' })
    }
  }
  await Promise.all(Array.from({ length: 32 }, worker))
}

describe('an acknowledged write survives', () => {
  test.each([
    { name: 'the server’s sudden death', isPowerCut: false },
    { name: 'the server’s and the database’s sudden death at once', isPowerCut: true },
  ])('$name in the middle of 5,000 writes, with batches in flight', async ({ isPowerCut }) => {
    const acknowledged = new Map<number, readonly string[]>()
    await forAll(async (index) => {
      const answer = await write(index).catch(() => undefined)
      if (answer?.status !== 201) return
      acknowledged.set(
        index,
        answer.body.events!.map(({ id }) => id),
      )
      if (acknowledged.size !== 2_000) return
      if (isPowerCut) process.kill(postmasterPid(dataDir), 'SIGKILL')
      server.process.kill('SIGKILL')
    })
    expect(await server.ended).toBeNull()
    expect(acknowledged.size).toBeGreaterThanOrEqual(2_000)
    expect(acknowledged.size).toBeLessThan(writes)

    server = await startServer(dataDir, key)
    await expectIndexToAnswer(acknowledged.keys())
    // Repeating everything doubles nothing: what was written but not acknowledged is answered as it was.
    await forAll(async (index) => {
      const { status, body } = await write(index)
      expect(status).toBe(201)
      const before = acknowledged.get(index)
      if (before !== undefined) expect(body.events!.map(({ id }) => id)).toEqual(before)
    })
    await server.stop()
    const { eventIds, consentEvents } = await readLog()
    for (const ids of acknowledged.values()) for (const id of ids) expect(eventIds).toContain(id)
    expect(consentEvents).toBe(writes)
  })

  test('the database’s sudden death, three times in 5,000 writes, while the server lives on', async () => {
    let done = 0
    const eventIds = new Map<number, string>()
    const statuses = new Map<number, number>()
    await forAll(async (index) => {
      for (let tries = 0; ; tries++) {
        const { status, body } = await write(index)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        if (status === 201) {
          eventIds.set(index, body.events![0]!.id)
          break
        }
        // 503 says that nothing was written, and that the call may be repeated.
        expect(status).toBe(503)
        expect(tries).toBeLessThan(600)
        await delay(100)
      }
      done += 1
      if (done % 1_000 === 0 && done < 4_000) process.kill(postmasterPid(dataDir), 'SIGKILL')
    })
    expect(statuses.get(503)).toBeGreaterThan(0)
    for (let waited = 0; (await fetch(`${server.url}/readyz`)).status !== 200; waited++) {
      expect(waited).toBeLessThan(100)
      await delay(100)
    }
    await expectIndexToAnswer(eventIds.keys())
    await server.stop()
    const log = await readLog()
    for (const id of eventIds.values()) expect(log.eventIds).toContain(id)
    expect(log.consentEvents).toBe(writes)
  })
})

test('a second server on the same data directory is refused with a word about the first', async () => {
  await expect(startServer(dataDir, key)).rejects.toThrow(
    /already runs on .*, at http:\/\/localhost:\d+ \(pid \d+\)/,
  )
})

test('a port in use, another key and a wrong environment are said in words', async () => {
  const other = mkdtempSync(join(tmpdir(), 'assent-crash-'))
  try {
    const { port } = new URL(server.url)
    await expect(startServer(other, key, { PORT: port })).rejects.toThrow(`port ${port} is in use`)
    await expect(startServer(other, key, { ASSENT_SEED: 'much' })).rejects.toThrow(/ASSENT_SEED/)
    await server.stop()
    const secret = Buffer.alloc(32, 7).toString('base64url')
    await expect(startServer(dataDir, key, { ASSENT_SECRET_KEY: secret })).rejects.toThrow(
      /fingerprint [0-9a-f]{16}/,
    )
    server = await startServer(dataDir, key)
  } finally {
    rmSync(other, { recursive: true, force: true })
  }
})

test('serves from a database that is given to it, and leaves that database running', async () => {
  const given = mkdtempSync(join(tmpdir(), 'assent-given-'))
  const own = mkdtempSync(join(tmpdir(), 'assent-given-'))
  const postgres = await startEmbeddedPostgres({ dataDir: given, log: () => undefined })
  try {
    const { host, user, password, database } = postgres.owner
    const url = `postgresql://${user}:${password}@localhost/${database}?host=${encodeURIComponent(host)}`
    const other = await startServer(own, key, { DATABASE_URL: url })
    const asked = await fetch(`${other.url}/v1/check`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ subject: 'user:alice', purpose: 'analytics' }),
    })
    expect(await asked.json()).toMatchObject({ reason: 'never_asked' })
    expect(await other.stop()).toBe(0)
    const client = new pg.Client(postgres.owner)
    await client.connect()
    expect((await client.query('SELECT count(*)::int AS n FROM organisations')).rows).toEqual([{ n: 1 }])
    await client.end()
  } finally {
    await postgres.stop()
    for (const dir of [given, own]) rmSync(dir, { recursive: true, force: true })
  }
})
