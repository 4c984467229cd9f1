import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseInstant } from './parse-instant.ts'
import { parseInstantBytes } from './parse-instant-bytes.ts'

const read = (text: string) => {
  const bytes = Buffer.from(`"${text}"`)
  return parseInstantBytes(bytes, 1, bytes.length - 1)
}

test('reads from bytes what is read from text', () => {
  const digits = fc.stringMatching(/^\d{2}$/)
  const drawn = fc
    .tuple(
      fc.tuple(digits, digits, digits, digits, digits, digits, digits),
      fc.constantFrom('', '.123', '.9', '.12x'),
    )
    .map(([[a, b, c, d, e, f, g], fraction]) => `${a}${b}-${c}-${d}T${e}:${f}:${g}${fraction}Z`)
  const near = fc
    .tuple(fc.integer({ min: -70_000_000_000_000, max: 250_000_000_000_000 }), fc.boolean())
    .map(([ms, isWhole]) => new Date(ms).toISOString().replace(isWhole ? /\.\d+/ : /^$/, ''))
  const spoilt = fc
    .tuple(near, fc.nat(23), fc.constantFrom('0', '9', ':', '-', 'x', ' '))
    .map(([text, at, unit]) => text.slice(0, at) + unit + text.slice(at + 1))
  fc.assert(
    fc.property(fc.oneof(drawn, near, spoilt), (text) => {
      expect(read(text)).toBe(parseInstant(text))
    }),
    { numRuns: 20_000 },
  )
})

test.each([
  ...['1969-12-31T23:59:59.999Z', '1970-01-01T00:00:00Z', '2000-02-29T00:00:00Z', '2100-02-29T00:00:00Z'],
  ...['2024-02-29T10:00:00.001Z', '2023-02-29T10:00:00Z', '2026-12-31T23:59:60Z', '9999-12-31T23:59:59.999Z'],
  ...['2026-11-24', '2026-11-24T10:00:00+02:00', '2026-13-01T00:00:00Z', '2026-04-31T00:00:00Z', ''],
])('reads %j as its text', (text) => {
  expect(read(text)).toBe(parseInstant(text))
})
