import type { FilledServer } from './filled-server.ts'
import { jsonRequest, load } from './load.ts'
import { idOf } from './population.ts'
import { cpuMicros } from './processes.ts'
import { collectedAt } from './questions.ts'
import { add, seconds } from './rows.ts'

/** A batch about subjects of `count` at random. */
export function batchOf(items: number, count: number, key: string): Buffer {
  return jsonRequest(
    '/access/v1/evaluations',
    {
      action: { name: 'ai_training' },
      evaluations: Array.from({ length: items }, (_, n) => ({
        subject: { type: 'user', id: idOf(1 + Math.floor(Math.random() * count)) },
        resource: { type: 'record', id: `r${n}`, properties: { collected_at: collectedAt } },
      })),
    },
    { Authorization: `Bearer ${key}` },
  )
}

/** A thousand questions a request, full context in each answer. */
export async function benchEvaluations({ port, pid, subjects, keys }: FilledServer): Promise<void> {
  const itemsEach = 1_000
  const bodies = Array.from({ length: 64 }, () => batchOf(itemsEach, subjects, keys[0]!))
  const run = (durationMs: number) =>
    load({ port, connections: 2, durationMs, next: (index) => bodies[index % bodies.length]! })
  await run(2_000)
  const before = cpuMicros(pid)
  const began = performance.now()
  const result = await run(seconds(8))
  const decisions = result.requests * itemsEach
  const perCore = decisions / ((cpuMicros(pid) - before) / 1e6)
  add({
    what: '1,000 decisions a request (evaluations)',
    ...{ ours: perCore, unit: 'decisions/s a core', bound: '≥ 400,000', isMet: perCore >= 400_000 },
    more: { 'decisions/s': decisions / ((performance.now() - began) / 1_000), p99: result.p99Ms },
  })
}
