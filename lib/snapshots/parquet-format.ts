import { ByteWriter, ParquetWriter } from 'hyparquet-writer'
import type { SnapshotFormat } from './format.ts'
import type { SnapshotRow } from './snapshot-row.ts'

type Element = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number]

const required = { repetition_type: 'REQUIRED' } as const
const optional = { repetition_type: 'OPTIONAL' } as const
const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8' } as const
/** An instant, not a time on some wall: engines read it as a time with a zone. */
const instant = {
  type: 'INT64',
  converted_type: 'TIMESTAMP_MILLIS',
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
} as const

/** A row's columns, in order. */
const columns: readonly { readonly name: keyof SnapshotRow; readonly elements: readonly Element[] }[] = [
  { name: 'subject_type', elements: [{ name: 'subject_type', ...text, ...required }] },
  { name: 'subject_key', elements: [{ name: 'subject_key', ...text, ...required }] },
  { name: 'purpose', elements: [{ name: 'purpose', ...text, ...required }] },
  { name: 'property', elements: [{ name: 'property', ...text, ...optional }] },
  { name: 'decision', elements: [{ name: 'decision', ...text, ...required }] },
  { name: 'reason', elements: [{ name: 'reason', ...text, ...required }] },
  { name: 'collected_from', elements: [{ name: 'collected_from', ...instant, ...required }] },
  { name: 'collected_until', elements: [{ name: 'collected_until', ...instant, ...required }] },
  { name: 'use_until', elements: [{ name: 'use_until', ...instant, ...optional }] },
  {
    name: 'categories',
    elements: [
      { name: 'categories', converted_type: 'LIST', num_children: 1, ...required },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      { name: 'element', ...text, ...required },
    ],
  },
  { name: 'notice', elements: [{ name: 'notice', ...text, ...optional }] },
  { name: 'notice_version', elements: [{ name: 'notice_version', type: 'INT32', ...optional }] },
  { name: 'revision', elements: [{ name: 'revision', ...text, ...required }] },
  { name: 'subject', elements: [{ name: 'subject', ...text, ...required }] },
]
const schema: Element[] = [
  { name: 'root', num_children: columns.length },
  ...columns.flatMap(({ elements }) => elements),
]
/** No two values alike: to look for a dictionary or for repetition would be time spent for nothing. */
const random: ReadonlySet<string> = new Set(['subject_key', 'subject'])
/** Rows come in no order that bounds or offsets of pages could tell anything of. */
const settings = { offsetIndex: false, statistics: false } as const
const instants: ReadonlySet<string> = new Set(['collected_from', 'collected_until', 'use_until'])

/** Apache Parquet, a row group a part, compressed with Snappy. `about` goes into the file's own metadata. */
export function parquetFormat(about: Readonly<Record<string, string>>): SnapshotFormat {
  const writer = new ByteWriter()
  const take = () => {
    const bytes = Buffer.from(writer.getBytes())
    // What was given out is written over; `offset` still counts it.
    writer.index = 0
    return bytes
  }
  const file = new ParquetWriter({
    writer,
    schema,
    createdBy: 'assent',
    kvMetadata: Object.entries(about).map(([key, value]) => ({ key: `assent.${key}`, value })),
  })
  return {
    name: 'parquet',
    contentType: 'application/vnd.apache.parquet',
    // About 10 ms of work; larger groups would hold up everybody else's questions.
    rowsAtOnce: 2_048,
    write(rows) {
      file.write({
        columnData: columns.map(({ name }) => ({
          name,
          data: rows.map((row) => {
            const value = row[name]
            return instants.has(name) && typeof value === 'number' ? BigInt(value) : value
          }),
          ...settings,
          ...(random.has(name) ? { encoding: 'PLAIN' as const, codec: 'UNCOMPRESSED' as const } : {}),
        })),
        rowGroupSize: rows.length,
      })
      return take()
    },
    end() {
      file.finish()
      return take()
    },
  }
}
