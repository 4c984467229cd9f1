import type { Socket } from 'node:net'
import { createDecisionApi } from './lib/api/create-decision-api.ts'
import { defaultLimits } from './lib/api/limits/key-limits.ts'
import { createUsage } from './lib/api/usage/create-usage.ts'
import { digestQuestionText } from './lib/auth/digest-question-text.ts'
import { createDecisions } from './lib/decisions/create-decisions.ts'
import { openHttp } from './lib/server/open-http.ts'
import { linkToPrimary } from './lib/server/workers/follow-primary.ts'
import { forwardTo } from './lib/server/workers/forward.ts'
import { logThrough } from './lib/server/workers/log-through.ts'
import { watchHanded } from './lib/server/workers/watch-handed.ts'
import { createFilters } from './lib/storage/filters.ts'
import { createLogSource } from './lib/storage/ledger/log-source.ts'
import { openPrisma } from './lib/storage/open-prisma.ts'
import { createUsageStore } from './lib/storage/usage.ts'

/** A worker: an index of its own, questions answered from it, everything else passed on to the primary. */
const fatal = (error: unknown): never => {
  log.error({ err: error }, 'this worker can no longer answer truly')
  process.exit(70)
}
// Its primary's end is its own.
const end = () => process.exit(0)
const primary = linkToPrimary(4, end, fatal)
const log = logThrough((message) => primary.send(message))
process.on('disconnect', end)
process.on('SIGTERM', end)
process.on('uncaughtException', fatal)
process.on('unhandledRejection', fatal)
// The terminal's Ctrl-C reaches everybody; the primary ends its workers in order.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)

const { serve, lookupKey, questionKey, publicUrl, limits, bounds, samples, primarySocket } =
  await primary.beginning
const decisions = await createDecisions({
  source: primary.source(createLogSource(serve)),
  lookupKey: Buffer.from(lookupKey, 'hex'),
  clock: Date.now,
  log,
  ...bounds,
})
// Only the primary can tell which log is the right one.
decisions.observe({ applied: () => undefined, dropped: () => fatal(new Error('the log is another one')) })

const prisma = openPrisma(serve)
const usage = createUsage({
  ...{ decisions, clock: Date.now, log, store: createUsageStore(prisma) },
  ...{ sampleRate: samples.rate, sampleDays: samples.days },
  digestOf: digestQuestionText(Buffer.from(questionKey, 'hex')),
})
process.off('SIGTERM', end)
process.on('SIGTERM', () => void usage.close().finally(end))

const api = createDecisionApi({
  decisions,
  usage,
  filters: createFilters(prisma),
  publicUrl,
  clock: Date.now,
  limits: { ...defaultLimits, ...limits },
  log,
})
primary.onMetrics(api.metrics.all)
const forward = forwardTo(primarySocket, publicUrl)
const http = openHttp((request, response) => (api.handlerOf(request) ?? forward)(request, response))
watchHanded(http)
api.openFastLane(http)
process.on('message', (_, socket) => {
  // From here on its bytes are read, so nobody else may have it.
  process.send?.('taken')
  const connection = socket as Socket | undefined
  if (connection === undefined) {
    primary.send({ kind: 'connection_closed' })
    return
  }
  connection.allowHalfOpen = true
  connection.on('close', () => primary.send({ kind: 'connection_closed' }))
  http.emit('connection', connection)
})
primary.join(decisions)
