import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { EventTable } from '../../../components/admin/event-table.tsx'
import { RoomTitle } from '../../../components/admin/room-title.tsx'
import { ButtonLink } from '../../../components/ui/button.tsx'
import { Card } from '../../../components/ui/card.tsx'
import { EmptyState } from '../../../components/ui/empty-state.tsx'
import { requireMember } from '../../../lib/auth/require-member.ts'

export const metadata: Metadata = { title: 'Events' }

const pageSize = 50

/** The log, newest first. */
export default async function EventsPage({
  searchParams,
}: {
  readonly searchParams: Promise<{ readonly before?: string }>
}): Promise<ReactNode> {
  const { api, scopes } = await requireMember()
  // Whoever signs in comes here first; a developer, who sees no people, to her own first room.
  if (!scopes.includes('audit:read')) redirect('/admin/purposes')
  const before = Number((await searchParams).before)
  const isPaged = Number.isSafeInteger(before) && before > 0
  const { events } = await api.events({ limit: pageSize, ...(isPaged ? { before } : {}) })
  const last = events.at(-1)
  return (
    <>
      <RoomTitle title="Events">
        Every yes, every no and every change of configuration, newest first.
      </RoomTitle>
      <Card className="overflow-hidden">
        {events.length === 0 ? (
          <EmptyState title="Nothing has been recorded yet">
            The first choice a person makes, or the first notice you publish, appears here.
          </EmptyState>
        ) : (
          <EventTable events={events} />
        )}
      </Card>
      <nav aria-label="Pages" className="mt-4 flex gap-2">
        {isPaged ? (
          <ButtonLink href="/admin" variant="outline" size="small">
            Newest
          </ButtonLink>
        ) : null}
        {last !== undefined && events.length === pageSize && last.seq > 1 ? (
          <ButtonLink href={`/admin?before=${last.seq}`} variant="outline" size="small">
            Older
          </ButtonLink>
        ) : null}
      </nav>
    </>
  )
}
