import type { OrganisationId } from '../../domain/ids.ts'
import { type Cursor, formatCursor } from './evidence-query.ts'
import type { EvidenceFilter, EvidenceReader, EvidenceRow } from './evidence-store.ts'

export type EvidencePage = {
  readonly rows: readonly EvidenceRow[]
  /** Cursors of the pages beside this one; null where there is none. */
  readonly next: string | null
  readonly previous: string | null
}

/** One page, in `order`, to whichever side of the cursor it lies. One row more than asked for tells if there is another. */
export async function pageOfEvidence(
  reader: Pick<EvidenceReader, 'page'>,
  organisationId: OrganisationId,
  filter: EvidenceFilter,
  {
    order,
    cursor,
    limit,
  }: { readonly order: 'newest' | 'oldest'; readonly cursor: Cursor; readonly limit: number },
): Promise<EvidencePage> {
  const isBack = cursor.goes === 'back'
  const opposite = order === 'newest' ? 'oldest' : 'newest'
  const found = await reader.page(organisationId, filter, {
    order: isBack ? opposite : order,
    after: cursor.from,
    limit: limit + 1,
  })
  const hasMore = found.length > limit
  const rows = found.slice(0, limit)
  if (isBack) rows.reverse()
  const [first, last] = [rows[0], rows.at(-1)]
  // Whoever came from a row knows that it lies on the other side.
  const [hasNext, hasPrevious] = isBack ? [cursor.from !== null, hasMore] : [hasMore, cursor.from !== null]
  return {
    rows,
    next: hasNext && last !== undefined ? formatCursor('on', last) : null,
    previous: hasPrevious && first !== undefined ? formatCursor('back', first) : null,
  }
}
