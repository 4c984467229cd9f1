import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pino from 'pino'
import { deriveKeys } from '../lib/auth/derive-keys.ts'
import { openDatabase } from '../lib/server/open-database.ts'
import type { DatabaseAddress } from '../lib/storage/database-address.ts'
import { fillDatabase } from './fill-database.ts'
import { idOf } from './population.ts'
import { makeKeys, printed } from './processes.ts'

/** The built product over a database of its own that holds many subjects. */
export type FilledServer = {
  readonly port: number
  readonly url: string
  readonly pid: number
  readonly subjects: number
  readonly keys: readonly string[]
  /** Whose pages may act for the property `demo`. */
  readonly origin: string
  /** From the process's start to its first decision, the database being up; milliseconds. */
  readonly startMs: number
  readonly fillMs: number
  /** As the role that owns it. */
  readonly database: DatabaseAddress
  readonly admin: { readonly email: string; readonly password: string }
  stop(): Promise<void>
}

const admin = { email: 'admin@example.com', password: 'correct horse battery' }

export async function startFilledServer(subjects: number): Promise<FilledServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'assent-bench-'))
  const secret = randomBytes(32)
  const bootstrapKey = `ask_${randomBytes(32).toString('base64url')}`
  const database = await openDatabase({
    given: undefined,
    dataDir: join(dataDir, 'db'),
    log: pino({ level: 'silent' }),
  })
  let server: ChildProcess | undefined
  const end = async () => {
    if (server === undefined || server.exitCode !== null) return
    server.kill('SIGTERM')
    await new Promise((resolve) => server?.on('exit', resolve))
  }
  const stop = async () => {
    await end()
    await database.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  const spawnServer = (port: number) =>
    spawn(process.execPath, [...nodeArgs(), 'dist/server.js'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        PORT: String(port),
        ASSENT_DATA_DIR: join(dataDir, 'server'),
        ASSENT_SECRET_KEY: secret.toString('base64url'),
        ASSENT_BOOTSTRAP_KEY: bootstrapKey,
        ASSENT_ADMIN_EMAIL: admin.email,
        ASSENT_ADMIN_PASSWORD: admin.password,
        ASSENT_SEED: 'starter',
        DATABASE_URL: urlOf(database.owner),
        NODE_ENV: 'production',
      },
    })
  try {
    server = spawnServer(0)
    const url = await printed(server, /What it is +(\S+?)\/\n/)
    const keys = await makeKeys(url, bootstrapKey)
    await end()
    const fillBegan = performance.now()
    await fillDatabase(database.owner, deriveKeys(secret), subjects)
    const fillMs = performance.now() - fillBegan
    const port = await freePort()
    const began = performance.now()
    server = spawnServer(port)
    await untilDecided(server, port, keys[0]!)
    const startMs = performance.now() - began
    await printed(server, /What it is +(\S+?)\/\n/)
    return {
      ...{ port, url: `http://localhost:${port}`, pid: server.pid!, subjects, keys, startMs, fillMs, admin },
      database: database.owner,
      origin: url,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const nodeArgs = () => (process.env.BENCH_NODE_ARGS ?? '').split(' ').filter((arg) => arg !== '')

function urlOf({ user, password, host, port, database }: DatabaseAddress): string {
  return `postgresql://${user}:${encodeURIComponent(password)}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

async function untilDecided(server: ChildProcess, port: number, key: string): Promise<void> {
  const body = JSON.stringify({ subject: `user:${idOf(1)}`, purpose: 'analytics' })
  for (let waitedMs = 0; waitedMs < 120_000; waitedMs += 10) {
    if (server.exitCode !== null) throw new Error('the server ended before it decided anything')
    const response = await fetch(`http://127.0.0.1:${port}/v1/check`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body,
    }).catch(() => undefined)
    if (response?.status === 200) {
      const { reason } = (await response.json()) as { reason: string }
      if (reason !== 'stale') return
    } else await response?.text()
    await delay(10)
  }
  throw new Error('the server decided nothing in two minutes')
}
