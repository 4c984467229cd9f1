import { spawn } from 'node:child_process'
import type { FilledServer } from './filled-server.ts'
import { load } from './load.ts'
import { printed } from './processes.ts'
import { questionsOver } from './questions.ts'
import { add, seconds } from './rows.ts'

/** One decision over HTTP while an admin page renders, a filter streams and batches of 10,000 run. */
export async function benchMixed(server: FilledServer): Promise<void> {
  const { port, subjects, keys } = server
  const next = questionsOver('/v1/check', subjects, keys)
  await load({ port, connections: 32, durationMs: 1_000, next })
  const beside = spawn(process.execPath, ['dist/bench/beside.js', JSON.stringify(server)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let said = ''
  beside.stdout.on('data', (bytes: Buffer) => {
    said += bytes
  })
  const ended = new Promise((resolve) => beside.on('exit', resolve))
  await printed(beside, /(begun)/)
  const result = await load({ port, connections: 32, durationMs: seconds(8), next }).finally(() =>
    beside.stdin.end(),
  )
  await ended
  add({
    what: 'one decision over HTTP while a page renders, a filter streams and a 10,000-item batch runs',
    ...{ ours: result.p99Ms, unit: 'ms p99', bound: 'p99 ≤ 25 ms', isMet: result.p99Ms <= 25 },
    more: {
      ...{ 'decisions/s': result.perSecond, p50: result.p50Ms, max: result.maxMs },
      ...(JSON.parse(/(\{.*\})/.exec(said)?.[1] ?? '{}') as object),
    },
  })
}
