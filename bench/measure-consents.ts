import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { type LoadResult, load } from './load.ts'
import { cpuMicros, type RunningServer } from './processes.ts'
import { consent } from './questions.ts'
import { add, option, seconds } from './rows.ts'

type ConsentsResult = LoadResult & {
  /** Answered 201. */
  readonly acknowledged: number
  /** Acknowledged and not in the log. */
  readonly lost: number
  /** In the log beyond what was acknowledged, or acknowledged under the position of another. */
  readonly doubled: number
  readonly cpuMicros: number
}

/**
 * Records consents over 256 connections, every second one about someone new, each under an idempotency key of its own
 * and repeated until it is acknowledged. Midway a checkpoint is forced, and with `killsDatabase` the database's processes
 * are then ended as a power cut would. Afterwards the log is held to what was acknowledged: each once, and nothing else.
 */
async function measureConsents(
  server: RunningServer,
  durationMs: number,
  killsDatabase: boolean,
): Promise<ConsentsResult> {
  const { keys } = server
  const before = await askDatabase(server, 'SELECT seq::int AS n FROM log_heads')
  const run = Math.random().toString(36).slice(2, 8)
  const seqs: number[] = []
  const cpuBefore = cpuMicros(server.pid)
  const midway = delay(durationMs / 2).then(async () => {
    await askDatabase(server, 'CHECKPOINT')
    if (killsDatabase) process.kill(postmasterPid(server), 'SIGKILL')
  })
  const result = await load({
    port: server.port,
    connections: 256,
    durationMs,
    next: (index) => consent(keys[index % keys.length]!, index, run),
    insists: true,
    onBody: (body) => {
      seqs.push(Number(/"seq":(\d+)/.exec(body)?.[1]))
    },
  })
  await midway
  const spent = cpuMicros(server.pid) - cpuBefore
  const after = await askDatabase(server, 'SELECT seq::int AS n FROM log_heads')
  const written = await askDatabase(server, `SELECT count(*)::int AS n FROM events WHERE seq > ${before}`)
  const distinct = new Set(seqs.filter((seq) => seq > before && seq <= after)).size
  return {
    ...result,
    acknowledged: seqs.length,
    lost: seqs.length - distinct,
    doubled: written - distinct,
    cpuMicros: spent / seqs.length,
  }
}

function postmasterPid({ dataDir }: RunningServer): number {
  return Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
}

/** As the database's owner, over its own socket; the first row's `n`. */
async function askDatabase({ dataDir }: RunningServer, sql: string): Promise<number> {
  const { owner } = JSON.parse(readFileSync(join(dataDir, 'postgres.json'), 'utf8')) as { owner: string }
  const inside = join(dataDir, 'run')
  if (!existsSync(inside)) throw new Error('the directory of the benchmark is too deep for a socket')
  const client = new pg.Client({ host: inside, user: 'assent_owner', password: owner, database: 'assent' })
  await client.connect()
  try {
    return (await client.query<{ n: number }>(sql)).rows[0]?.n ?? 0
  } finally {
    await client.end()
  }
}

/** Consents over HTTP, one a call, over the demo's database; `--minutes=` long, and then through a power cut. */
export async function benchConsents(server: RunningServer): Promise<void> {
  const minutes = option('minutes')
  const durationMs = minutes === undefined ? seconds(30) : Number(minutes) * 60_000
  const result = await measureConsents(server, durationMs, minutes !== undefined)
  const isWhole = result.lost === 0 && result.doubled === 0
  add({
    what: 'consents recorded, durable, 256 connections, half new subjects, across a checkpoint',
    ...{ ours: result.perSecond, unit: '/s', bound: '≥ 8,000/s, p99 ≤ 100 ms, none lost or doubled' },
    isMet: result.perSecond >= 8_000 && result.p99Ms <= 100 && isWhole,
    more: {
      p50: result.p50Ms,
      p99: result.p99Ms,
      max: result.maxMs,
      acknowledged: result.acknowledged,
      lost: result.lost,
      doubled: result.doubled,
      'answered 503': result.byStatus['503'] ?? 0,
      'CPU µs a call': result.cpuMicros,
    },
  })
}
