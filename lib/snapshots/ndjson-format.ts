import { formatInstant } from '../domain/format-instant.ts'
import type { SnapshotFormat } from './format.ts'

/** One JSON object a line, times as RFC 3339 in UTC. */
export function ndjsonFormat(): SnapshotFormat {
  return {
    name: 'ndjson',
    contentType: 'application/x-ndjson',
    rowsAtOnce: 512,
    write(rows) {
      let text = ''
      for (const row of rows) {
        const line = {
          ...row,
          collected_from: formatInstant(row.collected_from),
          collected_until: formatInstant(row.collected_until),
          use_until: row.use_until === null ? null : formatInstant(row.use_until),
        }
        text += `${JSON.stringify(line)}\n`
      }
      return Buffer.from(text)
    },
    end: () => new Uint8Array(),
  }
}
