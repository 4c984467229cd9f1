import { type Moment, sinceMs } from './moment.ts'

/** A clock that the server reads in whole seconds may be this far from the estimate before it counts as another. */
const jumpMs = 3_000

/** What the server's clock says now, between two bounds: its decisions are made by it, not by ours. */
export class ServerClock {
  #serverMs = Number.NaN
  #sent: Moment = { monoMs: 0, wallMs: 0 }
  #received: Moment = this.#sent

  /** The server read `serverMs` between these two moments of ours. */
  set(serverMs: number, sent: Moment, received: Moment): void {
    this.#serverMs = serverMs
    this.#sent = sent
    this.#received = received
  }

  /** It is at least this late there; NaN before it was ever told. */
  earliest(now: Moment): number {
    return this.#serverMs + now.monoMs - this.#received.monoMs
  }

  /** It is at most this late there. */
  latest(now: Moment): number {
    return this.#serverMs + sinceMs(this.#sent, now)
  }

  /** Whether a time of an answer's `Date` does not fit: one of the clocks was set. */
  isContradictedBy(date: string | null, now: Moment): boolean {
    const toldMs = Date.parse(date ?? '')
    return toldMs > this.latest(now) + jumpMs || toldMs + 1_000 < this.earliest(now) - jumpMs
  }
}
