import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import type { DatabaseAddress } from '../database-address.ts'
import { endLeftoverServer } from './leftover-server.ts'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { databaseOwnerId, spawnUnprivileged } from './spawn-unprivileged.ts'

export type EmbeddedPostgres = {
  /** Owns the schema and migrates it. */
  readonly owner: DatabaseAddress
  /** Serves: owns nothing, cannot change events. */
  readonly serve: DatabaseAddress
  readonly pid: number
  /** Resolves when its process is gone, asked or not. */
  readonly exited: Promise<unknown>
  /** Ends the server in order; resolves when its process is gone. */
  stop(): Promise<void>
}

const ownerUser = 'assent_owner'
export const serveUser = 'assent_serve'
const database = 'assent'
const port = 5432
/** PostgreSQL is given nothing of ours. */
const bareEnvironment = { LC_ALL: 'C', PATH: '/usr/bin:/bin' } as Record<string, string> as NodeJS.ProcessEnv

/**
 * Starts the PostgreSQL that comes with Assent over `<dataDir>/postgres`, making the cluster at the first start.
 *
 * It listens on a Unix socket only, asks for SCRAM passwords that lie in `<dataDir>/postgres.json` (0600), and
 * runs in its own process group, so that Ctrl-C reaches it through Assent, after the last batch. A server left
 * over by a killed Assent is ended first. Settings are durable (`fsync`, `synchronous_commit`).
 */
export async function startEmbeddedPostgres(options: {
  readonly dataDir: string
  readonly log: (line: string) => void
}): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir)
  const cluster = join(dataDir, 'postgres')
  const binaries = findPostgresBinaries()
  const passwords = readPasswords(dataDir)
  await endLeftoverServer(cluster, options.log)
  if (!existsSync(join(cluster, 'PG_VERSION')))
    await makeCluster(dataDir, cluster, binaries.initdb, passwords.owner)

  const socketDir = socketDirOf(dataDir)
  const settings = {
    listen_addresses: '',
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
    password_encryption: 'scram-sha-256',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    max_connections: '60',
    log_destination: 'stderr',
    logging_collector: 'off',
    timezone: 'UTC',
  }
  const child = spawnUnprivileged(
    binaries.postgres,
    [
      '-D',
      cluster,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
      cwd: cluster,
      env: bareEnvironment,
    },
  )
  const lastLines: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.trimEnd().split('\n')) {
      options.log(line)
      lastLines.push(line)
      if (lastLines.length > 20) lastLines.shift()
    }
  })
  const exited = once(child, 'exit')
  const at = (user: string, password: string, name: string): DatabaseAddress => ({
    host: socketDir,
    port,
    user,
    password,
    database: name,
  })
  await waitUntilReady(at(ownerUser, passwords.owner, 'postgres'), () => {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`the embedded PostgreSQL ended at its start:\n${lastLines.join('\n')}`)
    }
  })
  await makeDatabase(at(ownerUser, passwords.owner, 'postgres'), passwords.serve)
  return {
    owner: at(ownerUser, passwords.owner, database),
    serve: at(serveUser, passwords.serve, database),
    pid: child.pid!,
    exited,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGINT') // fast shutdown: ends sessions, writes a checkpoint
        const timer = setTimeout(() => child.kill('SIGQUIT'), 20_000)
        await exited
        clearTimeout(timer)
      }
    },
  }
}

type Passwords = { readonly owner: string; readonly serve: string }

function readPasswords(dataDir: string): Passwords {
  mkdirSync(dataDir, { recursive: true, mode: 0o755 })
  const path = join(dataDir, 'postgres.json')
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Passwords
  const passwords = {
    owner: randomBytes(24).toString('base64url'),
    serve: randomBytes(24).toString('base64url'),
  }
  writeFileSync(path, `${JSON.stringify(passwords)}\n`, { mode: 0o600 })
  return passwords
}

/** Socket paths are at most 107 bytes long, so a deep data directory has its socket beside the others' in /tmp. */
function socketDirOf(dataDir: string): string {
  const inside = join(dataDir, 'run')
  const short = createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
  const dir = inside.length <= 80 ? inside : join(tmpdir(), `assent-${short}`)
  mkdirSync(dir, { recursive: true })
  own(dir, 0o700)
  return dir
}

function own(path: string, mode: number): void {
  chmodSync(path, mode)
  if (databaseOwnerId !== undefined) chownSync(path, databaseOwnerId, databaseOwnerId)
}

async function makeCluster(
  dataDir: string,
  cluster: string,
  initdb: string,
  password: string,
): Promise<void> {
  rmSync(cluster, { recursive: true, force: true }) // a first start that was cut short
  const half = `${cluster}.new`
  rmSync(half, { recursive: true, force: true })
  mkdirSync(half, { recursive: true })
  own(half, 0o700)
  const passwordFile = join(dataDir, 'initdb-password')
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 })
  own(passwordFile, 0o600)
  try {
    const child = spawnUnprivileged(
      initdb,
      [
        '-D',
        half,
        '-U',
        ownerUser,
        '-A',
        'scram-sha-256',
        `--pwfile=${passwordFile}`,
        '-E',
        'UTF8',
        '--no-locale',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], cwd: half, env: bareEnvironment },
    )
    let complaint = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint += text
    })
    const [code] = (await once(child, 'exit')) as [number | null]
    if (code !== 0) throw new Error(`initdb failed:\n${complaint}`)
    renameSync(half, cluster)
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

async function waitUntilReady(address: DatabaseAddress, checkAlive: () => void): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += 50) {
    checkAlive()
    const client = new pg.Client(address)
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return
    } catch (cause) {
      if (waitedMs > 60_000)
        throw new Error('the embedded PostgreSQL did not answer within a minute', { cause })
      await delay(50)
    }
  }
}

async function makeDatabase(postgres: DatabaseAddress, servePassword: string): Promise<void> {
  const client = new pg.Client(postgres)
  await client.connect()
  try {
    const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [serveUser])
    if (role.rowCount === 0) {
      await client.query(`CREATE ROLE ${serveUser} LOGIN PASSWORD ${client.escapeLiteral(servePassword)}`)
    }
    const exists = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database])
    if (exists.rowCount === 0) await client.query(`CREATE DATABASE ${database}`)
  } finally {
    await client.end()
  }
}
