import { z } from '@hono/zod-openapi'
import { scopes } from '../../auth/scopes.ts'
import { parseIdentifier } from '../../domain/identifier.ts'
import { denyReasons, permitReasons } from '../../domain/reasons.ts'
import { parseRevision } from '../../domain/revision.ts'

/** Text without NUL and lone surrogates: what JSON, logs and databases all can hold. */
export const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => value.isWellFormed() && !value.includes('\0'), 'must be plain text')

export const subject = z
  .string()
  .refine((value) => parseIdentifier(value) !== undefined, 'must be namespace:id, such as user:alice')
  .openapi({
    example: 'user:alice',
    description: 'Namespace and id; the id is brought into the namespace’s normal form.',
  })
export const purpose = text(255).openapi({ example: 'ai_training' })
export const instant = text(64).openapi({
  example: '2026-11-23T10:00:00Z',
  description: 'RFC 3339 with a zone, or a date, which means its first instant in UTC.',
})
export const revision = z
  .string()
  .refine((value) => parseRevision(value) !== undefined, 'must be a revision from an earlier answer')
  .openapi({ example: '0:18', description: 'A position in the log, opaque.' })
export const reason = z.enum([...denyReasons, ...permitReasons]).openapi('Reason')
export const scope = z.enum(scopes)

export const noticeRef = z
  .object({
    key: text(63).openapi({ example: 'starter' }),
    version: z.int().min(1).max(1_000_000),
    locale: text(35).openapi({ example: 'en' }),
  })
  .openapi('NoticeRef')
