const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/**
 * Upper bounds, in milliseconds, of how long a yes stood before it was taken back: each some four to seven times the one
 * before, since minutes tell of a mistake and months of a change of mind. What lies past the last has a place of its own.
 */
export const withdrawDelayBoundsMs = [
  minute,
  5 * minute,
  30 * minute,
  2 * hour,
  12 * hour,
  2 * day,
  7 * day,
  30 * day,
  90 * day,
  365 * day,
] as const
