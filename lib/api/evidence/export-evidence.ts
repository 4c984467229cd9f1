import { setImmediate as afterOthers } from 'node:timers/promises'
import { stringify } from 'csv-stringify/sync'
import type { OrganisationId } from '../../domain/ids.ts'
import { rowBody } from './evidence-body.ts'
import type { EvidenceFilter, EvidencePlace, EvidenceReader, EvidenceRow } from './evidence-store.ts'

const rowsAtOnce = 1_000

export const exportFormats = ['csv', 'ndjson'] as const
export type ExportFormat = (typeof exportFormats)[number]

export const contentTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson',
}

const columns = [
  ...['id', 'at', 'occurred_at', 'source', 'seq', 'kind', 'actor', 'purpose', 'property', 'subject'],
  ...['notice', 'notice_version', 'locale', 'about', 'detail', 'leaf', 'previous_hash', 'hash'],
] as const

function flat(row: EvidenceRow): Record<(typeof columns)[number], string | number | null> {
  const { notice, ...rest } = rowBody(row)
  const { event, detail } = row
  return {
    ...rest,
    occurred_at: event === null ? null : new Date(event.occurredAtMs).toISOString(),
    ...{
      notice: notice?.key ?? null,
      notice_version: notice?.version ?? null,
      locale: notice?.locale ?? null,
    },
    detail: JSON.stringify(detail),
    ...{ leaf: event?.leaf ?? null, previous_hash: event?.previousHash ?? null, hash: event?.hash ?? null },
  }
}

/** A spreadsheet takes a cell that begins with = + - @ for a formula, and runs it: such a cell gets a ' before it. */
const toCsv = (rows: readonly EvidenceRow[], isFirst: boolean) =>
  stringify(rows.map(flat), {
    header: isFirst,
    columns: [...columns],
    escape_formulas: true,
    record_delimiter: '\r\n',
  })

const toNdjson = (rows: readonly EvidenceRow[]) =>
  rows.map((row) => `${JSON.stringify({ ...flat(row), notice: row.notice, detail: row.detail })}\n`).join('')

/**
 * The log, oldest first, as text in pieces: a piece is read from the database when the caller has taken the one before, so
 * that memory stays the same however long it is, and nothing is read any more once she is gone.
 */
export function exportEvidence(
  reader: Pick<EvidenceReader, 'page'>,
  organisationId: OrganisationId,
  filter: EvidenceFilter,
  {
    format,
    ended,
    pageRows = rowsAtOnce,
  }: {
    readonly format: ExportFormat
    /** Called once, however it ends. */
    readonly ended: (how: 'done' | 'gone' | 'failed') => void
    readonly pageRows?: number
  },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let after: EvidencePlace | null = null
  let isFirst = true
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const rows: readonly EvidenceRow[] = await reader.page(organisationId, filter, {
            ...{ order: 'oldest', after, limit: pageRows },
          })
          const text = format === 'csv' ? toCsv(rows, isFirst) : toNdjson(rows)
          isFirst = false
          after = rows.at(-1) ?? after
          if (text !== '') controller.enqueue(encoder.encode(text))
          if (rows.length < pageRows) {
            controller.close()
            ended('done')
          } else await afterOthers()
        } catch (error) {
          ended('failed')
          controller.error(error)
        }
      },
      cancel: () => ended('gone'),
    },
    { highWaterMark: 1 },
  )
}
