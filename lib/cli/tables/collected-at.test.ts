import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseInstant } from '../../domain/parse-instant.ts'
import { collectedAtSql } from './collected-at.ts'
import { Duck } from './duck.ts'
import { literal } from './sql.ts'

let duck: Duck
let dir: string
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'assent-times-'))
  duck = await Duck.open(dir, undefined)
})
afterAll(() => {
  duck.close()
  rmSync(dir, { recursive: true, force: true })
})

const unreadable = Number.MAX_SAFE_INTEGER

/** The milliseconds of each value of the column `at`. */
async function read(
  values: readonly string[],
  more: { unit?: 's' | 'ms' | 'us' | 'ns'; timezone?: string } = {},
) {
  await duck.run(
    `CREATE OR REPLACE TABLE source AS SELECT * FROM (VALUES ${values.map((value, n) => `(${n}, ${value})`).join(', ')}) t(n, "at")`,
  )
  const described = await duck.rows<{ column_name: string; column_type: string }>('DESCRIBE source')
  const columns = described.map((each) => ({ name: each.column_name, type: each.column_type }))
  const source = { files: [], columns, partitions: [], csv: undefined, rejected: 0 }
  const asked = { kind: 'path', path: 'at', unit: more.unit, timezone: more.timezone } as const
  const { sql, join: joined } = await collectedAtSql(duck, source, asked, parseInstant)
  const rows = await duck.rows<{ ms: bigint | null }>(
    `SELECT ${sql} AS ms FROM source s ${joined} ORDER BY n`,
  )
  return rows.map(({ ms }) => (ms === null ? null : Number(ms)))
}

describe('collectedAtSql', () => {
  test('reads texts as parseInstant does', async () => {
    const digits = (length: number, max: number) => fc.nat(max).map((n) => String(n).padStart(length, '0'))
    const date = fc
      .tuple(
        fc.constantFrom('0000', '0001', '1900', '1969', '2000', '2024', '2026', '9999'),
        digits(2, 13),
        digits(2, 32),
      )
      .map((parts) => parts.join('-'))
    const time = fc.tuple(digits(2, 25), digits(2, 61), digits(2, 61)).map((parts) => parts.join(':'))
    const zone = fc.oneof(
      fc.constantFrom('Z', 'z', '', '+00:00', '-00:00', '+0530', '+14:00', '-23:59', '+24:00', ' UTC'),
      fc
        .tuple(fc.constantFrom('+', '-'), digits(2, 15), digits(2, 61))
        .map(([sign, hours, minutes]) => `${sign}${hours}:${minutes}`),
    )
    const fraction = fc.oneof(
      fc.constant(''),
      fc.tuple(fc.constantFrom('.', ','), fc.stringMatching(/^\d{1,10}$/)).map((parts) => parts.join('')),
    )
    const text = fc.oneof(
      date,
      fc.tuple(date, fc.constantFrom('T', 't', ' '), time, fraction, zone).map((parts) => parts.join('')),
      fc.tuple(date, zone).map((parts) => parts.join('')),
      fc.constantFrom(
        '',
        'infinity',
        'epoch',
        'now',
        '1717236000',
        '2026-6-1',
        '2026-06-01T10:00Z',
        ' 2026-06-01',
        '2026-06-01T10:00:00Z\n',
      ),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 40, maxLength: 120 }), async (texts) => {
        expect(await read(texts.map(literal))).toEqual(texts.map((each) => parseInstant(each) ?? unreadable))
      }),
      { numRuns: 60 },
    )
  })

  test('cuts instants down to milliseconds, before 1970 too; an endless time is one that cannot be read', async () => {
    const instants = [
      "TIMESTAMPTZ '2026-06-01 10:00:00.123999+02'",
      "TIMESTAMPTZ '1969-12-31 23:59:59.9991+00'",
      "'infinity'::TIMESTAMPTZ",
      'NULL',
    ]
    expect(await read(instants)).toEqual([Date.parse('2026-06-01T08:00:00.123Z'), -1, unreadable, null])
  })

  test('a date is its first instant', async () => {
    expect(await read(["DATE '2026-06-01'", "DATE '1969-12-31'", 'NULL'])).toEqual([
      Date.parse('2026-06-01'),
      -86_400_000,
      null,
    ])
  })

  test.each([
    { unit: 's', value: '1780300800', want: 1_780_300_800_000 },
    { unit: 'ms', value: '1780300800123', want: 1_780_300_800_123 },
    { unit: 'us', value: '1780300800123999', want: 1_780_300_800_123 },
    { unit: 'us', value: '-1::BIGINT', want: -1 },
    { unit: 'ns', value: '1780300800123999999', want: 1_780_300_800_123 },
    { unit: 's', value: '9223372036854775807', want: unreadable },
  ] as const)('$value in $unit is $want', async ({ unit, value, want }) => {
    expect(await read([value, 'NULL'], { unit })).toEqual([want, null])
  })

  test('a time without a zone is refused, and read with one; an hour that happens twice is its first', async () => {
    const times = [
      "TIMESTAMP '2026-06-01 10:00:00'",
      "TIMESTAMP '2026-10-25 02:30:00'",
      "TIMESTAMP '2026-10-25 03:30:00'",
      'NULL',
    ]
    await expect(read(times)).rejects.toThrow('no zone')
    expect(await read(times, { timezone: 'UTC' })).toEqual([
      ...['2026-06-01T10:00Z', '2026-10-25T02:30Z', '2026-10-25T03:30Z'].map(Date.parse),
      null,
    ])
    expect(await read(times, { timezone: 'Europe/Berlin' })).toEqual([
      ...['2026-06-01T08:00Z', '2026-10-25T00:30Z', '2026-10-25T02:30Z'].map(Date.parse),
      null,
    ])
    expect(await read(["TIMESTAMP '2026-04-05 01:45:00'"], { timezone: 'Australia/Lord_Howe' })).toEqual([
      Date.parse('2026-04-04T14:45Z'),
    ])
  })

  test.each([
    { value: '17', message: '--unit' },
    { value: '1.5', message: 'DECIMAL' },
    { value: '1.5::DOUBLE', message: 'DOUBLE' },
  ])('$value is refused: it may mean anything', async ({ value, message }) => {
    await expect(read([value])).rejects.toThrow(message)
  })
})
