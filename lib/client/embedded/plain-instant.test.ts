import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseInstant } from '../../domain/parse-instant.ts'
import { plainInstant } from './plain-instant.ts'

describe('plainInstant', () => {
  test('reads a time as the server does, or leaves it to the server', () => {
    const vectors: { text: string; ms: number | null }[] = JSON.parse(
      readFileSync('clients/vectors/instants.json', 'utf8'),
    )
    const read = vectors.filter(({ text }) => plainInstant(text) !== undefined)
    expect(read.length).toBeGreaterThan(2)
    for (const { text, ms } of read) expect([text, plainInstant(text)]).toEqual([text, ms])
  })

  test('reads what machines write, and no day that does not exist', () => {
    const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'))
    const year = fc.integer({ min: 1_900, max: 2_400 })
    const written = fc.tuple(year, two(13), two(32), two(25), two(61), two(61), fc.constantFrom('', '.007'))
    fc.assert(
      fc.property(written, ([y, month, day, h, m, s, ms]) => {
        const text = `${y}-${month}-${day}T${h}:${m}:${s}${ms}Z`
        const own = plainInstant(text)
        if (own !== undefined) expect([text, own]).toEqual([text, parseInstant(text)])
      }),
      { numRuns: 5_000 },
    )
    expect(plainInstant('2026-11-24T10:00:00.123Z')).toBe(Date.UTC(2026, 10, 24, 10, 0, 0, 123))
  })
})
