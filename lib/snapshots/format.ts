import type { SnapshotRow } from './snapshot-row.ts'

/** Writes rows as bytes, part by part. */
export type SnapshotFormat = {
  readonly name: 'ndjson' | 'parquet'
  readonly contentType: string
  /** Rows are best given in parts of this many: each part is one piece of synchronous work. */
  readonly rowsAtOnce: number
  write(rows: readonly SnapshotRow[]): Uint8Array
  /** The bytes after the last row. */
  end(): Uint8Array
}
