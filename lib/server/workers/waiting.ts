/** Those who wait until every worker has applied a sequence number. */
export class Waiting {
  #waits: { readonly seq: number; readonly resolve: () => void }[] = []

  /** Undefined where `reached` is as far already. */
  until(seq: number, reached: number): Promise<void> | undefined {
    if (seq <= reached) return undefined
    return new Promise((resolve) => {
      this.#waits.push({ seq, resolve })
    })
  }

  advance(reached: number): void {
    if (!this.#waits.some(({ seq }) => seq <= reached)) return
    const waits = this.#waits
    this.#waits = waits.filter(({ seq }) => seq > reached)
    for (const { seq, resolve } of waits) if (seq <= reached) resolve()
  }
}
