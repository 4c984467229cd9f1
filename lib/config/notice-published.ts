import { createHash } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { NoticeDefinition } from '../domain/definitions.ts'
import type { ConfigBody } from '../domain/events.ts'

/** The event that publishes `definition`, bound by the SHA-256 of its canonical JSON (RFC 8785). */
export function noticePublished(definition: NoticeDefinition): ConfigBody {
  const sha256 = createHash('sha256').update(canonicalJson(definition)).digest('hex')
  return { act: 'notice_published', sha256, definition }
}
