const barWidth = 24
const redrawMs = 100

/** A line on the terminal that says what is being done, how far it is and how long it will take; silent elsewhere. */
export class Progress {
  readonly #out: NodeJS.WriteStream
  #phase = ''
  #phaseAt = 0
  #shownAt = 0

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out
  }

  get isShown(): boolean {
    return this.#out.isTTY === true
  }

  phase(name: string): void {
    this.#phase = name
    this.#phaseAt = performance.now()
    this.#shownAt = 0
    this.show(undefined)
  }

  /** `share` from 0 to 1, undefined where the whole is not known; `detail` in words. */
  show(share: number | undefined, detail = ''): void {
    const now = performance.now()
    if (!this.isShown || now - this.#shownAt < redrawMs) return
    this.#shownAt = now
    this.#out.write(`\r\x1b[K${progressLine(this.#phase, share, now - this.#phaseAt, detail)}`)
  }

  end(): void {
    if (this.isShown) this.#out.write('\r\x1b[K')
  }
}

/** `resolving  [######··················]  25 %  3 s left  500,000 people`. */
export function progressLine(
  phase: string,
  share: number | undefined,
  spentMs: number,
  detail: string,
): string {
  if (share === undefined) return [phase.padEnd(10), detail].join('  ').trimEnd()
  const done = Math.min(1, Math.max(0, share))
  const full = Math.round(done * barWidth)
  const left = done > 0.02 && spentMs > 500 ? `${duration((spentMs / done) * (1 - done))} left` : ''
  const bar = `[${'#'.repeat(full)}${'·'.repeat(barWidth - full)}]`
  return [phase.padEnd(10), bar, `${String(Math.floor(done * 100)).padStart(3)} %`, left, detail]
    .filter((part) => part !== '')
    .join('  ')
}

function duration(ms: number): string {
  const seconds = Math.ceil(ms / 1_000)
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`
}
