import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeBootstrapKey, type RunningServer, startServer } from '../running-server.ts'
import { stretchWire, type Wire } from './wire.ts'

const people = 300
const stalenessMs = 2_000
const key = makeBootstrapKey()
const dirs: string[] = []
const agent = new Agent({ keepAlive: true })

let primary: RunningServer
/** Follows the database, as a role that may read a few columns and nothing else. */
let first: RunningServer
/** Follows the first follower. */
let second: RunningServer
let databaseWire: Wire
let feedWire: Wire
let owner: pg.ClientConfig

const dir = () => {
  const made = mkdtempSync(join(tmpdir(), 'assent-followers-'))
  dirs.push(made)
  return made
}

// These are the rights that docs/a-second-node.md asks for.
const readerRights = `
  CREATE ROLE assent_follow LOGIN PASSWORD 'follow';
  GRANT CONNECT ON DATABASE assent TO assent_follow;
  GRANT USAGE ON SCHEMA public TO assent_follow;
  GRANT SELECT ON log_heads, events, state_shapes, subject_states, installation, _prisma_migrations TO assent_follow;
  GRANT SELECT (organisation_id, subject_id, digest) ON identifiers TO assent_follow;`

beforeAll(async () => {
  const home = dir()
  primary = await startServer(home, key)
  const passwords = JSON.parse(readFileSync(join(home, 'postgres.json'), 'utf8')) as { owner: string }
  const [, , , port = '', socket = ''] = readFileSync(join(home, 'postgres/postmaster.pid'), 'utf8').split(
    '\n',
  )
  owner = {
    host: socket,
    port: Number(port),
    user: 'assent_owner',
    password: passwords.owner,
    database: 'assent',
  }
  await asOwner(readerRights)
  databaseWire = await stretchWire({ path: join(socket, `.s.PGSQL.${port}`) })
  const secretFile = { ASSENT_SECRET_KEY_FILE: join(home, 'secret.key') }
  first = await startServer(
    dir(),
    key,
    {
      ...secretFile,
      DATABASE_URL: `postgresql://assent_follow:follow@127.0.0.1:${databaseWire.port}/assent`,
    },
    ['--role=decisions'],
  )
  feedWire = await stretchWire({ host: '127.0.0.1', port: Number(new URL(first.url).port) })
  second = await startServer(
    dir(),
    key,
    {
      ...secretFile,
      ASSENT_FOLLOW_URL: `http://127.0.0.1:${feedWire.port}`,
      ASSENT_FOLLOW_KEY: key,
    },
    ['--role=decisions'],
  )
})
afterAll(async () => {
  await Promise.all([second, first, primary].map((server) => server?.stop()))
  await Promise.all([feedWire?.close(), databaseWire?.close()])
  for (const made of dirs) rmSync(made, { recursive: true, force: true })
})

async function asOwner(sql: string): Promise<void> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

type Answer = { readonly status: number; readonly body: Record<string, unknown> }

