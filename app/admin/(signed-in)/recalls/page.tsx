import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { counted, scopeWords } from '../../../../components/admin/recall-words.ts'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { Card } from '../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { Cell, ColumnHead, Table } from '../../../../components/ui/table.tsx'
import { Time } from '../../../../components/ui/time.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'

export const metadata: Metadata = { title: 'Recalls' }

/** Consents that were struck together, and what is left to do about each time. */
export default async function RecallsPage(): Promise<ReactNode> {
  const { api } = await requireMember('audit:read')
  const { recalls } = await api.recalls()
  return (
    <>
      <RoomTitle title="Recalls">
        Consents that were struck together: a wrong translation, a dark pattern, an authority’s order.
      </RoomTitle>
      <Card className="overflow-hidden">
        {recalls.length === 0 ? (
          <EmptyState title="Nothing was recalled">
            Where a text turns out to be wrong, open that version under Notices and strike the consents that
            rest on it. Experiences, imports and API keys are recalled over the API.
          </EmptyState>
        ) : (
          <Table caption="Recalls, newest first" isStacked>
            <thead>
              <tr>
                {['What', 'When', 'Struck', 'Open tasks'].map((name) => (
                  <ColumnHead key={name}>{name}</ColumnHead>
                ))}
              </tr>
            </thead>
            <tbody>
              {recalls.map(({ id, scope, reason, recalled_at, struck, tasks }) => (
                <tr key={id}>
                  <Cell>
                    <Link className="link font-medium wrap-anywhere" href={`/admin/recalls/${id}`}>
                      {scopeWords(scope)}
                    </Link>
                    <p className="text-xs text-ink-soft wrap-anywhere">{reason}</p>
                  </Cell>
                  <Cell label="When">
                    <Time at={recalled_at} />
                  </Cell>
                  <Cell label="Struck">
                    {struck === null ? 'being counted' : counted(struck.consents, 'consent', 'consents')}
                  </Cell>
                  <Cell label="Open tasks" className="tabular-nums">
                    {tasks.open} of {tasks.open + tasks.done}
                  </Cell>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
      </Card>
    </>
  )
}
