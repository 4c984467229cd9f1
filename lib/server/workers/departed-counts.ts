type Value = {
  readonly value: number
  readonly labels?: Readonly<Record<string, string | number>>
  readonly metricName?: string
}
type Metric = { readonly name: string; readonly type: string; readonly values: readonly Value[] }

/** What ended workers had counted: added to the others', so that a total does not fall with a worker's end. */
export class DepartedCounts {
  readonly #metrics = new Map<string, { readonly metric: Metric; readonly values: Map<string, Value> }>()

  /** `metrics` as prom-client gives them; gauges speak of a process that is gone, and are left out. */
  add(metrics: readonly object[]): void {
    for (const metric of metrics as readonly Metric[]) {
      if (metric.type !== 'counter' && metric.type !== 'histogram') continue
      const known = this.#metrics.get(metric.name) ?? { metric, values: new Map<string, Value>() }
      this.#metrics.set(metric.name, known)
      for (const each of metric.values) {
        const key = JSON.stringify([each.metricName, each.labels])
        const before = known.values.get(key)?.value ?? 0
        known.values.set(key, { ...each, value: each.value + before })
      }
    }
  }

  all(): readonly object[] {
    return [...this.#metrics.values()].map(({ metric, values }) => ({
      ...metric,
      values: [...values.values()],
    }))
  }
}
