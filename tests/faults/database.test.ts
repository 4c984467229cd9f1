import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deriveKeys } from '../../lib/auth/derive-keys.ts'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../lib/storage/embedded/start-embedded-postgres.ts'
import { checkLog } from '../../lib/storage/ledger/testing/check-log.ts'
import { makeBootstrapKey, type RunningServer, startServer } from '../running-server.ts'

/** A database of its own that Assent does not start again: it can be away for as long as a test wants. */
let given: string
let own: string
let postgres: EmbeddedPostgres
let server: RunningServer
const key = makeBootstrapKey()

beforeEach(async () => {
  given = mkdtempSync(join(tmpdir(), 'assent-fault-'))
  own = mkdtempSync(join(tmpdir(), 'assent-fault-'))
  postgres = await startPostgres()
  const { host, user, password, database } = postgres.owner
  const url = `postgresql://${user}:${password}@localhost/${database}?host=${encodeURIComponent(host)}`
  server = await startServer(own, key, { DATABASE_URL: url })
})
afterEach(async () => {
  // What a failed test left standing still would never stop.
  for (const pid of processesOfPostgres()) signal(pid, 'SIGCONT')
  await server.stop()
  await postgres.stop()
  for (const dir of [given, own]) rmSync(dir, { recursive: true, force: true })
})

const startPostgres = () => startEmbeddedPostgres({ dataDir: given, log: () => undefined })

async function post(path: string, body: object, headers: Record<string, string> = {}) {
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as Record<string, unknown>,
  }
}

const grant = (subject: string) =>
  post(
    '/v1/consents',
    {
      subject,
      property: 'demo',
      notice: { key: 'starter', version: 1, locale: 'en' },
      evidence: { method: 'form' },
      choices: [{ purpose: 'ai_training', act: 'grant' }],
    },
    { 'Idempotency-Key': `grant-${subject}` },
  )

const ask = async (subject: string) =>
  (await post('/v1/check', { subject, purpose: 'ai_training', collected_at: new Date().toISOString() })).body

/** Asks until the reason is `wanted`; answers what was answered before, with when it was asked for. */
async function reasonsUntil(wanted: string, subject: string, withinMs: number) {
  const seen: { readonly reason: unknown; readonly askedMs: number }[] = []
  const began = performance.now()
  for (;;) {
    const askedMs = performance.now() - began
    const { reason } = await ask(subject)
    if (reason === wanted) return seen
    seen.push({ reason, askedMs })
    expect(askedMs, `no ${wanted} within ${withinMs} ms`).toBeLessThan(withinMs)
    await delay(20)
  }
}

/** The server process and those it started. */
function processesOfPostgres(): readonly number[] {
  const children = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ')
      return Number(fields[1]) === postgres.pid
    } catch {
      return false
    }
  })
  return [postgres.pid, ...children.map(Number)]
}

/** One that ended meanwhile needs no signal. */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

describe('a database that goes away', () => {
  const faults = [
    {
      name: 'dies in the middle of a batch',
      away: async () => {
        process.kill(postgres.pid, 'SIGKILL')
        await postgres.exited
      },
      back: async () => {
        postgres = await startPostgres()
      },
    },
    {
      name: 'stands still in the middle of a batch',
      away: async () => {
        for (const pid of processesOfPostgres()) signal(pid, 'SIGSTOP')
      },
      back: async () => {
        for (const pid of processesOfPostgres()) signal(pid, 'SIGCONT')
      },
    },
  ]
  test.each(faults)(
    '$name: questions go on until the bound, writes say so, and both come back',
    async ({ away, back }) => {
      expect((await grant('user:alice')).status).toBe(201)
      expect(await ask('user:alice')).toMatchObject({ reason: 'consent_given' })

      const acknowledged: string[] = []
      const underWay = Array.from({ length: 400 }, async (_, n) => {
        const { status } = await grant(`user:w${n}`)
        if (status === 201) acknowledged.push(`user:w${n}`)
        return status
      })
      await delay(20)
      await away()

      // Up to two seconds after the last contact the answer is the one that was true; then it is a no.
      for (const { reason, askedMs } of await reasonsUntil('stale', 'user:alice', 15_000)) {
        expect(reason).toBe('consent_given')
        expect(askedMs).toBeLessThan(2_000)
      }
      const refused = await grant('user:late')
      expect(refused).toMatchObject({ status: 503, body: { code: 'log_unavailable' } })
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)

      await back()
      for (const status of await Promise.all(underWay)) expect([201, 503]).toContain(status)
      await reasonsUntil('consent_given', 'user:alice', 20_000)
      // The same server, not started again, records what it turned away, and doubles nothing.
      for (let tries = 0; (await grant('user:late')).status !== 201; tries++) {
        expect(tries).toBeLessThan(100)
        await delay(100)
      }
      for (let n = 0; n < 400; n++) expect((await grant(`user:w${n}`)).status).toBe(201)
      for (const subject of acknowledged)
        expect(await ask(subject)).toMatchObject({ reason: 'consent_given' })
      expect(server.process.exitCode).toBeNull()

      const secret = Buffer.from(readFileSync(join(own, 'secret.key'), 'utf8').trim(), 'base64url')
      await checkLog(postgres.owner, deriveKeys(secret))
      const client = new pg.Client(postgres.owner)
      await client.connect()
      const { rows } = await client.query("SELECT count(*)::int AS n FROM events WHERE act = 'granted'")
      await client.end()
      expect(rows).toEqual([{ n: 402 }])
    },
  )
})
