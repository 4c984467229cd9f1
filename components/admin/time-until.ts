const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** How long it is until an instant, in words: `in 3 days`, `in less than a minute`, `now`. Rounded down: never too late. */
export function timeUntil(atMs: number, nowMs: number): string {
  const leftMs = atMs - nowMs
  if (leftMs <= 0) return 'now'
  const [unit, unitMs] = units.find(([, size]) => leftMs >= size) ?? [undefined, 0]
  if (unit === undefined) return 'in less than a minute'
  const count = Math.floor(leftMs / unitMs)
  return `in ${count} ${unit}${count === 1 ? '' : 's'}`
}
