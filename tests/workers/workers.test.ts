import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeBootstrapKey, type RunningServer, startServer } from '../running-server.ts'
import { RawConnection, rawPost } from './raw-connection.ts'
import { withdrawThenAsk } from './withdraw-then-ask.ts'
import { readMetric, untilLive, workerPids } from './worker-pids.ts'

const workers = 4
/** On a machine that is busy with something else no answer is a no for its age alone: that is not looked at here. */
const env = { ASSENT_STALENESS_MS: '30000' }
const key = makeBootstrapKey()
let dataDir: string
let server: RunningServer
let port: number

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'assent-workers-'))
  server = await startServer(dataDir, key, { ...env, ASSENT_WORKERS: String(workers) })
  port = Number(new URL(server.url).port)
  await untilLive(server, workers)
})
afterEach(async () => {
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const consent = (subject: string, act: 'grant' | 'withdraw') =>
  rawPost('/v1/consents', key, {
    subject,
    property: 'demo',
    notice: { key: 'starter', version: 1, locale: 'en' },
    evidence: { method: 'form' },
    choices: [{ purpose: 'ai_training', act }],
  })
const question = (subject: string) =>
  rawPost('/v1/check', key, { subject, purpose: 'ai_training', collected_at: new Date().toISOString() })

/** Asks on so many connections that every worker is among those who answer. */
async function askEverywhere(subjects: readonly string[], expected: RegExp): Promise<void> {
  const connections = Array.from({ length: workers * 3 }, () => new RawConnection(port))
  const answers = connections.flatMap((connection) => subjects.map((each) => connection.send(question(each))))
  for (const { body } of await Promise.all(answers)) expect(body).toMatch(expected)
  for (const connection of connections) connection.close()
}

test('no question put after the first byte of a withdrawal’s 201 is answered yes, on any of 64 connections', async () => {
  // All 10,000 are in bench/faults.
  const rounds = 1_000
  const asked = await withdrawThenAsk({ port, key, rounds })
  console.log(`${rounds} withdrawals, ${rounds * 64} questions after their 201: ${asked.yesAfter} yes`)
  expect(asked.yesAfter).toBe(0)
  expect(asked.yesBefore).toBe(rounds)
  expect(asked.after).toEqual(new Map([['consent_withdrawn', rounds * 64]]))
  // 16 each, but for what others have open.
  expect(asked.connectionsByWorker).toHaveLength(workers)
  expect(Math.min(...asked.connectionsByWorker)).toBeGreaterThanOrEqual(14)
}, 900_000)

test('a worker that is stopped is ended before a write is acknowledged, and says nothing more', async () => {
  const subjects = Array.from({ length: 20 }, (_, n) => `user:stopped${n}`)
  const writer = new RawConnection(port)
  for (const each of subjects) expect((await writer.send(consent(each, 'grant'))).status).toBe(201)
  const asking = Array.from({ length: 64 }, () => new RawConnection(port))
  for (const connection of asking) {
    expect((await connection.send(question(subjects[0]!))).body).toMatch('consent_given')
  }
  const writers = Array.from({ length: 12 }, () => new RawConnection(port))
  for (const each of writers) await each.send(question(subjects[0]!))

  const [stopped] = workerPids(server.process.pid)
  process.kill(stopped!, 'SIGSTOP')
  // Those of the writers' connections that lead to the stopped one are cut; the others' calls are answered.
  const startedAt = performance.now()
  const answers: Promise<unknown>[] = []
  const acknowledged = await Promise.any(
    writers.map((each) =>
      each
        .send(consent(subjects[0]!, 'withdraw'), () => {
          for (const connection of asking) answers.push(connection.send(question(subjects[0]!)))
        })
        .then(({ status }) => status),
    ),
  )
  expect(acknowledged).toBe(201)
  expect(performance.now() - startedAt).toBeGreaterThan(400)
  const isGone = () => !workerPids(server.process.pid).includes(stopped!)
  expect(isGone()).toBe(true)
  for (const answer of await Promise.all(answers)) {
    expect((answer as { body: string }).body).toMatch('"reason":"consent_withdrawn"')
  }
  await untilLive(server, workers)
  await askEverywhere([subjects[0]!], /"reason":"consent_withdrawn"/)
  await askEverywhere(subjects.slice(1), /"reason":"consent_given"/)
  for (const each of [writer, ...asking, ...writers]) each.close()
})

test('workers killed while writes go on are replaced, and who joins has missed nothing', async () => {
  const acts = new Map<string, 'grant' | 'withdraw'>()
  let isWriting = true
  let written = 0
  const writing = Array.from({ length: 8 }, async (_, lane) => {
    const post = () => fetch(`${server.url}/v1/consents`, { method: 'POST', headers, body })
    const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
    let body = ''
    for (let n = 0; isWriting; n++) {
      const subject = `user:${lane}-${n % 40}`
      const act = (n + lane) % 3 === 0 ? 'withdraw' : 'grant'
      body = consent(subject, act).toString().split('\r\n\r\n')[1]!
      // A call through a worker that is killed is cut off: its outcome is not known, so it is made again.
      for (let tries = 0; ; tries++) {
        const answer = await post().catch(() => undefined)
        await answer?.text().catch(() => undefined)
        if (answer?.status === 201) break
        expect(tries).toBeLessThan(200)
        await delay(25)
      }
      acts.set(subject, act)
      written += 1
    }
  })
  try {
    for (let kills = 0; kills < 5; kills++) {
      const before = written
      for (let waited = 0; written < before + 20; waited++) {
        expect(waited).toBeLessThan(600)
        await delay(50)
      }
      const pids = workerPids(server.process.pid)
      process.kill(pids[kills % pids.length]!, 'SIGKILL')
      await untilLive(server, workers)
    }
  } finally {
    isWriting = false
  }
  await Promise.all(writing)
  const saying = (act: string) => [...acts].filter(([, said]) => said === act).map(([subject]) => subject)
  await askEverywhere(saying('grant'), /"reason":"consent_given"/)
  await askEverywhere(saying('withdraw'), /"reason":"consent_withdrawn"/)
  // The counts of those who ended are kept.
  expect(await readMetric(server, 'assent_decisions_total')).toBeGreaterThanOrEqual(acts.size * workers * 3)
})

test('everybody ends with the server, however it ends', async () => {
  const pids = workerPids(server.process.pid)
  expect(pids).toHaveLength(workers)
  server.process.kill('SIGKILL')
  await server.ended
  const isAlive = (pid: number) => {
    try {
      process.kill(pid, 0)
      return true
    } catch {
      return false
    }
  }
  for (let waited = 0; pids.some(isAlive); waited++) {
    expect(waited).toBeLessThan(100)
    await delay(50)
  }
  server = await startServer(dataDir, key, { ...env, ASSENT_WORKERS: '2' })
  await untilLive(server, 2)
  const again = workerPids(server.process.pid)
  expect(await server.stop()).toBe(0)
  expect(again.filter(isAlive)).toEqual([])
})
