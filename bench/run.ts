import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { comparePeers } from './compare-peers.ts'
import { type FilledServer, startFilledServer } from './filled-server.ts'
import { benchCheck } from './measure-check.ts'
import { benchConsents } from './measure-consents.ts'
import { benchEmbedded } from './measure-embedded.ts'
import { benchEvaluations } from './measure-evaluations.ts'
import { benchEvidence } from './measure-evidence.ts'
import { benchFollowers } from './measure-followers.ts'
import { benchIndex } from './measure-index.ts'
import { benchMixed } from './measure-mixed.ts'
import { benchParquet } from './measure-parquet.ts'
import { benchFilter, benchResolve } from './measure-streams.ts'
import { benchVisits } from './measure-visits.ts'
import { startServer } from './processes.ts'
import { add, isQuick, option, rows } from './rows.ts'

// As `npm start` starts the server: its memory in huge pages, where the system gives them.
if (process.platform === 'linux' && process.env.GLIBC_TUNABLES === undefined) {
  const env = { ...process.env, GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' }
  process.exit(spawnSync(process.execPath, process.argv.slice(1), { stdio: 'inherit', env }).status ?? 1)
}

/** What is measured over the product with a filled database. */
const parts: Readonly<Record<string, (server: FilledServer) => Promise<void>>> = {
  check: benchCheck,
  evaluations: benchEvaluations,
  filter: benchFilter,
  resolve: benchResolve,
  embedded: benchEmbedded,
  visits: benchVisits,
  mixed: benchMixed,
  peers: comparePeers,
}

const only = option('only')?.split(',')
// A look leaves out what needs the pages or other packages, unless it is asked for.
const wanted = (part: string) => only?.includes(part) ?? !(isQuick && ['mixed', 'peers'].includes(part))
const subjects = Number(option('subjects') ?? (isQuick ? 100_000 : 1_000_000))

if (wanted('index')) await benchIndex()
if (wanted('parquet')) await benchParquet()
if (wanted('followers')) await benchFollowers()
if (wanted('evidence')) await benchEvidence()
if (['start', ...Object.keys(parts)].some(wanted)) await benchServer()
if (wanted('consents')) {
  const server = await startServer()
  await benchConsents(server).finally(server.stop)
}
const path = option('json')
if (path !== undefined) writeFileSync(path, `${JSON.stringify(rows, null, 2)}\n`)
const met = rows.filter(({ isMet }) => isMet).length
console.log(`\n${met} met, ${rows.length - met} not met`)

async function benchServer(): Promise<void> {
  const server = await startFilledServer(subjects)
  try {
    if (wanted('start')) {
      add({
        what: `process start to first decision, database up, ${subjects.toLocaleString('en')} subjects × 4`,
        ...{ ours: server.startMs, unit: 'ms', bound: '≤ 5,000 ms', isMet: server.startMs <= 5_000 },
        more: { 'ms to fill the database': server.fillMs },
      })
    }
    for (const [part, measure] of Object.entries(parts)) if (wanted(part)) await measure(server)
  } finally {
    await server.stop()
  }
}
