const dayMs = 86_400_000
const daysMax = 10_000
const days = new Map<number, string>()
const numbers = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'))
const two = (n: number) => numbers[n]!
const three = (n: number) => (n < 10 ? `00${n}` : n < 100 ? `0${n}` : String(n))

/** Milliseconds as `2026-11-24T10:00:00.000Z`. Answers are full of instants, and their days are few. */
export function formatInstant(atMs: number): string {
  const day = Math.floor(atMs / dayMs)
  let text = days.get(day)
  if (text === undefined) {
    text = new Date(atMs).toISOString().slice(0, -13)
    if (days.size >= daysMax) days.clear()
    days.set(day, text)
  }
  const inDay = atMs - day * dayMs
  const ms = inDay % 1_000
  const seconds = (inDay - ms) / 1_000
  const minutes = Math.floor(seconds / 60)
  return `${text}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}.${three(ms)}Z`
}
