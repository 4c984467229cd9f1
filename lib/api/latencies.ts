/** Upper ends of the buckets, in seconds; times beyond the last are counted all the same. */
const edges = [
  0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
  1, 2.5, 5, 10,
]

type Buckets = { readonly counts: Float64Array; sum: number }

/**
 * How long answers take, by route. A typed array a route in place of prom-client's objects, which cost more than a
 * decision; read by prom-client as one of its own histograms.
 */
export class Latencies {
  readonly name = 'assent_latency_seconds'
  readonly help = 'From a call to its answer, within this process, by route'
  readonly type = 'histogram'
  readonly aggregator = 'sum'
  readonly #byRoute = new Map<string, Buckets>()

  /** `weight`: how many answers this one stands for. */
  observe(route: string, seconds: number, weight = 1): void {
    let buckets = this.#byRoute.get(route)
    if (buckets === undefined) {
      buckets = { counts: new Float64Array(edges.length + 1), sum: 0 }
      this.#byRoute.set(route, buckets)
    }
    let bucket = 0
    while (bucket < edges.length && seconds > edges[bucket]!) bucket++
    buckets.counts[bucket]! += weight
    buckets.sum += seconds * weight
  }

  /** As prom-client's registry reads a metric. */
  get() {
    const values = [...this.#byRoute].flatMap(([route, { counts, sum }]) => {
      let below = 0
      const buckets = [...counts].map((count, index) => {
        below += count
        const le = index < edges.length ? edges[index]! : '+Inf'
        return { metricName: `${this.name}_bucket`, labels: { le, route }, value: below }
      })
      return [
        ...buckets,
        { metricName: `${this.name}_sum`, labels: { route }, value: sum },
        { metricName: `${this.name}_count`, labels: { route }, value: below },
      ]
    })
    const { name, help, type, aggregator } = this
    return { name, help, type, aggregator, values }
  }
}
