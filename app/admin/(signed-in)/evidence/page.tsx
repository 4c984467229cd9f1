import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { EvidenceExport } from '../../../../components/admin/evidence-export.tsx'
import { EvidenceFilters } from '../../../../components/admin/evidence-filters.tsx'
import { EvidenceTable } from '../../../../components/admin/evidence-table.tsx'
import {
  apiQuery,
  type EvidenceQuery,
  evidenceHref,
  isFiltered,
  shown,
} from '../../../../components/admin/evidence-view.ts'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { ButtonLink } from '../../../../components/ui/button.tsx'
import { Card } from '../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'
import type { EvidencePage } from '../../../../lib/client/evidence-types.ts'

export const metadata: Metadata = { title: 'Evidence' }

const pageSize = '50'

/** Everything that people said and members did, in one order of time. */
export default async function EvidenceRoom({
  searchParams,
}: {
  readonly searchParams: Promise<EvidenceQuery>
}): Promise<ReactNode> {
  const { api } = await requireMember('audit:read')
  const query = await searchParams
  const asked = apiQuery(query)
  asked.set('limit', pageSize)
  const cursor = shown(query, 'cursor')
  if (cursor !== '') asked.set('cursor', cursor)
  const [page, facets] = await Promise.all([api.evidence(asked), api.evidenceFacets()])
  const names = new Map(facets.actors.flatMap(({ value, name }) => (name === null ? [] : [[value, name]])))
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-6">
        <RoomTitle title="Evidence">
          Every yes, every no, and everything that was done here, newest first.
        </RoomTitle>
        <div className="mb-6 flex flex-wrap gap-2">
          <EvidenceExport query={query} />
          <ButtonLink href="/admin/evidence/rooms" variant="outline" size="small">
            Rooms
          </ButtonLink>
        </div>
      </div>
      <EvidenceFilters query={query} facets={facets} />
      {page.is_current ? null : (
        <p role="status" className="mb-3 text-sm text-caution">
          The log is being brought up to date. What was recorded last may be missing for a while.
        </p>
      )}
      <Card className="overflow-hidden">
        {page.evidence.length > 0 ? (
          <EvidenceTable rows={page.evidence} names={names} />
        ) : isFiltered(query) || cursor !== '' ? (
          <EmptyState
            title="Nothing matches"
            action={<ButtonLink href="/admin/evidence">Show everything</ButtonLink>}
          >
            No event and no act is all of what you ask for. Take a filter away, or widen the days.
          </EmptyState>
        ) : (
          <EmptyState title="Nothing has been recorded yet">
            The first choice a person makes, or the first notice you publish, appears here.
          </EmptyState>
        )}
      </Card>
      <Pages query={query} page={page} />
    </>
  )
}

/** The pages beside this one, and the two ends. */
function Pages({ query, page }: { readonly query: EvidenceQuery; readonly page: EvidencePage }): ReactNode {
  const { next, previous } = page
  if (next === null && previous === null) return null
  const links = [
    ...(previous === null
      ? []
      : [
          { name: 'Newest', href: evidenceHref(query) },
          { name: 'Newer', href: evidenceHref(query, previous) },
        ]),
    ...(next === null
      ? []
      : [
          { name: 'Older', href: evidenceHref(query, next) },
          { name: 'Oldest', href: evidenceHref(query, 'last') },
        ]),
  ]
  return (
    <nav aria-label="Pages" className="mt-4 flex flex-wrap gap-2">
      {links.map(({ name, href }) => (
        <ButtonLink key={name} href={href} variant="outline" size="small">
          {name}
        </ButtonLink>
      ))}
    </nav>
  )
}
