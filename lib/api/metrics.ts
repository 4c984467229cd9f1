import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Decisions } from '../decisions/decisions.ts'

export type Metrics = ReturnType<typeof createMetrics>

/** Processes that count beside this one. */
export type OtherCounts = {
  readonly wanted: number
  live(): number
  /** Open connections by the worker's number. */
  connections(): readonly (readonly [worker: number, connections: number])[]
  /** The metrics of each, as `all` gives them. */
  metrics(): Promise<readonly (readonly object[])[]>
}

/**
 * Counts for operators. Labels come from closed lists; nothing of a subject is ever one. What others count is added;
 * of how far and how fresh they are, the worst is told.
 */
export function createMetrics(
  decisions: Pick<Decisions, 'lagMs' | 'revision' | 'isReady'>,
  others?: OtherCounts | undefined,
) {
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
  const gauge = (name: string, help: string, aggregator: 'min' | 'max', read: () => number) =>
    new Gauge({
      name,
      help,
      aggregator,
      registers: [registry],
      collect() {
        this.set(read())
      },
    })
  gauge('assent_lag_seconds', 'Age of the last contact with the log', 'max', () => decisions.lagMs() / 1000)
  gauge('assent_revision_seq', 'Last sequence number applied', 'min', () => decisions.revision().seq)
  gauge('assent_ready', 'Whether questions are answered', 'min', () => Number(decisions.isReady()))
  if (others !== undefined) countWorkers(registry, others)
  const all = () => registry.getMetricsAsJSON() as Promise<readonly object[]>

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
    async text(): Promise<string> {
      if (others === undefined) return registry.metrics()
      return AggregatorRegistry.aggregate([await all(), ...(await others.metrics())]).metrics()
    },
    /** All of this process's own, as prom-client adds them up. */
    all,
    contentType: registry.contentType,
  }
}

function countWorkers(registry: Registry, others: OtherCounts): void {
  new Gauge({
    name: 'assent_workers_live',
    help: 'Worker processes that answer questions',
    registers: [registry],
    collect() {
      this.set(others.live())
    },
  })
  new Gauge({
    name: 'assent_worker_connections',
    help: 'Open connections of each worker',
    labelNames: ['worker'],
    registers: [registry],
    collect() {
      this.reset()
      for (const [worker, connections] of others.connections()) this.set({ worker }, connections)
    },
  })
}
