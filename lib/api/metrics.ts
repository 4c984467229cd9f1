import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Decisions } from '../decisions/decisions.ts'

export type Metrics = ReturnType<typeof createMetrics>

/** Counts for operators. Labels come from closed lists; nothing of a subject is ever one. */
export function createMetrics(decisions: Pick<Decisions, 'lagMs' | 'revision' | 'isReady'>) {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const decided = new Map<string, Map<string, number>>()
  new Counter({
    name: 'assent_decisions_total',
    help: 'Decisions by route and reason',
    labelNames: ['route', 'reason'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [route, byReason] of decided) {
        for (const [reason, count] of byReason) this.inc({ route, reason }, count)
      }
    },
  })
  const failed = new Counter({
    name: 'assent_errors_total',
    help: 'Requests that were not answered, by route and status',
    labelNames: ['route', 'status'],
    registers: [registry],
  })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  gauge('assent_lag_seconds', 'Age of the last contact with the log', () => decisions.lagMs() / 1000)
  gauge('assent_revision_seq', 'Last sequence number applied', () => decisions.revision().seq)
  gauge('assent_ready', 'Whether questions are answered', () => Number(decisions.isReady()))

  return {
    decided(route: string, reason: string): void {
      let byReason = decided.get(route)
      if (byReason === undefined) {
        byReason = new Map()
        decided.set(route, byReason)
      }
      byReason.set(reason, (byReason.get(reason) ?? 0) + 1)
    },
    failed(route: string, status: number): void {
      failed.inc({ route, status: String(status) })
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
