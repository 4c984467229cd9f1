const daysInMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const daysMax = 10_000
const days = new Map<string, number>()

/**
 * Milliseconds of a time as machines write it, `2026-11-24T10:00:00Z` with or without milliseconds; undefined for every
 * other form, which is left to the server to read.
 */
export function plainInstant(text: string): number | undefined {
  const { length } = text
  if ((length !== 24 && length !== 20) || text[10] !== 'T' || text[length - 1] !== 'Z') return undefined
  if (text[13] !== ':' || text[16] !== ':' || (length === 24 && text[19] !== '.')) return undefined
  const day = dayOf(text.slice(0, 10))
  const hour = digits(text, 11, 2)
  const minute = digits(text, 14, 2)
  const second = digits(text, 17, 2)
  const ms = length === 24 ? digits(text, 20, 3) : 0
  // No digits, or a leap second.
  if (day === undefined || !(hour < 24 && minute < 60 && second < 60 && ms < 1_000)) return undefined
  return day + hour * 3_600_000 + minute * 60_000 + second * 1_000 + ms
}

/** The day's first millisecond. Days are few, and asked about often. */
function dayOf(date: string): number | undefined {
  const known = days.get(date)
  if (known !== undefined) return known
  const [year, month, day] = [digits(date, 0, 4), digits(date, 5, 2), digits(date, 8, 2)]
  const isDay = date[4] === '-' && date[7] === '-' && year >= 1_970 && month >= 1 && month <= 12
  if (!isDay || !(day >= 1 && day <= daysInMonth[month - 1]!)) return undefined
  const at = Date.UTC(year, month - 1, day)
  if (new Date(at).getUTCDate() !== day) return undefined
  if (days.size >= daysMax) days.clear()
  days.set(date, at)
  return at
}

/** NaN where one of them is no digit. */
function digits(text: string, at: number, count: number): number {
  let value = 0
  for (let n = at; n < at + count; n++) {
    const digit = text.charCodeAt(n) - 0x30
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = value * 10 + digit
  }
  return value
}
