import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import { parseInstant } from '../../domain/parse-instant.ts'
import { instant, text } from '../schemas/fields.ts'
import type { EvidenceFilter, EvidencePlace } from './evidence-store.ts'

const kindsMax = 50

/** What rows are filtered by; each that is given must hold. */
export const filterQuery = {
  from: instant.optional(),
  to: instant.optional().openapi({ description: 'The instant itself is left out.' }),
  actor: text(128).optional().openapi({
    description:
      'subject, guardian, controller, import, assent, visitor, an API key’s id, or `member:` and an id.',
  }),
  purpose: text(255).optional(),
  property: text(63).optional(),
  kind: z
    .union([text(63), z.array(text(63)).max(kindsMax)])
    .optional()
    .openapi({ description: 'May be given more than once: any of them.', example: 'granted' }),
}

type Asked = { readonly [Name in keyof typeof filterQuery]?: z.output<(typeof filterQuery)[Name]> }

/** Throws `parameter_invalid`. */
export function filterOf({ from, to, actor, purpose, property, kind = [] }: Asked): EvidenceFilter {
  return {
    fromMs: from === undefined ? null : instantOf(from, 'from'),
    toMs: to === undefined ? null : instantOf(to, 'to'),
    actor: actor ?? null,
    purpose: purpose ?? null,
    property: property ?? null,
    kinds: typeof kind === 'string' ? [kind] : kind,
  }
}

/** Throws `parameter_invalid`. */
export function instantOf(value: string, name: string): number {
  const atMs = parseInstant(value)
  if (atMs !== undefined) return atMs
  throw new AssentError('parameter_invalid', `/${name}: must be an instant with a zone, or a date.`, {
    pointer: `/${name}`,
  })
}

/** Where a page begins: beyond a row, or before it; without a row, at the very end. */
export type Cursor = { readonly goes: 'on' | 'back'; readonly from: EvidencePlace | null }

/** The last page. */
const lastCursor = 'last'

export const formatCursor = (goes: 'on' | 'back', { atMs, source, position }: EvidencePlace): string =>
  Buffer.from(JSON.stringify([goes, atMs, source, position])).toString('base64url')

const placed = z.tuple([z.enum(['on', 'back']), z.int(), z.enum(['event', 'act']), z.int().min(0)])

/** Throws `parameter_invalid`. */
export function parseCursor(cursor: string | undefined): Cursor {
  if (cursor === undefined) return { goes: 'on', from: null }
  if (cursor === lastCursor) return { goes: 'back', from: null }
  try {
    const [goes, atMs, source, position] = placed.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString()),
    )
    return { goes, from: { atMs, source, position } }
  } catch {
    throw new AssentError('parameter_invalid', '/cursor: must be one from an earlier answer, or last.', {
      pointer: '/cursor',
    })
  }
}
