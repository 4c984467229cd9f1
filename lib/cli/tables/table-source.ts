import { existsSync, statSync } from 'node:fs'
import { usage } from '../exit-codes.ts'
import type { FilterOptions } from '../filter/options.ts'
import type { Duck } from './duck.ts'
import { list, literal, name } from './sql.ts'

export type Column = { readonly name: string; readonly type: string }

/** How a CSV is written. */
export type CsvForm = {
  readonly delimiter: string
  readonly quote: string
  readonly escape: string
  readonly hasHeader: boolean
}

/** The table to filter: the view `source` of a `Duck`. */
export type TableSource = {
  readonly files: readonly string[]
  readonly columns: readonly Column[]
  /** Columns that are directories' names, such as `day=2026-06-01`. */
  readonly partitions: readonly string[]
  readonly csv: CsvForm | undefined
  /** Lines of a CSV that are no rows; they are left out. */
  readonly rejected: number
}

/**
 * Makes the view `source` over the files that paths and patterns name. Partition values and, where CSV stays CSV, all
 * values are texts exactly as written, so that an id `007` is not 7.
 */
export async function openSource(
  duck: Duck,
  { from, to, csv, subjects, collectedAt, contentUsage }: FilterOptions,
  inputs: readonly string[],
  onProgress: (share: number) => void,
): Promise<TableSource> {
  const files = (await Promise.all(inputs.map((each) => expand(duck, each, from)))).flat()
  const hive = 'hive_partitioning = true, hive_types_autocast = false'
  const isHive = files.some((path) => /\/[^/=]+=[^/]*\//.test(path))
  const parameters = isHive ? [hive] : ['hive_partitioning = false']
  let form: CsvForm | undefined
  if (from === 'csv') {
    form = await csvForm(duck, files[0]!, csv)
    // What decides is read as text, whatever it looks like.
    const decisive = [
      ...subjects.map(({ path }) => path),
      ...(collectedAt.kind === 'path' ? [collectedAt.path] : []),
      ...(contentUsage === undefined ? [] : [contentUsage]),
    ]
    parameters.push(
      `delim = ${literal(form.delimiter)}, quote = ${literal(form.quote)}, escape = ${literal(form.escape)}`,
      `header = ${form.hasHeader}, allow_quoted_nulls = false, store_rejects = true`,
      to === 'csv'
        ? 'all_varchar = true'
        : `sample_size = -1, types = {${decisive.map((each) => `${literal(each)}: 'VARCHAR'`).join(', ')}}`,
    )
  }
  const reader = from === 'csv' ? 'read_csv' : 'read_parquet'
  // Parsing a CSV costs more than keeping it; a Parquet file is read column by column, as often as needed.
  const kind = from === 'csv' ? 'TABLE' : 'VIEW'
  await readable(() =>
    duck.run(
      `CREATE OR REPLACE ${kind} source AS SELECT * FROM ${reader}(${list(files)}, ${parameters.join(', ')})`,
      onProgress,
    ),
  )
  const described = await readable(() =>
    duck.rows<{ column_name: string; column_type: string }>('DESCRIBE SELECT * FROM source'),
  )
  const columns = described.map((each) => ({ name: each.column_name, type: each.column_type }))
  const rejected = from === 'csv' ? await countRejected(duck) : 0
  return { files, columns, partitions: isHive ? partitionsOf(files[0]!) : [], csv: form, rejected }
}

async function countRejected(duck: Duck): Promise<number> {
  const [row] = await duck.rows<{ n: bigint }>(
    'SELECT count(DISTINCT (file_id, line)) AS n FROM reject_errors',
  )
  return Number(row!.n)
}

/** The files that a path, a pattern or a directory means. Throws usage where there are none. */
export async function expand(
  duck: Duck,
  input: string,
  format: 'csv' | 'parquet' | 'ndjson',
): Promise<readonly string[]> {
  const isDirectory = existsSync(input) && statSync(input).isDirectory()
  if (existsSync(input) && !isDirectory) return [input]
  const pattern = isDirectory ? `${input.replace(/\/$/, '')}/**/*.${format}*` : input
  const found = await duck.rows<{ file: string }>(`SELECT file FROM glob(${literal(pattern)}) ORDER BY file`)
  if (found.length === 0) throw usage(`There is no file ${pattern}.`)
  return found.map(({ file }) => file)
}

async function csvForm(duck: Duck, file: string, given: FilterOptions['csv']): Promise<CsvForm> {
  const options = [
    ...(given.delimiter === undefined ? [] : [`delim = ${literal(given.delimiter)}`]),
    ...(given.hasHeader === undefined ? [] : [`header = ${given.hasHeader}`]),
  ]
  const [sniffed] = await readable(() =>
    duck.rows<{ Delimiter: string; Quote: string; Escape: string; HasHeader: boolean }>(
      `SELECT Delimiter, Quote, Escape, HasHeader FROM sniff_csv(${[literal(file), 'ignore_errors = true', ...options].join(', ')})`,
    ),
  )
  const known = (text: string | undefined, otherwise: string) =>
    text === undefined || text === '' || text === '(empty)' || text === '\0' ? otherwise : text
  return {
    delimiter: known(sniffed?.Delimiter, ','),
    quote: known(sniffed?.Quote, '"'),
    escape: known(sniffed?.Escape, '"'),
    hasHeader: sniffed?.HasHeader ?? true,
  }
}

const partitionsOf = (file: string) => [...file.matchAll(/\/([^/=]+)=[^/]*(?=\/)/g)].map(([, key]) => key!)

/** What DuckDB says about a file that it cannot read, without its hints. */
export async function readable<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (error) {
    throw usage(`The input cannot be read: ${(error as Error).message.split('\n')[0]}`)
  }
}

/**
 * The SQL of a column, `s` being the source, and its type: a column of exactly that name, or a member of one by dots.
 * Throws usage, with the columns there are.
 */
export async function columnOf(duck: Duck, source: TableSource, path: string): Promise<Column> {
  const exact = source.columns.find((column) => column.name === path)
  if (exact !== undefined) return { name: `s.${name(path)}`, type: exact.type }
  const [first, ...rest] = path.split('.')
  const sql = `s.${[first!, ...rest].map(name).join('.')}`
  if (path.includes('[]')) throw usage(`${path} is a list; lists of people can be filtered in NDJSON only.`)
  if (rest.length > 0 && source.columns.some((column) => column.name === first)) {
    const described = await duck
      .rows<{ column_type: string }>(`DESCRIBE SELECT ${sql} AS x FROM source s`)
      .catch(() => [])
    if (described[0] !== undefined) return { name: sql, type: described[0].column_type }
  }
  const names = source.columns.map((column) => column.name).join(', ')
  throw usage(`There is no column ${path}. The columns are: ${names}.`)
}
