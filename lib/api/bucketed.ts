type Buckets = { readonly counts: Float64Array; sum: number }

/**
 * A histogram with one label. A typed array a label's value in place of prom-client's objects, which cost more than a
 * decision; read by prom-client as one of its own.
 */
export class Bucketed {
  readonly name: string
  readonly help: string
  readonly type = 'histogram'
  readonly aggregator = 'sum'
  readonly #label: string
  /** Upper ends of the buckets; values beyond the last are counted all the same. */
  readonly #edges: readonly number[]
  readonly #byLabel = new Map<string, Buckets>()

  constructor(options: {
    readonly name: string
    readonly help: string
    readonly label: string
    readonly edges: readonly number[]
  }) {
    this.name = options.name
    this.help = options.help
    this.#label = options.label
    this.#edges = options.edges
  }

  /** `weight`: how many values this one stands for. */
  observe(label: string, value: number, weight = 1): void {
    let buckets = this.#byLabel.get(label)
    if (buckets === undefined) {
      buckets = { counts: new Float64Array(this.#edges.length + 1), sum: 0 }
      this.#byLabel.set(label, buckets)
    }
    const edges = this.#edges
    let bucket = 0
    while (bucket < edges.length && value > edges[bucket]!) bucket++
    buckets.counts[bucket]! += weight
    buckets.sum += value * weight
  }

  /** As prom-client's registry reads a metric. */
  get() {
    const values = [...this.#byLabel].flatMap(([value, { counts, sum }]) => {
      const labels = { [this.#label]: value }
      let below = 0
      const buckets = [...counts].map((count, index) => {
        below += count
        const le = this.#edges[index] ?? '+Inf'
        return { metricName: `${this.name}_bucket`, labels: { le, ...labels }, value: below }
      })
      return [
        ...buckets,
        { metricName: `${this.name}_sum`, labels, value: sum },
        { metricName: `${this.name}_count`, labels, value: below },
      ]
    })
    const { name, help, type, aggregator } = this
    return { name, help, type, aggregator, values }
  }
}
