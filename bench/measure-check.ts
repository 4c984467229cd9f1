import type { FilledServer } from './filled-server.ts'
import { type LoadResult, load } from './load.ts'
import { cpuMicros, startBare } from './processes.ts'
import { answerBytes, questionsOver } from './questions.ts'
import { add, isQuick, seconds } from './rows.ts'

const connections = 32

/** One decision over HTTP beside the bare server, in turns. */
export async function benchCheck(server: FilledServer): Promise<void> {
  const { port, pid, subjects, keys } = server
  for (const path of ['/v1/check', '/access/v1/evaluation'] as const) {
    const bare = await startBare(await answerBytes(server.url, path, keys[0]!, subjects))
    try {
      const next = questionsOver(path, subjects, keys)
      const run = (of: number, durationMs: number) => load({ port: of, connections, durationMs, next })
      await run(port, 2_000) // warm
      await run(bare.port, 1_000)
      for (let round = 0; round < (isQuick ? 1 : 3); round++) {
        const reference = await run(bare.port, seconds(8))
        const before = cpuMicros(pid)
        const ours = await run(port, seconds(8))
        tell(path, subjects, ours, reference, (cpuMicros(pid) - before) / ours.requests)
      }
    } finally {
      bare.stop()
    }
  }
}

function tell(path: string, subjects: number, ours: LoadResult, bare: LoadResult, micros: number): void {
  const ratio = ours.perSecond / bare.perSecond
  add({
    what: `one decision over HTTP, ${path}, ${subjects.toLocaleString('en')} subjects × 4`,
    ...{ ours: ours.perSecond, unit: '/s', reference: bare.perSecond, ratio },
    bound: '≥ 0.80 of bare node:http, p99 ≤ 2× its',
    isMet: ratio >= 0.8 && ours.p99Ms <= 2 * bare.p99Ms,
    more: { p50: ours.p50Ms, p99: ours.p99Ms, 'bare p99': bare.p99Ms, 'CPU µs a request': micros },
  })
}
