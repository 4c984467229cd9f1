const form =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?([Zz]|[+-]\d{2}:?\d{2}))?$/
const daysInMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * The earliest instant that `text` can mean, in milliseconds: RFC 3339 with a zone, to the minute or finer, or a
 * bare date, which means its first UTC instant. Finer fractions are cut off. Undefined for anything else, and for
 * a time without a zone: an instant that is not known is not guessed.
 */
export function parseInstant(text: string): number | undefined {
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
