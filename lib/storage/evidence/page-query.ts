import type { EvidenceFilter, EvidencePlace } from '../../api/evidence/evidence-store.ts'

export const sources = { event: 1, act: 2 } as const

const place = 'l.at_ms, l.source, l.position'

/**
 * The places of one page. Without a filter they are read off the log in order of time. With one, the facets that match
 * are chosen first: they are few, and where there is none the answer is empty at once. Of each its next row is looked up,
 * and only from those that come first are more taken, as many as the page has: rows of any other facet lie behind them.
 */
export function pageQuery(
  organisation: string,
  { fromMs, toMs, actor, purpose, property, kinds }: EvidenceFilter,
  { order, after, limit }: { order: 'newest' | 'oldest'; after: EvidencePlace | null; limit: number },
): { readonly text: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [organisation, limit]
  const given = (value: unknown) => `$${values.push(value)}`
  const direction = order === 'newest' ? 'DESC' : 'ASC'
  const ordered = (of: string) => of.replaceAll(',', ` ${direction},`).concat(` ${direction}`)
  const from = fromMs === null ? undefined : given(fromMs)
  const to = toMs === null ? undefined : given(toMs)
  const range = [
    ...(from === undefined ? [] : [`l.at_ms >= ${from}`]),
    ...(to === undefined ? [] : [`l.at_ms < ${to}`]),
    ...(after === null
      ? []
      : [
          `(${place}) ${order === 'newest' ? '<' : '>'} (${given(after.atMs)}::bigint, ${given(sources[after.source])}::smallint, ${given(after.position)}::bigint)`,
        ]),
  ].map((condition) => ` AND ${condition}`)
  const next = (more: string, most: string) =>
    `SELECT ${place}, l.facet_id FROM evidence_log l WHERE l.organisation_id = $1${more}${range.join('')}
     ORDER BY ${ordered(place)} LIMIT ${most}`
  const wanted = [
    ...(actor === null ? [] : [`actor = ${given(actor)}`]),
    ...(purpose === null ? [] : [`purpose = ${given(purpose)}`]),
    ...(property === null ? [] : [`property = ${given(property)}`]),
    ...(kinds.length === 0 ? [] : [`kind = ANY(${given(kinds)}::text[])`]),
  ].map((condition) => ` AND ${condition}`)
  if (wanted.length === 0) return { text: next('', '$2'), values }
  const alive = [
    ...(from === undefined ? [] : [` AND newest_ms >= ${from}`]),
    ...(to === undefined ? [] : [` AND oldest_ms < ${to}`]),
  ]
  const text = `
    WITH chosen AS MATERIALIZED (
      SELECT id FROM evidence_facets WHERE organisation_id = $1${wanted.join('')}${alive.join('')}
    ), first AS MATERIALIZED (
      SELECT l.* FROM chosen CROSS JOIN LATERAL (${next(' AND l.facet_id = chosen.id', '1')}) l
      ORDER BY ${ordered(place)} LIMIT $2
    )
    SELECT l.* FROM first CROSS JOIN LATERAL (${next(' AND l.facet_id = first.facet_id', '$2')}) l
    ORDER BY ${ordered(place)} LIMIT $2`
  return { text, values }
}
