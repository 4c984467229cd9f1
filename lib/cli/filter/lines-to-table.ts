import { statSync } from 'node:fs'
import { Duck } from '../tables/duck.ts'
import { list, literal, name } from '../tables/sql.ts'
import { type Column, readable, type TableSource } from '../tables/table-source.ts'
import { columnsSql, writeTable } from '../tables/write-table.ts'
import type { Format } from './formats.ts'
import type { Run } from './run.ts'

/**
 * Writes NDJSON that was decided already as a table: a column for each member. Texts stay texts, whatever they look
 * like, so that neither an id nor a time is spelt anew. Where there are no lines, the columns are those of `inputs`.
 */
export async function linesToTable(
  run: Run,
  lines: string,
  inputs: readonly string[],
  target: { readonly path: string; readonly format: Format; readonly partitionBy: readonly string[] },
): Promise<void> {
  const { aside, options, progress } = run
  const isEmpty = statSync(lines).size === 0
  const duck = await Duck.open(aside.directory, options.memory)
  try {
    const from = (parameters: readonly string[]) =>
      `SELECT * FROM read_json(${[list(isEmpty ? inputs : [lines]), "format = 'newline_delimited'", `ignore_errors = ${isEmpty}`, ...parameters].join(', ')})`
    const guessed = await readable(() =>
      duck.rows<{ column_name: string; column_type: string }>(`DESCRIBE ${from(['sample_size = -1'])}`),
    )
    const columns = guessed.map(
      ({ column_name, column_type }): Column => ({ name: column_name, type: asWritten(column_type) }),
    )
    const types = columns.map((column) => `${literal(column.name)}: ${literal(column.type)}`).join(', ')
    await readable(() => duck.run(`CREATE VIEW source AS ${from([`columns = {${types}}`])}`))
    const source: TableSource = { files: [], columns, partitions: [], csv: undefined, rejected: 0 }
    const select = target.format === 'csv' ? csvColumns(columns) : columnsSql(source, target.format)
    progress.phase('writing')
    await writeTable(
      duck,
      source,
      `SELECT ${select} FROM source s${isEmpty ? ' LIMIT 0' : ''}`,
      target,
      (share) => progress.show(share),
    )
  } finally {
    duck.close()
  }
}

/** A type without what was read into texts; names of members are followed by a space. */
const asWritten = (type: string) =>
  type.replace(/\b(?:DATE|TIME|TIMESTAMP|TIMESTAMP WITH TIME ZONE|UUID)(?=[,)[]|$)/g, 'VARCHAR')

/** What is no single value is JSON. */
const csvColumns = (columns: readonly Column[]) =>
  columns
    .map(({ name: column, type }) =>
      /[([]|^JSON$|^MAP/.test(type) ? `to_json(s.${name(column)}) AS ${name(column)}` : `s.${name(column)}`,
    )
    .join(', ')
