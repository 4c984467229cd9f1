/** Where a log ends. `hash` is the hex hash of the event at `seq`; 64 zeros for an empty log. */
export type LogHead = {
  readonly epoch: number
  readonly log: number
  readonly seq: number
  readonly hash: string
  /** Of the event at `seq`; 0 for an empty log. Milliseconds. */
  readonly recordedAtMs: number
}
