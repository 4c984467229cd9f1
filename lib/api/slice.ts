const sliceMs = 1

/** Those who wait for their next slice, in the order they came. */
const waiting: (() => void)[] = []

function runOne(): void {
  if (waiting.length > 1) setImmediate(runOne)
  waiting.shift()?.()
}

/**
 * Synchronous work for one caller of much, a slice at a time, so that others' questions, each of which takes a twentieth of
 * a millisecond, wait for little: of all such work in the process one slice has its turn in each turn of the event loop.
 */
export class Slices {
  #endsAt = performance.now() + sliceMs

  /** Whether the slice is over; to be asked every so many items. */
  isOver(): boolean {
    return performance.now() > this.#endsAt
  }

  /** Whether others wait for a slice: whoever begins then waits for her turn, too. */
  isCrowded(): boolean {
    return waiting.length > 0
  }

  /** Lets others go first. */
  async next(): Promise<void> {
    await new Promise<void>((resolve) => {
      if (waiting.push(resolve) === 1) setImmediate(runOne)
    })
    this.#endsAt = performance.now() + sliceMs
  }
}
