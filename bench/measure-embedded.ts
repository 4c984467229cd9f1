import { createAssent } from '../lib/client/assent.ts'
import type { CheckQuestion } from '../lib/client/client.ts'
import type { FilledServer } from './filled-server.ts'
import { idOf } from './population.ts'
import { collectedAt } from './questions.ts'
import { add, seconds } from './rows.ts'

const preparedQuestions = 20_000
/** People it holds. */
const heldSubjects = 5_000

/** What an answer of the embedded client costs, of people it holds, while it follows the feed. */
async function measureEmbedded(
  { url, keys }: FilledServer,
  durationMs: number,
): Promise<{
  /** One after another, without waiting. */
  readonly peekMicros: number
  /** CPU time of this process for the same. */
  readonly cpuMicros: number
  /** The same awaited. */
  readonly checkMicros: number
  readonly held: number
  readonly fromMemory: number
}> {
  const assent = createAssent({ url, key: keys[0]!, timeoutMs: 10_000 })
  const embedded = assent.embed()
  try {
    if (!(await embedded.ready(10_000))) throw new Error('the embedded client did not reach the server')
    const subjects = Array.from({ length: heldSubjects }, (_, n) => `user:${idOf(n + 1)}`)
    await embedded.preload(subjects, { purpose: 'ai_training' })
    const prepared = Array.from(
      { length: preparedQuestions },
      (_, n): CheckQuestion => ({
        subject: `user:${idOf(1 + ((n * 7_919) % heldSubjects))}`,
        purpose: 'ai_training',
        collected_at: collectedAt,
      }),
    )
    for (let n = 0; n < preparedQuestions; n++) embedded.peek(prepared[n]!) // warm
    let asked = 0
    let fromMemory = 0
    let spentMs = 0
    let cpuMicros = 0
    while (spentMs < durationMs) {
      const began = performance.now()
      const cpuBefore = process.cpuUsage()
      for (const question of prepared) if (embedded.peek(question) !== undefined) fromMemory += 1
      spentMs += performance.now() - began
      const cpu = process.cpuUsage(cpuBefore)
      cpuMicros += cpu.user + cpu.system
      asked += preparedQuestions
      // The feed is heard between two rounds, as in a service that gives way.
      await new Promise(setImmediate)
    }
    const began = performance.now()
    for (const question of prepared) await embedded.check(question)
    const checkMicros = ((performance.now() - began) * 1_000) / preparedQuestions
    return {
      peekMicros: (spentMs * 1_000) / asked,
      cpuMicros: cpuMicros / asked,
      checkMicros,
      held: embedded.state().size,
      fromMemory: fromMemory / asked,
    }
  } finally {
    embedded.close()
  }
}

/** The embedded client, an answer. */
export async function benchEmbedded(server: FilledServer): Promise<void> {
  const { peekMicros, cpuMicros, checkMicros, held, fromMemory } = await measureEmbedded(server, seconds(4))
  add({
    what: 'the embedded client, an answer from memory',
    ...{ ours: peekMicros, unit: 'µs', bound: '≤ 10 µs, 95 % from memory' },
    isMet: peekMicros <= 10 && fromMemory >= 0.95,
    more: {
      'CPU µs': cpuMicros,
      'µs awaited': checkMicros,
      'answers held': held,
      'share from memory': fromMemory,
    },
  })
}
