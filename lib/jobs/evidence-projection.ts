/** What of the two sources is in the log of evidence after a step. */
export type EvidenceStep = {
  /** Events and acts that this step added. */
  readonly added: number
  /** Every event up to here is in it. */
  readonly seq: number
  /** Events that were committed, and are not in it yet. */
  readonly eventsBehind: number
  /** Whether acts wait that were committed before the step began. */
  readonly actsWait: boolean
}

/** Where the log of evidence is kept. Several processes may move it on; they wait for each other. */
export type EvidenceProjection = {
  /**
   * Takes in the next events after the last, and acts that wait, at most `limit` of each, in one transaction: all or
   * nothing, so that a crash repeats the step and no row is there twice. What was committed before the call is seen.
   */
  step(limit: number): Promise<EvidenceStep>
  /** Empties the log where it was made by other rules than these, so that `step` makes it again. */
  renew(): Promise<void>
  close(): Promise<void>
}