function call(server: RunningServer, method: string, path: string, body?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${server.url}${path}`,
      { agent, method, headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' } },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text || '{}') }),
        )
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

async function record(person: string, act: 'grant' | 'withdraw'): Promise<string> {
  const { status, body } = await call(primary, 'POST', '/v1/consents', {
    subject: `user:${person}`,
    property: 'demo',
    notice: { key: 'starter', version: 1, locale: 'en' },
    evidence: { method: 'form' },
    choices: [{ purpose: 'ai_training', act }],
  })
  expect(status).toBe(201)
  return String(body.revision)
}

const ask = (server: RunningServer, person: string, atLeast?: string) =>
  call(server, 'POST', '/v1/check', {
    subject: `user:${person}`,
    purpose: 'ai_training',
    collected_at: new Date().toISOString(),
    ...(atLeast === undefined ? {} : { at_least: atLeast }),
  })

const followers = () => [first, second]

async function untilReady(server: RunningServer): Promise<void> {
  for (let waited = 0; (await call(server, 'GET', '/readyz')).status !== 200; waited++) {
    expect(waited, `${server.url} is not ready again`).toBeLessThan(300)
    await delay(50)
  }
}

/** Asks the whole time; answers what it got and when it asked, by `performance.now()`. */
function keepAsking(server: RunningServer, person: string, atLeast?: string) {
  const answers: { readonly askedAt: number; readonly body: Record<string, unknown> }[] = []
  let isOver = false
  const asking = (async () => {
    while (!isOver) {
      const askedAt = performance.now()
      const { status, body } = await ask(server, person, atLeast)
      expect(status).toBe(200)
      answers.push({ askedAt, body })
      await delay(2)
    }
  })()
  return async () => {
    isOver = true
    await asking
    return answers
  }
}

describe('three nodes: one that writes, one that follows its database, one that follows that one', () => {
  test('a follower says what it is, and how far and how old what it knows is', async () => {
    for (const server of followers()) {
      const ready = await call(server, 'GET', '/readyz')
      expect(ready.body).toMatchObject({ ready: true, role: 'decisions', revision: expect.any(String) })
      expect(ready.body.lag_ms).toBeLessThan(stalenessMs)
      const { body } = await ask(server, 'nobody')
      expect(body).toMatchObject({ allowed: false, reason: 'never_asked', revision: ready.body.revision })
      expect(body.lag_ms).toBeLessThan(stalenessMs)
      for (const [method, path] of [
        ['POST', '/v1/consents'],
        ['GET', '/admin'],
        ['GET', '/v1/events'],
        ['GET', '/'],
      ] as const) {
        const answered = await call(server, method, path)
        expect(answered).toMatchObject({ status: 421, body: { code: 'node_only_decides' } })
      }
      const explained = await call(server, 'POST', '/v1/explain', {
        subject: 'user:x',
        purpose: 'ai_training',
      })
      expect(explained.body.trace).toHaveLength(15)
    }
  })

  // Who names the revision of a withdrawal never gets an answer from before it, whatever the nodes do.
  test('a withdrawal reaches every follower, and with `at_least` there is never a yes after it', async () => {
    let last = ''
    for (let n = 0; n < people; n++) last = await record(`p${n}`, 'grant')
    for (const server of followers()) {
      expect((await ask(server, `p${people - 1}`, last)).body).toMatchObject({ reason: 'consent_given' })
    }
    const latencies: number[][] = [[], []]
    for (let n = 0; n < people; n++) {
      const revision = await record(`p${n}`, 'withdraw')
      const acknowledgedAt = performance.now()
      await Promise.all(
        followers().flatMap((server, index) => [
          ask(server, `p${n}`, revision).then(({ body }) => {
            expect(body).toMatchObject({ allowed: false, reason: 'consent_withdrawn' })
          }),
          (async () => {
            while ((await ask(server, `p${n}`)).body.allowed === true) {
              expect(performance.now() - acknowledgedAt).toBeLessThan(stalenessMs)
            }
            latencies[index]!.push(performance.now() - acknowledgedAt)
          })(),
        ]),
      )
    }
    for (const [index, each] of latencies.entries()) {
      each.sort((a, b) => a - b)
      const at = (share: number) => each[Math.floor(each.length * share)]!.toFixed(1)
      console.info(`withdrawal to denial, follower ${index + 1}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`)
    }
  })

  test('`at_least` of what is not there yet waits, and then denies', async () => {
    const { body } = await call(first, 'GET', '/readyz')
    const [log, seq] = String(body.revision).split(':')
    for (const server of followers()) {
      const began = performance.now()
      const answered = await ask(server, 'p0', `${log}:${Number(seq) + 1_000}`)
      expect(answered.body).toMatchObject({ allowed: false, reason: 'stale' })
      expect(performance.now() - began).toBeGreaterThanOrEqual(990)
    }
  })

  const cuts = [
    {
      name: 'the database’s connection is closed',
      wire: () => databaseWire,
      how: 'cut',
      behind: () => [first, second],
    },
    {
      name: 'the database’s connection is frozen',
      wire: () => databaseWire,
      how: 'freeze',
      behind: () => [first, second],
    },
    { name: 'the feed’s connection is closed', wire: () => feedWire, how: 'cut', behind: () => [second] },
    { name: 'the feed’s connection is frozen', wire: () => feedWire, how: 'freeze', behind: () => [second] },
  ] as const

  // What a follower does not hear of it may say yes to for the staleness bound, and never with the revision named.
  test.each(cuts)('when $name nobody behind it says yes beyond the bound', async ({ wire, how, behind }) => {
    const person = `cut-${Math.random()}`
    const granted = await record(person, 'grant')
    for (const server of followers()) expect((await ask(server, person, granted)).body.allowed).toBe(true)
    wire()[how]()
    const cutAt = performance.now()
    const revision = await record(person, 'withdraw')
    const plain = behind().map((server) => keepAsking(server, person))
    const exact = behind().map((server) => keepAsking(server, person, revision))
    await delay(stalenessMs + 1_500)
    for (const server of behind()) {
      const ready = await call(server, 'GET', '/readyz')
      expect(ready).toMatchObject({ status: 503, body: { ready: false, code: 'not_ready' } })
      expect(ready.body.lag_ms).toBeGreaterThan(stalenessMs)
    }
    for (const stop of plain) {
      const answers = await stop()
      const late = answers.filter(({ askedAt }) => askedAt > cutAt + stalenessMs)
      expect(late.length).toBeGreaterThan(50)
      for (const { body } of late) expect(body).toMatchObject({ allowed: false, reason: 'stale' })
      for (const { body } of answers)
        if (body.allowed === true) expect(body.lag_ms).toBeLessThanOrEqual(stalenessMs)
    }
    for (const stop of exact) {
      const answers = await stop()
      expect(answers.length).toBeGreaterThan(0)
      for (const { body } of answers) expect(body.allowed).toBe(false)
    }
    const untouched = followers().filter((server) => !(behind() as readonly RunningServer[]).includes(server))
    for (const server of untouched) expect((await ask(server, person)).body.reason).toBe('consent_withdrawn')
    wire().mend()
    for (const server of behind()) {
      await untilReady(server)
      expect((await ask(server, person, revision)).body.reason).toBe('consent_withdrawn')
    }
  })

  test('when the log begins a new epoch, as after a restore, every node loads it again', async () => {
    const person = 'before-the-restore'
    await record(person, 'grant')
    await asOwner('UPDATE log_heads SET epoch = epoch + 1')
    for (const server of [primary, ...followers()]) {
      for (let waited = 0; ; waited++) {
        expect(waited).toBeLessThan(300)
        const { status, body } = await call(server, 'GET', '/readyz')
        if (status === 200 && String(body.revision).startsWith('1.0:')) break
        await delay(50)
      }
      expect((await ask(server, person)).body.reason).toBe('consent_given')
    }
    const revision = await record(person, 'withdraw')
    expect(revision).toMatch(/^1\.0:/)
    for (const server of followers()) {
      expect((await ask(server, person, revision)).body.reason).toBe('consent_withdrawn')
    }
  })

  test('when the writing node dies and comes back, followers go on without a restart', async () => {
    const home = dirs[0]!
    const person = 'across-the-restart'
    await record(person, 'grant')
    primary.process.kill('SIGKILL')
    await primary.ended
    primary = await startServer(home, key)
    const revision = await record(person, 'withdraw')
    for (const server of followers()) {
      await untilReady(server)
      expect((await ask(server, person, revision)).body.reason).toBe('consent_withdrawn')
    }
  })
})

describe('a node that only decides does not start', () => {
  const secretFile = () => ({ ASSENT_SECRET_KEY_FILE: join(dirs[0]!, 'secret.key') })
  const start = (env: Record<string, string>) => startServer(dir(), key, env, ['--role=decisions'])
  const feed = (url: string, followKey = key) => ({ ASSENT_FOLLOW_URL: url, ASSENT_FOLLOW_KEY: followKey })
  const otherSecret = { ASSENT_SECRET_KEY: Buffer.alloc(32, 7).toString('base64url') }

  test('with another secret key, an unknown key, or a wrong environment, and says why', async () => {
    await expect(start({ ...feed(first.url), ...otherSecret })).rejects.toThrow(/fingerprint [0-9a-f]{16}/)
    const url = `postgresql://assent_follow:follow@127.0.0.1:${databaseWire.port}/assent`
    await expect(start({ DATABASE_URL: url, ...otherSecret })).rejects.toThrow(/fingerprint [0-9a-f]{16}/)
    const unknown = feed(first.url, makeBootstrapKey())
    await expect(start({ ...unknown, ...secretFile() })).rejects.toThrow(/scope replica:read/)
    await expect(start(secretFile())).rejects.toThrow(/ASSENT_FOLLOW_URL or DATABASE_URL/)
    await expect(start(feed(first.url))).rejects.toThrow(/ASSENT_SECRET_KEY/)
  })
})
