import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { OpenRelease } from '../../../../components/releases/open-release.tsx'
import { ReleaseTable } from '../../../../components/releases/release-table.tsx'
import type { People, ReleaseListed } from '../../../../components/releases/release-types.ts'
import { Card } from '../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'

export const metadata: Metadata = { title: 'Releases' }

const states = [
  { state: 'open', name: 'Open' },
  { state: 'published', name: 'Published' },
  { state: 'discarded', name: 'Discarded' },
] as const

/** Releases: what is being drafted, and what was published when and by whom. */
export default async function ReleasesPage({
  searchParams,
}: {
  readonly searchParams: Promise<{ readonly state?: string }>
}): Promise<ReactNode> {
  const { api, scopes } = await requireMember('config:read')
  const asked = (await searchParams).state
  const { state } = states.find((each) => each.state === asked) ?? states[0]
  const { releases, people } = await api.call<{ releases: readonly ReleaseListed[]; people: People }>(
    'GET',
    `/v1/releases?state=${state}&limit=200`,
  )
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-6">
        <RoomTitle title="Releases">
          What changes together: drafted, reviewed, approved by somebody else, and published at once.
        </RoomTitle>
        {scopes.includes('config:write') ? (
          <div className="mb-6">
            <OpenRelease />
          </div>
        ) : null}
      </div>
      <nav aria-label="State" className="mb-3 flex gap-1 border-b">
        {states.map((each) => (
          <Link
            key={each.state}
            href={`/admin/releases?state=${each.state}`}
            aria-current={each.state === state ? 'page' : undefined}
            className="-mb-px border-b-2 border-transparent px-3 py-2 text-sm font-medium text-ink-soft hover:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink"
          >
            {each.name}
          </Link>
        ))}
      </nav>
      <Card className="overflow-hidden">
        {releases.length > 0 ? (
          <ReleaseTable releases={releases} people={people} />
        ) : state === 'open' ? (
          <EmptyState title="Nothing is being changed">
            Open a release to change a notice, a purpose, a regime or an experience. You see what it would do
            to consents and to answers before anybody is asked anew, and another person approves it.
          </EmptyState>
        ) : (
          <EmptyState title={`Nothing is ${state}`}>Releases that are {state} stay readable here.</EmptyState>
        )}
      </Card>
    </>
  )
}
