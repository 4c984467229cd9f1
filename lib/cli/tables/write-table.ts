import type { Format } from '../filter/formats.ts'
import type { Duck } from './duck.ts'
import { literal, name } from './sql.ts'
import type { TableSource } from './table-source.ts'

/** How a table is written. */
export type Target = {
  readonly path: string
  readonly format: Format
  /** Columns that become directories; none: one file. */
  readonly partitionBy: readonly string[]
}

/** The source's columns as they are written: in texts, instants are in RFC 3339, so that they can be read again. */
export function columnsSql({ columns }: TableSource, format: Format): string {
  const all = columns.map(({ name: column, type }) => {
    const sql = `s.${name(column)}`
    if (format === 'parquet' || type !== 'TIMESTAMP WITH TIME ZONE') return sql
    return `CASE WHEN isfinite(${sql}) THEN strftime(${sql}, '%Y-%m-%dT%H:%M:%S.%fZ') ELSE CAST(${sql} AS VARCHAR) END AS ${name(column)}`
  })
  return all.join(', ')
}

/** Writes what `select` gives; answers how many rows. Parquet keeps the input's compression and size of row groups, CSV its form. */
export async function writeTable(
  duck: Duck,
  source: TableSource,
  select: string,
  target: Target,
  onProgress: (share: number) => void,
): Promise<number> {
  const options = [`FORMAT ${target.format === 'ndjson' ? 'json' : target.format}`]
  if (target.format === 'parquet') options.push(...(await parquetOptions(duck, source)))
  if (target.format === 'csv') {
    const form = source.csv ?? {
      delimiter: target.path.endsWith('.tsv') ? '\t' : ',',
      quote: '"',
      escape: '"',
      hasHeader: true,
    }
    options.push(`HEADER ${form.hasHeader}`, `DELIMITER ${literal(form.delimiter)}`)
    options.push(`QUOTE ${literal(form.quote)}`, `ESCAPE ${literal(form.escape)}`)
  }
  if (target.partitionBy.length > 0) options.push(`PARTITION_BY (${target.partitionBy.map(name).join(', ')})`)
  if (target.partitionBy.length === 0 && /\.gz$/.test(target.path)) options.push('COMPRESSION gzip')
  const timer = setInterval(() => onProgress(duck.share()), 100)
  try {
    const reader = await duck.connection.runAndReadAll(
      `COPY (${select}) TO ${literal(target.path)} (${options.join(', ')})`,
    )
    return Number(reader.getRows()[0]?.[0] ?? 0)
  } finally {
    clearInterval(timer)
  }
}

const codecs: ReadonlySet<string> = new Set([
  'UNCOMPRESSED',
  'SNAPPY',
  'GZIP',
  'ZSTD',
  'BROTLI',
  'LZ4',
  'LZ4_RAW',
])

async function parquetOptions(duck: Duck, { files, csv }: TableSource): Promise<readonly string[]> {
  if (csv !== undefined || files.length === 0) return ['COMPRESSION zstd']
  const [first] = await duck.rows<{ codec: string; row_group: bigint }>(
    `SELECT mode(compression) AS codec, max(row_group_num_rows) AS row_group FROM parquet_metadata(${literal(files[0]!)})`,
  )
  const codec = first !== undefined && codecs.has(first.codec) ? first.codec : 'SNAPPY'
  const rowGroup = Math.min(Math.max(Number(first?.row_group ?? 0), 20_480), 1_048_576)
  return [`COMPRESSION ${codec === 'LZ4' ? 'LZ4_RAW' : codec}`, `ROW_GROUP_SIZE ${rowGroup}`]
}
