import { writeFileSync } from 'node:fs'
import { measureGrowth } from './index-growth.ts'
import { jsonRequest, type LoadResult, load } from './load.ts'
import { measureConsents } from './measure-consents.ts'
import { measureEmbedded } from './measure-embedded.ts'
import { filterStream } from './measure-filter.ts'
import { measureFollowers } from './measure-followers.ts'
import { filterParquet } from './measure-parquet.ts'
import { cpuMicros, type RunningServer, startBare, startServer } from './processes.ts'
import { collectedAt, subjectOf } from './questions.ts'

/** One row of the table: ours, the reference of the same run, and the bound. */
type Row = {
  readonly what: string
  readonly ours: number
  readonly unit: string
  readonly reference?: number
  readonly ratio?: number
  readonly bound: string
  readonly isMet: boolean
  readonly more?: Readonly<Record<string, number>>
}

const option = (name: string) =>
  process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)
const isQuick = process.argv.includes('--quick')
const only = option('only')?.split(',')
const wanted = (part: string) => only === undefined || only.includes(part)
const seconds = (full: number) => (isQuick ? Math.max(2, full / 4) : full) * 1_000
const rows: Row[] = []

function add(row: Row): void {
  rows.push(row)
  const reference = row.reference === undefined ? '' : `, reference ${figure(row.reference)}`
  const ratio = row.ratio === undefined ? '' : `, ratio ${row.ratio.toFixed(2)}`
  const more = Object.entries(row.more ?? {}).map(([name, value]) => `${name} ${figure(value)}`)
  console.log(
    `${row.isMet ? 'met    ' : 'NOT MET'}  ${row.what}: ${figure(row.ours)} ${row.unit}${reference}${ratio}  [${row.bound}]`,
  )
  if (more.length > 0) console.log(`         ${more.join(', ')}`)
}

const figure = (value: number) =>
  value >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))

if (wanted('index')) await benchIndex()
if (wanted('parquet')) await benchParquet()
if (wanted('followers')) await benchFollowers()
if (['check', 'evaluations', 'filter', 'embedded', 'consents'].some(wanted)) await benchServer()
const path = option('json')
if (path !== undefined) writeFileSync(path, `${JSON.stringify(rows, null, 2)}\n`)
console.log(
  `\n${rows.filter(({ isMet }) => isMet).length} met, ${rows.filter(({ isMet }) => !isMet).length} not met`,
)

async function benchIndex(): Promise<void> {
  const sizes = isQuick ? [10_000, 1_000_000] : [10_000, 100_000, 1_000_000, 10_000_000]
  console.log('subjects  load ms  bytes/row  worst  pause ms  uniform/s  hot/s')
  let last: Awaited<ReturnType<typeof measureGrowth>> | undefined
  for (const size of sizes) {
    last = await measureGrowth(size, 2_000_000)
    const { subjects, loadMs, bytesPerRow, worstBytesPerRow, growthPauseMs, uniformPerSecond, hotPerSecond } =
      last
    const cells = [
      subjects,
      loadMs,
      bytesPerRow,
      worstBytesPerRow,
      growthPauseMs,
      uniformPerSecond,
      hotPerSecond,
    ]
    console.log(cells.map(figure).join('  '))
  }
  if (last === undefined) return
  const size = `${figure(last.subjects)} subjects × 4`
  add({
    what: `in-process evaluate, uniform, ${size}`,
    ...{
      ours: last.uniformPerSecond,
      unit: '/s',
      bound: '≥ 1,000,000/s',
      isMet: last.uniformPerSecond >= 1e6,
    },
  })
  add({
    what: `in-process evaluate, hot set of 100,000, ${size}`,
    ...{ ours: last.hotPerSecond, unit: '/s', bound: '≥ 2,000,000/s', isMet: last.hotPerSecond >= 2e6 },
  })
  const worst = last.worstBytesPerRow
  add({
    what: 'memory at the worst point of growth',
    ours: worst,
    unit: 'bytes a row',
    bound: '≤ 40',
    isMet: worst <= 40,
  })
  const pause = last.growthPauseMs
  add({ what: 'longest pause of growth', ours: pause, unit: 'ms', bound: '≤ 50 ms', isMet: pause <= 50 })
}

async function benchParquet(): Promise<void> {
  for (const run of await filterParquet(isQuick ? 2_000_000 : 10_000_000, isQuick ? 1 : 3)) {
    add({
      what: `Parquet file of ${figure(run.records)} records about ${figure(run.people)} people, filtered by the command line`,
      ...{ ours: run.seconds, unit: 's', bound: '≤ 6 s for 10,000,000' },
      isMet: run.seconds <= 6 && run.records >= 10_000_000,
      more: { MB: run.megabytes, 'server CPU s': run.serverCpuSeconds, permitted: run.permitted },
    })
  }
}

