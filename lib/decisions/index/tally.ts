/** A count over all subjects of an index, a few at a time, that is told of what is written meanwhile. */
export type Tally<Result> = {
  /** Counts at most so many subjects more; true once all are. */
  advance(subjectsMax: number): boolean
  /** A subject is about to be written. */
  before(subject: number): void
  /** She was. */
  after(subject: number): void
  /** Of the moment at which `advance` said that it is over. */
  result(): Result
}
