import { parseInstant } from './parse-instant.ts'

const dayMs = 86_400_000
/** No instant's text is longer. */
const lengthMax = 64
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** `parseInstant` of text given as its bytes in ASCII; the form that machines write is read without making text. */
export function parseInstantBytes(bytes: Uint8Array, start: number, end: number): number | undefined {
  const plain = parsePlain(bytes, start, end - start)
  if (plain >= 0) return plain
  return end - start > lengthMax
    ? undefined
    : parseInstant(String.fromCharCode(...bytes.subarray(start, end)))
}

/** `2026-11-24T10:00:00Z`, with or without milliseconds, from 1970 on; -1 for all else. */
function parsePlain(bytes: Uint8Array, at: number, length: number): number {
  if ((length !== 24 && length !== 20) || bytes[at + length - 1] !== 0x5a) return -1
  if (bytes[at + 4] !== 0x2d || bytes[at + 7] !== 0x2d || bytes[at + 10] !== 0x54) return -1
  if (bytes[at + 13] !== 0x3a || bytes[at + 16] !== 0x3a || (length === 24 && bytes[at + 19] !== 0x2e))
    return -1
  const century = two(bytes, at)
  const yearInIt = two(bytes, at + 2)
  const month = two(bytes, at + 5)
  const day = two(bytes, at + 8)
  const hour = two(bytes, at + 11)
  const minute = two(bytes, at + 14)
  const second = two(bytes, at + 17)
  const tens = length === 24 ? two(bytes, at + 20) : 0
  const ones = length === 24 ? two(bytes, at + 21) % 10 : 0
  const isDigits = (century | yearInIt | month | day | hour | minute | second | tens | ones) >= 0
  const year = 100 * century + yearInIt
  // Not digits, or a leap second.
  if (!isDigits || year < 1970 || month < 1 || month > 12 || day < 1) return -1
  if (hour > 23 || minute > 59 || second > 59) return -1
  const ms = 10 * tens + ones
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  if (day > daysInMonth[month - 1]! + (isLeap && month === 2 ? 1 : 0)) return -1
  return daysSince1970(year, month, day) * dayMs + hour * 3_600_000 + minute * 60_000 + second * 1_000 + ms
}

/** In the Gregorian calendar, counted in years that begin in March, so that the leap day is their last. */
function daysSince1970(year: number, month: number, day: number): number {
  const years = month > 2 ? year : year - 1
  const months = month > 2 ? month - 3 : month + 9
  const days = Math.floor((153 * months + 2) / 5) + day - 1
  return (
    365 * years + Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400) + days - 719_468
  )
}

/** Below 0 where one of the two is no digit. */
function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 0x30
  const ones = bytes[at + 1]! - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : -1
}
