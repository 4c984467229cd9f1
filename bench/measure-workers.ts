import { workerPids } from '../tests/workers/worker-pids.ts'
import { type LoadResult, load } from './load.ts'
import { cpuMicros, startServer } from './processes.ts'
import { demoQuestions } from './questions.ts'

/**
 * Plain questions a second with one process and with two workers, in turns, and the CPU time that a question costs all
 * of them together. The load generator needs a core of its own: where there are two, it takes half a core or more from
 * two workers, so that the rate shows less than they can do; CPU time is the better measure.
 */
const rounds = 4
const roundMs = 5_000

const servers = await Promise.all(
  ['1', '2'].map(async (workers) => {
    const server = await startServer({ ASSENT_WORKERS: workers })
    return { workers, server: { ...server, checks: demoQuestions(server.keys) } }
  }),
)
try {
  for (const { server } of servers) await run(server, 2_000) // warm
  for (let round = 0; round < rounds; round++) {
    for (const { workers, server } of servers) {
      const pids = [server.pid, ...workerPids(server.pid)]
      const cpu = () => pids.reduce((sum, pid) => sum + cpuMicros(pid), 0)
      const [before, ownBefore] = [cpu(), process.cpuUsage()]
      const { perSecond, p50Ms, p99Ms, requests, byStatus } = await run(server, roundMs)
      const own = process.cpuUsage(ownBefore)
      console.log(
        `ASSENT_WORKERS=${workers}: ${perSecond.toLocaleString('en')}/s, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms, ` +
          `${((cpu() - before) / requests).toFixed(1)} µs CPU a question in ${pids.length} processes, ` +
          `${((own.user + own.system) / requests).toFixed(1)} in the load generator; ${JSON.stringify(byStatus)}`,
      )
    }
  }
} finally {
  for (const { server } of servers) await server.stop()
}

function run(
  { port, checks }: { readonly port: number; readonly checks: readonly Buffer[] },
  durationMs: number,
): Promise<LoadResult> {
  const next = (index: number) => checks[(index * 7_919) % checks.length]!
  return load({ port, connections: 32, durationMs, next })
}
