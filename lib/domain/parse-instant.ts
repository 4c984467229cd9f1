const form =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?([Zz]|[+-]\d{2}:?\d{2}))?$/
const daysInMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * The earliest instant that `text` can mean, in milliseconds: RFC 3339 with a zone, to the minute or finer, or a
 * bare date, which means its first UTC instant. Finer fractions are cut off. Undefined for anything else, and for
 * a time without a zone: an instant that is not known is not guessed.
 */
export function parseInstant(text: string): number | undefined {
  return parsePlain(text) ?? parseAny(text)
}

const daysMax = 10_000
const days = new Map<string, number>()

/** The form that machines write, `2026-11-24T10:00:00Z` with or without milliseconds; undefined for all others. */
function parsePlain(text: string): number | undefined {
  const { length } = text
  if ((length !== 24 && length !== 20) || text[10] !== 'T' || text[length - 1] !== 'Z') return undefined
  if (text[13] !== ':' || text[16] !== ':' || (length === 24 && text[19] !== '.')) return undefined
  const date = text.slice(0, 10)
  let day = days.get(date)
  if (day === undefined) {
    day = parseAny(date)
    if (day === undefined) return undefined
    if (days.size >= daysMax) days.clear()
    days.set(date, day)
  }
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  const tens = length === 24 ? twoDigits(text, 20) : 0
  const last = length === 24 ? text.charCodeAt(22) - 0x30 : 0
  // Not digits, or a leap second: left to the other.
  if (!(hour < 24 && minute < 60 && second < 60 && tens < 100 && last >= 0 && last < 10)) return undefined
  return day + hour * 3_600_000 + minute * 60_000 + second * 1_000 + tens * 10 + last
}

/** NaN where one of the two is no digit. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30
  const ones = text.charCodeAt(at + 1) - 0x30
  return tens >= 0 && tens < 10 && ones >= 0 && ones < 10 ? tens * 10 + ones : Number.NaN
}

function parseAny(text: string): number | undefined {
  const match = form.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match
  const isLeapDay = month === '02' && day === '29'
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1) return undefined
  if (Number(day) > daysInMonth[Number(month) - 1]! || (isLeapDay && !isLeapYear(Number(year))))
    return undefined
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  // A leap second is the last instant before it that the clock can name.
  const seconds = Math.min(Number(second), 59)
  const time = date.setUTCHours(Number(hour), Number(minute), seconds, Number(`${fraction}000`.slice(0, 3)))
  const offset = zoneOffsetMs(zone)
  return offset === undefined ? undefined : time - offset
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

function zoneOffsetMs(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  if (hours > 23 || minutes > 59) return undefined
  return (zone[0] === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000
}
