import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startEmbeddedPostgres } from '../../lib/storage/embedded/start-embedded-postgres.ts'
import { makeBootstrapKey, type RunningServer, startServer } from '../running-server.ts'
import { RawConnection, rawPost } from './raw-connection.ts'
import { untilLive, workerPids } from './worker-pids.ts'

const workers = 2
const key = makeBootstrapKey()

test('while the database is away workers deny “stale” after the bound, and answer again when it is back', async () => {
  const given = mkdtempSync(join(tmpdir(), 'assent-away-'))
  const own = mkdtempSync(join(tmpdir(), 'assent-away-'))
  const start = () => startEmbeddedPostgres({ dataDir: given, log: () => undefined })
  let postgres = await start()
  const { host, user, password, database } = postgres.owner
  const url = `postgresql://${user}:${password}@localhost/${database}?host=${encodeURIComponent(host)}`
  let server: RunningServer | undefined
  try {
    server = await startServer(own, key, { DATABASE_URL: url, ASSENT_WORKERS: String(workers) })
    await untilLive(server, workers)
    const pids = workerPids(server.process.pid)
    const port = Number(new URL(server.url).port)
    const connections = Array.from({ length: workers * 3 }, () => new RawConnection(port))
    const question = rawPost('/v1/check', key, { subject: 'user:alice', purpose: 'analytics' })
    const reasons = async () => {
      const answers = await Promise.all(connections.map((connection) => connection.send(question)))
      return new Set(answers.map(({ body }) => /"reason":"(\w+)"/.exec(body)?.[1]))
    }
    const until = async (reason: string) => {
      for (let waited = 0; ; waited++) {
        const said = await reasons()
        if (said.size === 1 && said.has(reason)) return
        expect(waited).toBeLessThan(600)
        await delay(50)
      }
    }
    await until('never_asked')
    await postgres.stop()
    await until('stale')
    postgres = await start()
    await until('never_asked')
    // The same workers: nobody was ended for it.
    expect(workerPids(server.process.pid)).toEqual(pids)
    for (const connection of connections) connection.close()
  } finally {
    await server?.stop()
    await postgres.stop()
    for (const dir of [given, own]) rmSync(dir, { recursive: true, force: true })
  }
})

test('workers whose primary says nothing any more deny “stale”, too', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'assent-away-'))
  const server = await startServer(dataDir, key, { ASSENT_WORKERS: String(workers) })
  try {
    await untilLive(server, workers)
    const connection = new RawConnection(Number(new URL(server.url).port))
    const question = rawPost('/v1/check', key, { subject: 'user:alice', purpose: 'analytics' })
    expect((await connection.send(question)).body).toMatch('never_asked')
    server.process.kill('SIGSTOP')
    for (let waited = 0; !(await connection.send(question)).body.includes('"stale"'); waited++) {
      expect(waited).toBeLessThan(600)
      await delay(50)
    }
    server.process.kill('SIGCONT')
    for (let waited = 0; !(await connection.send(question)).body.includes('never_asked'); waited++) {
      expect(waited).toBeLessThan(600)
      await delay(50)
    }
    connection.close()
  } finally {
    server.process.kill('SIGCONT')
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
})
