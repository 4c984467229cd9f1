/** The time in integer milliseconds since 1970. Injected everywhere, so that tests and replays choose it. */
export type Clock = () => number
