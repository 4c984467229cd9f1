import { z } from '@hono/zod-openapi'
import type { Policy } from '../../domain/policy.ts'
import { noticeRef } from '../schemas/fields.ts'
import type { EvidenceRow } from './evidence-store.ts'

/** A row as lists tell it. */
export const evidenceRow = z
  .object({
    id: z.string().openapi({ example: 'evt_0f4c…' }),
    at: z.iso.datetime(),
    source: z.enum(['event', 'act']),
    seq: z.int().nullable().openapi({ description: 'An event’s position in the log.' }),
    kind: z.string().openapi({ example: 'granted' }),
    actor: z.string().nullable(),
    purpose: z.string().nullable(),
    property: z.string().nullable(),
    subject: z.string().nullable().openapi({ description: 'Her random id.' }),
    notice: noticeRef.nullable(),
    about: z.string().nullable().openapi({ description: 'What was published, made or changed, by its key.' }),
  })
  .openapi('EvidenceRow')

/** A row with everything that is known of it. */
export const evidenceRecord = evidenceRow
  .extend({
    actor_name: z.string().nullable(),
    detail: z
      .record(z.string(), z.unknown())
      .openapi({ description: 'The event’s body, or the act’s detail.' }),
    occurred_at: z.iso.datetime().nullable(),
    chain: z
      .object({ epoch: z.int(), leaf: z.string(), previous_hash: z.string(), hash: z.string() })
      .nullable()
      .openapi({ description: 'Of an event: its leaf, and the hashes that tie it to the one before (hex).' }),
    words: z
      .object({ sha256: z.string(), title: z.string().nullable(), published_seq: z.int() })
      .nullable()
      .openapi({ description: 'What the notice said: the hash of its definition, and its title as shown.' }),
  })
  .openapi('EvidenceRecord')

export function rowBody(row: EvidenceRow): z.input<typeof evidenceRow> {
  const { id, atMs, source, position, kind, actor, purpose, property, subject, notice } = row
  return {
    ...{ id, at: new Date(atMs).toISOString(), source, seq: source === 'event' ? position : null },
    ...{ kind, actor, purpose, property, subject, notice, about: aboutOf(row) },
  }
}

export function recordBody(
  row: EvidenceRow,
  policy: Policy | undefined,
  names: ReadonlyMap<string, string>,
): z.input<typeof evidenceRecord> {
  const { event, notice, actor, detail } = row
  const shown = notice === null ? undefined : policy?.notices.get(notice.key)?.[notice.version - 1]
  return {
    ...rowBody(row),
    ...{ actor_name: names.get(actor ?? '') ?? null, detail },
    occurred_at: event === null ? null : new Date(event.occurredAtMs).toISOString(),
    chain:
      event === null
        ? null
        : {
            ...{ epoch: event.epoch, leaf: event.leaf },
            ...{ previous_hash: event.previousHash, hash: event.hash },
          },
    words:
      notice === null || shown === undefined
        ? null
        : {
            ...{ sha256: shown.sha256, published_seq: shown.publishedSeq },
            title: shown.definition.texts[notice.locale]?.title ?? null,
          },
  }
}

/** The first of what an event or act names, besides purpose and property. */
function aboutOf({ detail, source, notice }: EvidenceRow): string | null {
  if (notice !== null) return `${notice.key} ${notice.version} (${notice.locale})`
  const definition = (detail.definition ?? {}) as Readonly<Record<string, unknown>>
  const version = typeof detail.version === 'number' ? ` ${detail.version}` : ''
  const named =
    source === 'act'
      ? [detail.email, detail.notice, detail.room, detail.format, detail.key, detail.name]
      : [definition.key, definition.name, definition.id, detail.notice, detail.key, detail.assessment]
  const first = named.find((each) => typeof each === 'string')
  return first === undefined ? null : `${first}${version}`
}