async function benchFollowers(): Promise<void> {
  const { followers, idleCpu } = await measureFollowers(isQuick ? 100 : 500, seconds(8))
  for (const { name, withdrawals, p50Ms, p99Ms, maxMs, staleYeses } of followers) {
    add({
      what: `withdrawal to denial, follower ${name}, ${withdrawals} withdrawals`,
      ...{ ours: p99Ms, unit: 'ms p99', bound: 'p99 ≤ 50 ms, with at_least never a yes' },
      isMet: p99Ms <= 50 && staleYeses === 0,
      more: { p50: p50Ms, max: maxMs, 'stale yeses with at_least': staleYeses },
    })
  }
  const [writing, first, second] = idleCpu.map((share) => figure(share))
  console.log(`         idle, ms of CPU a second: writing ${writing}, followers ${first} and ${second}`)
}

async function benchServer(): Promise<void> {
  const server = await startServer()
  const bare = await startBare(server.questions.answerBytes)
  try {
    if (wanted('check')) {
      await benchCheck(server, bare.port, '/v1/check', server.questions.checks)
      await benchCheck(server, bare.port, '/access/v1/evaluation', server.questions.evaluations)
    }
    if (wanted('evaluations')) await benchEvaluations(server)
    if (wanted('filter')) await benchFilter(server)
    if (wanted('embedded')) await benchEmbedded(server)
    if (wanted('consents')) await benchConsents(server)
  } finally {
    bare.stop()
    await server.stop()
  }
}

async function benchCheck(
  server: RunningServer,
  barePort: number,
  path: string,
  questions: readonly Buffer[],
) {
  const next = (index: number) => questions[(index * 7_919) % questions.length]!
  const run = (port: number, durationMs: number) => load({ port, connections: 32, durationMs, next })
  await run(server.port, 2_000) // warm
  await run(barePort, 1_000)
  const pairs: { bare: LoadResult; ours: LoadResult; micros: number }[] = []
  for (let round = 0; round < (isQuick ? 1 : 3); round++) {
    const bare = await run(barePort, seconds(8))
    const before = cpuMicros(server.pid)
    const ours = await run(server.port, seconds(8))
    pairs.push({ bare, ours, micros: (cpuMicros(server.pid) - before) / ours.requests })
  }
  for (const { bare, ours, micros } of pairs) {
    const ratio = ours.perSecond / bare.perSecond
    add({
      what: `one decision over HTTP, ${path}`,
      ...{ ours: ours.perSecond, unit: '/s', reference: bare.perSecond, ratio },
      ...{
        bound: '≥ 0.80 of bare node:http, p99 ≤ 2× its',
        isMet: ratio >= 0.8 && ours.p99Ms <= 2 * bare.p99Ms,
      },
      more: { p50: ours.p50Ms, p99: ours.p99Ms, 'bare p99': bare.p99Ms, 'CPU µs a request': micros },
    })
  }
}

async function benchEvaluations({ port, pid, questions }: RunningServer): Promise<void> {
  const itemsEach = 1_000
  const bodies = Array.from({ length: 16 }, (_, batch) =>
    jsonRequest(
      '/access/v1/evaluations',
      {
        action: { name: 'ai_training' },
        evaluations: Array.from({ length: itemsEach }, (_, n) => ({
          subject: { type: 'user', id: subjectOf(batch * 313 + n * 17) },
          resource: { type: 'record', id: `r${n}`, properties: { collected_at: collectedAt } },
        })),
      },
      { Authorization: `Bearer ${questions.keys[0]}` },
    ),
  )
  const run = (durationMs: number) =>
    load({ port, connections: 2, durationMs, next: (index) => bodies[index % bodies.length]! })
  await run(2_000)
  const before = cpuMicros(pid)
  const result = await run(seconds(8))
  const decisions = result.requests * itemsEach
  const perCore = decisions / ((cpuMicros(pid) - before) / 1e6)
  add({
    what: '1,000 decisions a request (evaluations)',
    ...{ ours: perCore, unit: 'decisions/s a core', bound: '≥ 400,000', isMet: perCore >= 400_000 },
    more: { 'decisions/s': decisions / (seconds(8) / 1_000), p99: result.p99Ms },
  })
}

async function benchFilter(server: RunningServer): Promise<void> {
  const { perSecond, megabytes, rssGrowthMb, permitted } = await filterStream(
    server,
    isQuick ? 400_000 : 4_000_000,
  )
  add({
    what: '/v1/filter, 200-byte NDJSON records',
    ...{ ours: perSecond, unit: 'records/s', bound: '≥ 400,000, memory flat' },
    isMet: perSecond >= 400_000 && rssGrowthMb < 100,
    more: { megabytes, 'MB more memory': rssGrowthMb, permitted },
  })
}

async function benchEmbedded(server: RunningServer): Promise<void> {
  const {
    peekMicros,
    cpuMicros: cpu,
    checkMicros,
    held,
    fromMemory,
  } = await measureEmbedded(server, seconds(4))
  add({
    what: 'the embedded client, an answer from memory',
    ...{ ours: peekMicros, unit: 'µs', bound: '≤ 10 µs, 95 % from memory' },
    isMet: peekMicros <= 10 && fromMemory >= 0.95,
    more: { 'CPU µs': cpu, 'µs awaited': checkMicros, 'answers held': held, 'share from memory': fromMemory },
  })
}

async function benchConsents(server: RunningServer): Promise<void> {
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
