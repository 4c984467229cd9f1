import Link from 'next/link'
import type { ReactNode } from 'react'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { ReleaseStateBadge } from './release-state.tsx'
import type { People, ReleaseListed } from './release-types.ts'

/** Releases as rows, the newest first. */
export function ReleaseTable({
  releases,
  people,
}: {
  readonly releases: readonly ReleaseListed[]
  readonly people: People
}): ReactNode {
  return (
    <Table caption="Releases" isStacked>
      <thead>
        <tr>
          {['Release', 'State', 'What travels in it', 'Author', 'Changed'].map((name) => (
            <ColumnHead key={name}>{name}</ColumnHead>
          ))}
        </tr>
      </thead>
      <tbody>
        {releases.map((release) => (
          <tr key={release.id}>
            <Cell>
              <Link className="link font-medium wrap-anywhere" href={`/admin/releases/${release.id}`}>
                {release.title}
              </Link>
            </Cell>
            <Cell label="State">
              <span>
                <ReleaseStateBadge state={release.state} />
                {release.publish_at !== null && release.state === 'scheduled' ? (
                  <span className="ml-2 text-xs text-ink-soft">
                    <Time at={release.publish_at} />
                  </span>
                ) : null}
                {release.publish_error === null ? null : (
                  <p className="text-xs text-negative">{release.publish_error.message}</p>
                )}
              </span>
            </Cell>
            <Cell label="In it" className="text-ink-soft">
              <span>
                {release.items.map(({ kind, key }) => `${kindName(kind)} ${key}`).join(', ') || 'nothing yet'}
              </span>
            </Cell>
            <Cell label="Author">{people[release.author] ?? release.author}</Cell>
            <Cell label="Changed">
              <Time at={release.updated_at} />
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

/** A kind in an officer's words. */
export const kindName = (kind: string) => (kind === 'purpose_retirement' ? 'end of' : kind)
