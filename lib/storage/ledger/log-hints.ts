/** What the writer's transactions say of the log's end, for reads that wait for more. Never relied upon. */
export class LogHints {
  #seq = 0
  readonly #waiting = new Set<() => void>()
  #isEnded = false

  /** The log is said to end at `seq`, or beyond. */
  hear(seq: number): void {
    if (seq > this.#seq) this.#seq = seq
    for (const look of this.#waiting) look()
  }

  /** Ends every wait, and those to come. */
  end(): void {
    this.#isEnded = true
    for (const look of this.#waiting) look()
  }

  /** Resolves once there is said to be more than `seq`, after `timeoutMs` at the latest. What was heard is forgotten. */
  async wait(seq: number, timeoutMs: number): Promise<void> {
    const isOver = () => this.#seq > seq || this.#isEnded
    if (timeoutMs > 0 && !isOver()) {
      await new Promise<void>((resolve) => {
        const finish = () => {
          clearTimeout(timer)
          this.#waiting.delete(look)
          resolve()
        }
        const look = () => {
          if (isOver()) finish()
        }
        const timer = setTimeout(finish, timeoutMs)
        this.#waiting.add(look)
      })
    }
    // A log that went back would otherwise seem to have more for ever.
    this.#seq = 0
  }
}
