import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, type Metric, Registry } from 'prom-client'
import type { Decisions } from '../decisions/decisions.ts'
import type { EvidenceFollower } from '../jobs/project-evidence.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { Bucketed } from './bucketed.ts'
import type { KeyLimits } from './limits/key-limits.ts'
import type { UsageCounts } from './usage/usage-counts.ts'

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

const latencyEdges = [
  0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
  1, 2.5, 5, 10,
]
const sizeEdges = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000]

/**
 * Counts for operators. Labels come from closed lists; nothing of a subject is ever one. What others count is added;
 * of how far and how fresh they are, the worst is told.
 */
export function createMetrics(
  decisions: Pick<Decisions, 'lagMs' | 'revision' | 'isReady' | 'size' | 'observe'>,
  parts: Counted,
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
  const streamed = new Counter({
    name: 'assent_stream_records_total',
    help: 'Records and ids that filters and resolves have read',
    labelNames: ['route'],
    registers: [registry],
  })
  const bucketed = (name: string, help: string, label: string, edges: readonly number[]) => {
    const metric = new Bucketed({ name, help, label, edges })
    // It reads as one of prom-client's own; its type asks for what only those have.
    registry.registerMetric(metric as unknown as Metric)
    return metric
  }
  const latencies = bucketed(
    'assent_latency_seconds',
    'From a call to its answer, within this process, by route',
    'route',
    latencyEdges,
  )
  const sizes = bucketed(
    'assent_batch_size',
    'Questions of one call of evaluations, and events that the log grew by at once',
    'of',
    sizeEdges,
  )
  // What others apply of it is told by the process that writes.
  if (parts.ledger !== undefined) {
    decisions.observe({
      applied: ({ events }) => sizes.observe('log', events.length),
      dropped: () => undefined,
    })
  }
  countParts(registry, decisions, parts)
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
    decided(route: string, reason: string, count = 1): void {
      let byReason = decided.get(route)
      if (byReason === undefined) {
        byReason = new Map()
        decided.set(route, byReason)
      }
      byReason.set(reason, (byReason.get(reason) ?? 0) + count)
    },
    /** An answer that took so long, and stands for `weight` of its kind. */
    took(route: string, ms: number, weight = 1): void {
      latencies.observe(route, ms / 1_000, weight)
    },
    /** A call that asked so many questions. */
    asked(questions: number): void {
      sizes.observe('evaluations', questions)
    },
    /** Records that a stream has read. */
    streamed(route: string, records: number): void {
      streamed.inc({ route }, records)
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

/** What other parts of the process count for themselves. */
export type Counted = {
  readonly usage: UsageCounts
  readonly limits: KeyLimits
  /** Of the process that writes. */
  readonly ledger?: Pick<Ledger, 'load'> | undefined
  /** Of the process that makes the log of evidence. */
  readonly evidence?: Pick<EvidenceFollower, 'lag'> | undefined
}

function countParts(registry: Registry, decisions: Pick<Decisions, 'size'>, parts: Counted): void {
  const registers = [registry]
  new Counter({
    ...{ name: 'assent_decisions_by_purpose_total', help: 'Decisions by purpose and reason', registers },
    labelNames: ['purpose', 'reason'],
    collect() {
      this.reset()
      for (const [purpose, reason, count] of parts.usage.totals()) this.inc({ purpose, reason }, count)
    },
  })
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(read())
      },
    })
  gauge('assent_streams_open', 'Filters, resolves and change feeds under way', () => parts.limits.streams())
  gauge('assent_index_subjects', 'Subjects in the index', () => decisions.size().subjects)
  gauge('assent_index_identifiers', 'Identifiers in the index', () => decisions.size().identifiers)
  gauge('assent_index_bytes', 'Memory of the index', () => decisions.size().bytes)
  const { ledger, evidence } = parts
  if (evidence !== undefined) {
    gauge('assent_evidence_lag_events', 'Events that the log of evidence lacks', () => evidence.lag().events)
    gauge(
      'assent_evidence_lag_seconds',
      'Since the log of evidence last lacked nothing',
      () => evidence.lag().ms / 1_000,
    )
  }
  if (ledger === undefined) return
  gauge('assent_ledger_queue', 'Writes that wait for a batch', () => ledger.load().queued)
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      ...{ name, help, registers },
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  counter('assent_ledger_batches_total', 'Batches written', () => ledger.load().batches)
  counter('assent_ledger_events_total', 'Events written in them', () => ledger.load().events)
  gauge('assent_ledger_batch_events', 'Events of the last batch written', () => ledger.load().lastBatch)
}
