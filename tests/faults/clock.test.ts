import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeBootstrapKey, type RunningServer, startServer } from '../running-server.ts'

/** Debian's libfaketime: the real server under a clock that the test turns. Its PostgreSQL keeps the true one. */
const libraries = ['x86_64', 'aarch64'].map((name) => `/usr/lib/${name}-linux-gnu/faketime/libfaketime.so.1`)
const library = libraries.find(existsSync)
if (library === undefined) console.warn('Clock jumps are not tested here: install the package faketime.')

const day = 86_400
let dataDir: string
let clockFile: string
let server: RunningServer
const key = makeBootstrapKey()

/** Moves the server's clock, and not the one that only grows, by so many seconds from the true time. */
const turnClock = (seconds: number) => writeFileSync(clockFile, `${seconds < 0 ? '' : '+'}${seconds}\n`)

beforeEach(async () => {
  if (library === undefined) return
  dataDir = mkdtempSync(join(tmpdir(), 'assent-clock-'))
  clockFile = join(dataDir, 'clock')
  turnClock(0)
  server = await startServer(dataDir, key, {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: clockFile,
    FAKETIME_NO_CACHE: '1',
    DONT_FAKE_MONOTONIC: '1',
  })
})
afterEach(async () => {
  if (library === undefined) return
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

async function post(path: string, body: object) {
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

const say = (act: 'grant' | 'withdraw', subject = 'user:alice') =>
  post('/v1/consents', {
    subject,
    property: 'demo',
    notice: { key: 'starter', version: 1, locale: 'en' },
    evidence: { method: 'form' },
    choices: [{ purpose: 'ai_training', act }],
  })

const reason = async (subject = 'user:alice') => {
  const collected_at = new Date().toISOString()
  return (await post('/v1/check', { subject, purpose: 'ai_training', collected_at })).body.reason
}

async function until(wanted: string, subject?: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const seen = await reason(subject)
    if (seen === wanted) return
    expect(tries, `still ${seen}, not ${wanted}`).toBeLessThan(200)
    await delay(50)
  }
}

test.skipIf(library === undefined).each([
  { name: 'forward by a day', seconds: day },
  { name: 'back by a day', seconds: -day },
])(
  'a clock that jumps $name denies, writes nothing at a wrong time, and all comes back with it',
  async ({ seconds }) => {
    expect((await say('grant')).status).toBe(201)
    await until('consent_given')
    turnClock(seconds)
    await until('stale')

    // Whatever is acknowledged meanwhile has the database's time, to a few seconds.
    const { status, body } = await say('withdraw')
    expect([201, 503]).toContain(status)
    if (status === 503) expect(body.code).toBe('log_unavailable')

    turnClock(0)
    await until(status === 201 ? 'consent_withdrawn' : 'consent_given')
    expect((await say('grant', 'user:later')).status).toBe(201)
    await until('consent_given', 'user:later')
    const events = await fetch(`${server.url}/v1/events?limit=100`, {
      headers: { Authorization: `Bearer ${key}` },
    })
    const { events: listed } = (await events.json()) as {
      events: readonly { readonly recorded_at: string }[]
    }
    for (const { recorded_at } of listed) {
      expect(Math.abs(Date.parse(recorded_at) - Date.now())).toBeLessThan(120_000)
    }
  },
)
