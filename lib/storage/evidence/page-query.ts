import type { EvidenceFilter, EvidencePlace } from '../../api/evidence/evidence-store.ts'

export const sources = { event: 1, act: 2 } as const

const place = 'l.at_ms, l.source, l.position'

/** How many rows beyond the cursor are looked at, whatever they are, before facets are chosen. */
const lookedAt = (limit: number) => Math.max(2_000, 20 * limit)

type Query = { readonly text: string; readonly values: readonly unknown[] }

/**
 * The places of one page. Without a filter they are read off the log in order of time. With one, the facets that match
 * are chosen first: they are few, and where there is none the answer is empty at once. Of each its next row is looked up,
 * and only from those that come first are more taken, as many as the page has: rows of any other facet lie behind them.
 * Where the page begins at the very end, the facets know their first and last rows themselves.
 *
 * Elsewhere `look` is to be asked first: the rows that follow, whatever they are, of which those that match are the page
 * if they fill it. A filter that matches much has thousands of facets, and its rows lie close together.
 */
export function pageQueries(
  organisation: string,
  { fromMs, toMs, actor, purpose, property, kinds }: EvidenceFilter,
  { order, after, limit }: { order: 'newest' | 'oldest'; after: EvidencePlace | null; limit: number },
): { readonly look: Query | undefined; readonly page: Query } {
  const values: unknown[] = [organisation, limit]
  const given = (value: unknown) => `$${values.push(value)}`
  const isNewest = order === 'newest'
  const direction = isNewest ? 'DESC' : 'ASC'
  const ordered = (of: string) => of.replaceAll(',', ` ${direction},`).concat(` ${direction}`)
  const all = (conditions: readonly (string | undefined)[]) =>
    conditions.flatMap((each) => (each === undefined ? [] : [` AND ${each}`])).join('')

  const from = fromMs === null ? undefined : given(fromMs)
  const to = toMs === null ? undefined : given(toMs)
  const beyond =
    after === null
      ? undefined
      : `(${place}) ${isNewest ? '<' : '>'} (${given(after.atMs)}::bigint, ${given(sources[after.source])}::smallint, ${given(after.position)}::bigint)`
  const range = all([from && `l.at_ms >= ${from}`, to && `l.at_ms < ${to}`, beyond])
  const next = (more: string, most: string) =>
    `SELECT ${place}, l.facet_id FROM evidence_log l WHERE l.organisation_id = $1${more}${range}
     ORDER BY ${ordered(place)} LIMIT ${most}`

  const wanted = all([
    actor === null ? undefined : `f.actor = ${given(actor)}`,
    purpose === null ? undefined : `f.purpose = ${given(purpose)}`,
    property === null ? undefined : `f.property = ${given(property)}`,
    kinds.length === 0 ? undefined : `f.kind = ANY(${given(kinds)}::text[])`,
  ])
  if (wanted === '') return { look: undefined, page: { text: next('', '$2'), values } }
  const alive = all([from && `f.newest_ms >= ${from}`, to && `f.oldest_ms < ${to}`])
  const isAtTheEnd = after === null && (isNewest ? to : from) === undefined
  const own = isNewest ? 'f.newest_ms DESC' : 'f.oldest_ms ASC'
  const page = {
    text: `
    WITH chosen AS MATERIALIZED (
      SELECT f.id FROM evidence_facets f WHERE f.organisation_id = $1${wanted}${alive}
      ${isAtTheEnd ? `ORDER BY ${own} FETCH FIRST $2 ROWS WITH TIES` : ''}
    ), first AS MATERIALIZED (
      SELECT l.* FROM chosen CROSS JOIN LATERAL (${next(' AND l.facet_id = chosen.id', '1')}) l
      ORDER BY ${ordered(place)} LIMIT $2
    )
    SELECT l.* FROM first CROSS JOIN LATERAL (${next(' AND l.facet_id = first.facet_id', '$2')}) l
    ORDER BY ${ordered(place)} LIMIT $2`,
    values,
  }
  if (isAtTheEnd) return { look: undefined, page }
  const look = {
    text: `SELECT l.* FROM (${next('', String(lookedAt(limit)))}) l JOIN evidence_facets f ON f.id = l.facet_id
     WHERE f.organisation_id = $1${wanted} ORDER BY ${ordered(place)} LIMIT $2`,
    values,
  }
  return { look, page }
}
