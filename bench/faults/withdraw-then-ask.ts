import { withdrawThenAsk } from '../../tests/workers/withdraw-then-ask.ts'
import { startServer } from '../processes.ts'

/**
 * 10,000 people take a yes back, each on one connection, and 64 others ask the moment the first byte of the 201 is
 * there, over the workers of one node. Prints how many of the 640,000 answers were yes, and ends with 1 where one was.
 */
const rounds = Number(process.argv.find((arg) => arg.startsWith('--rounds='))?.slice(9) ?? 10_000)
const server = await startServer({ ASSENT_WORKERS: '4' })
try {
  const began = performance.now()
  const asked = await withdrawThenAsk({ port: server.port, key: server.bootstrapKey, rounds })
  const seconds = ((performance.now() - began) / 1_000).toFixed(1)
  const reasons = [...asked.after].map(([reason, count]) => `${reason} ${count}`).join(', ')
  console.log(
    `${asked.rounds} withdrawals in ${seconds} s; ${asked.yesBefore} yes before; after the 201 ${asked.yesAfter} yes of ` +
      `${rounds * 64} (${reasons}); connections by worker ${asked.connectionsByWorker.join(', ')}; ${asked.cuts} cut off`,
  )
  process.exitCode = asked.yesAfter === 0 && asked.yesBefore === rounds ? 0 : 1
} finally {
  await server.stop()
}
