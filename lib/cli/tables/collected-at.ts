import { usage } from '../exit-codes.ts'
import type { CollectedAt, TimeUnit } from '../filter/options.ts'
import type { Duck } from './duck.ts'
import { literal } from './sql.ts'
import { type Column, columnOf, type TableSource } from './table-source.ts'

/** What cannot be read lies in the future, which the decision denies: the filter's own number for it. */
const unreadable = '9007199254740991'

/** `sql` is BIGINT: milliseconds, null where there is none. `join` is to follow the source `s`. */
export type TimeSql = { readonly sql: string; readonly join: string }

const wholeNumbers = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT)$/
const perSecond: Readonly<Record<TimeUnit, bigint>> = {
  s: 1n,
  ms: 1_000n,
  us: 1_000_000n,
  ns: 1_000_000_000n,
}

/**
 * The time a record was collected, by the rules of `parseInstant` and the type of its column: the earliest instant it
 * can mean, finer than milliseconds cut off. A time without a zone and a whole number mean nothing by themselves: they
 * need `--timezone` and `--unit`, and are refused without.
 */
export async function collectedAtSql(
  duck: Duck,
  source: TableSource,
  collectedAt: CollectedAt,
  parse: (text: string) => number | undefined,
): Promise<TimeSql> {
  if (collectedAt.kind === 'now') return { sql: `CAST(${Date.now()} AS BIGINT)`, join: '' }
  const column = await columnOf(duck, source, collectedAt.path)
  const { name: sql, type } = column
  if (type === 'VARCHAR') return textSql(duck, sql, parse)
  if (type === 'DATE') return plain(wholeMs(`epoch_us(CAST(${sql} AS TIMESTAMP))`), sql)
  if (type === 'TIMESTAMP WITH TIME ZONE') return plain(wholeMs(`epoch_us(${sql})`), sql)
  if (/^TIMESTAMP(_S|_MS|_NS)?$/.test(type)) return plain(wholeMs(localUs(column, collectedAt)), sql)
  if (wholeNumbers.test(type)) return plain(numberMs(column, collectedAt), sql)
  throw usage(
    `The column ${collectedAt.path} is ${type}; a time is a TIMESTAMP WITH TIME ZONE, a DATE, a text such as 2026-06-01T10:00:00Z, or a whole number with --unit.`,
  )
}

/** Null stays null; an infinite time is one that cannot be read. */
const plain = (ms: string, column: string): TimeSql => ({
  sql: `CASE WHEN ${column} IS NULL THEN NULL ELSE coalesce(${ms}, ${unreadable}) END`,
  join: '',
})

/** Down to whole milliseconds, for times before 1970 too. */
const wholeMs = (us: string) => `(${us} // 1000 - CAST(${us} % 1000 < 0 AS BIGINT))`

function localUs({ name: sql }: Column, { path, timezone }: Extract<CollectedAt, { kind: 'path' }>): string {
  if (timezone === undefined) {
    throw usage(
      `The times in ${path} have no zone, so the instants are not known. Say --timezone UTC if they are in UTC, or another zone's name.`,
    )
  }
  const local = `CAST(${sql} AS TIMESTAMP)`
  const at = (time: string) => `timezone(${literal(timezone)}, ${time})`
  // When clocks are set back an hour happens twice: then the earlier of the two is meant.
  const earlier = ['30 minutes', '1 hour', '2 hours'].map((back) => {
    const before = `(${at(local)} - INTERVAL '${back}')`
    return `CASE WHEN timezone(${literal(timezone)}, ${before}) = ${local} THEN ${before} END`
  })
  return `epoch_us(least(${[at(local), ...earlier].join(', ')}))`
}

function numberMs({ name: sql }: Column, { path, unit }: Extract<CollectedAt, { kind: 'path' }>): string {
  if (unit === undefined) {
    throw usage(
      `The times in ${path} are whole numbers; say in which unit: --unit s, ms, us or ns since 1970.`,
    )
  }
  const scale = perSecond[unit]
  const wide = `CAST(${sql} AS HUGEINT)`
  const ms =
    scale <= 1_000n
      ? `${wide} * ${1_000n / scale}`
      : `(${wide} - (((${wide} % ${scale / 1_000n}) + ${scale / 1_000n}) % ${scale / 1_000n})) // ${scale / 1_000n}`
  return `CAST(least(greatest(${ms}, -${unreadable}), ${unreadable}) AS BIGINT)`
}

/** What most machines write; DuckDB reads it as `parseInstant` does. Everything else is read by `parseInstant` itself. */
const plainForm =
  '[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])'

async function textSql(
  duck: Duck,
  sql: string,
  parse: (text: string) => number | undefined,
): Promise<TimeSql> {
  const isPlain = `regexp_full_match(${sql}, ${literal(plainForm)})`
  const us = `epoch_us(TRY_CAST(${sql} AS TIMESTAMPTZ))`
  await duck.run('CREATE OR REPLACE TABLE other_times (text VARCHAR PRIMARY KEY, ms BIGINT)')
  const others = await duck.connection.stream(
    `SELECT DISTINCT ${sql} AS text FROM source s WHERE ${sql} IS NOT NULL AND NOT ${isPlain}`,
  )
  const appender = await duck.second.createAppender('other_times')
  let found = 0
  for (;;) {
    const chunk = await others.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) break
    for (const text of chunk.getColumnValues(0) as string[]) {
      appender.appendVarchar(text)
      appender.appendBigInt(BigInt(parse(text) ?? unreadable))
      appender.endRow()
      found += 1
    }
  }
  appender.closeSync()
  const read = `CASE WHEN ${isPlain} THEN ${wholeMs(us)}${found === 0 ? '' : ' ELSE o.ms'} END`
  return {
    sql: `CASE WHEN ${sql} IS NULL THEN NULL ELSE coalesce(${read}, ${unreadable}) END`,
    join: found === 0 ? '' : `LEFT JOIN other_times o ON o.text = ${sql}`,
  }
}
