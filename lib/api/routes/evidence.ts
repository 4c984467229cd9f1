import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import type { ApiDeps } from '../deps.ts'
import { evidenceRecord, evidenceRow, recordBody, rowBody } from '../evidence/evidence-body.ts'
import { filterOf, filterQuery, parseCursor } from '../evidence/evidence-query.ts'
import type { EvidenceFacet, EvidenceFilter } from '../evidence/evidence-store.ts'
import { contentTypes, exportEvidence, exportFormats } from '../evidence/export-evidence.ts'
import { pageOfEvidence } from '../evidence/page-of-evidence.ts'
import { route } from '../route.ts'
import { text } from '../schemas/fields.ts'

/** How long a reader waits for what was written before she asked; then she is told that more is to come. */
export const settleMs = 2_000
/** Each reads as fast as its caller takes. */
const exportsMax = 4

const orders = ['newest', 'oldest'] as const
const counted = z.array(z.object({ value: z.string(), name: z.string().nullable(), count: z.int() }))
export const isCurrent = z
  .boolean()
  .openapi({ description: 'False while the log is being made: what was written last may be missing.' })

/** GET /v1/evidence, …/facets, …/export, …/{id}: what people said and what was done, in one order of time. */
export const evidenceRoutes = (deps: ApiDeps) => {
  const { evidence, decisions, clock } = deps
  const shared = { method: 'get', access: { scope: 'audit:read' }, tag: 'Evidence' } as const
  /** Members’ addresses are for those who may see who works here. */
  const namesFor = async (organisationId: OrganisationId, scopes: readonly string[]) => {
    const names = await evidence.names(organisationId)
    const isShown = (actor: string) => scopes.includes('members:read') || !actor.startsWith('member:')
    return new Map([...names].filter(([actor]) => isShown(actor)))
  }
  return [
    route({
      ...shared,
      path: '/v1/evidence',
      summary: 'The log of evidence: consent events and administrative acts',
      description:
        'Newest first unless `order` says otherwise. `next` and `previous` are cursors of the pages beside this one; the cursor `last` gives the last page.',
      query: z.object({
        ...filterQuery,
        order: z.enum(orders).default('newest'),
        cursor: text(256).optional(),
        limit: z.coerce.number().int().min(1).max(500).default(50),
      }),
      response: z.object({
        evidence: z.array(evidenceRow),
        next: z.string().nullable(),
        previous: z.string().nullable(),
        is_current: isCurrent,
      }),
      handle: async ({ principal: { organisationId }, query }) => {
        const { order, limit } = query
        const [filter, cursor] = [filterOf(query), parseCursor(query.cursor)]
        const isSettled = await evidence.settle(settleMs)
        const { rows, next, previous } = await pageOfEvidence(evidence, organisationId, filter, {
          ...{ order, cursor, limit },
        })
        return { body: { evidence: rows.map(rowBody), next, previous, is_current: isSettled } }
      },
    }),
    route({
      ...shared,
      path: '/v1/evidence/facets',
      summary: 'What the log of evidence can be filtered by, with how many rows each has',
      response: z.object({
        kinds: counted,
        actors: counted,
        purposes: counted,
        properties: counted,
        total: z.int(),
        is_current: isCurrent,
      }),
      handle: async ({ principal: { organisationId, scopes } }) => {
        const isSettled = await evidence.settle(settleMs)
        const [facets, names] = await Promise.all([
          evidence.facets(organisationId),
          namesFor(organisationId, scopes),
        ])
        const by = (of: (facet: EvidenceFacet) => string) => countBy(facets, of, names)
        return {
          body: {
            kinds: by(({ kind }) => kind),
            actors: by(({ actor }) => actor),
            purposes: by(({ purpose }) => purpose),
            properties: by(({ property }) => property),
            total: facets.reduce((sum, { count }) => sum + count, 0),
            is_current: isSettled,
          },
        }
      },
    }),
    exportRoute(deps),
    route({
      ...shared,
      path: '/v1/evidence/{id}',
      summary: 'One row of the log of evidence, with everything that is known of it',
      params: z.object({ id: z.string().max(64) }),
      response: evidenceRecord,
      handle: async ({ principal: { organisationId, scopes }, params: { id } }) => {
        const [row, names] = await Promise.all([
          evidence.find(organisationId, id),
          namesFor(organisationId, scopes),
        ])
        if (row === undefined) throw new AssentError('not_found', 'There is no such evidence.')
        return { body: recordBody(row, decisions.policy(organisationId), names) }
      },
    }),
  ]

  function exportRoute({ log }: Pick<ApiDeps, 'log'>) {
    let underWay = 0
    return route({
      ...shared,
      path: '/v1/evidence/export',
      summary: 'The log of evidence as a file, oldest first; itself an administrative act',
      description:
        'text/csv or application/x-ndjson, up to the moment of the call. In CSV, a cell that a spreadsheet would take for a formula has a ’ (U+0027) before it. Whatever fails breaks the connection.',
      query: z.object({ format: z.enum(exportFormats).default('ndjson'), ...filterQuery }),
      response: z.string(),
      handle: async ({ principal: { organisationId, name }, query }) => {
        const { format } = query
        const asked = filterOf(query)
        if (underWay >= exportsMax) {
          throw new AssentError(
            'rate_limited',
            'As many exports as there may be are under way; try again shortly.',
          )
        }
        underWay += 1
        let isOver = false
        const ended = (how: 'done' | 'gone' | 'failed') => {
          if (isOver) return
          isOver = true
          underWay -= 1
          if (how === 'failed') log.warn({ by: name }, 'an export of the evidence was broken off')
        }
        try {
          if (!(await evidence.settle(settleMs))) {
            throw new AssentError('not_ready', 'The log of evidence is being made; try again shortly.')
          }
          const nowMs = clock()
          const filter = { ...asked, toMs: Math.min(asked.toMs ?? nowMs, nowMs) }
          await evidence.recordExport(
            organisationId,
            { actor: name, atMs: nowMs },
            { format, ...wordsOf(filter) },
          )
          return {
            stream: exportEvidence(evidence, organisationId, filter, { format, ended }),
            headers: {
              'Content-Type': contentTypes[format],
              'Content-Disposition': `attachment; filename="evidence-${new Date(nowMs).toISOString().slice(0, 10)}.${format}"`,
              'X-Accel-Buffering': 'no',
            },
          }
        } catch (error) {
          ended('done')
          throw error
        }
      },
    })
  }
}

/** What was asked for, as an act says it. */
function wordsOf({ fromMs, toMs, actor, purpose, property, kinds }: EvidenceFilter): Record<string, string> {
  return {
    ...(fromMs === null ? {} : { from: new Date(fromMs).toISOString() }),
    ...(toMs === null ? {} : { to: new Date(toMs).toISOString() }),
    ...(actor === null ? {} : { by: actor }),
    ...(purpose === null ? {} : { purpose }),
    ...(property === null ? {} : { property }),
    ...(kinds.length === 0 ? {} : { kinds: kinds.join(' ') }),
  }
}

/** Most rows first; what there is none of is left out. */
function countBy(
  facets: readonly EvidenceFacet[],
  of: (facet: EvidenceFacet) => string,
  names: ReadonlyMap<string, string>,
) {
  const counts = new Map<string, number>()
  for (const facet of facets) {
    const value = of(facet)
    if (value !== '') counts.set(value, (counts.get(value) ?? 0) + facet.count)
  }
  return [...counts]
    .map(([value, count]) => ({ value, name: names.get(value) ?? null, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
}
