import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { FirstUseList } from '../../../../components/admin/first-use-list.tsx'
import { LinkRow } from '../../../../components/admin/link-row.tsx'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { ServiceQuestions } from '../../../../components/admin/service-questions.tsx'
import { ServiceTable } from '../../../../components/admin/service-table.tsx'
import {
  ranges,
  readServiceQuery,
  type ServiceQuery,
  serviceHref,
} from '../../../../components/admin/service-view.ts'
import { ButtonLink } from '../../../../components/ui/button.tsx'
import { Card, CardHeader } from '../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'

export const metadata: Metadata = { title: 'Questions' }

/** What each service asked: how often, about which purposes, and why it was told no. */
export default async function ServicesPage({
  searchParams,
}: {
  readonly searchParams: Promise<ServiceQuery>
}): Promise<ReactNode> {
  const { api, scopes } = await requireMember('audit:read', 'keys:write')
  const { range, service: wanted, purpose } = readServiceQuery(await searchParams)
  const from = new Date(Date.now() - range.ms).toISOString()
  const [{ services }, { first_uses }] = await Promise.all([api.services(from), api.firstUses()])
  const rows = [...services].sort((a, b) => b.decisions - a.decisions)
  const current = rows.find(({ key }) => key === wanted) ?? rows.find(({ decisions }) => decisions > 0)
  const asked = current === undefined ? undefined : await api.questionsOf(current.key, from, range.step)
  const nameOf = (key: string) => services.find((each) => each.key === key)?.name ?? key
  return (
    <>
      <RoomTitle title="Questions">
        What each service asked, and what it was told. Counts only: nobody’s identifier is in them.
      </RoomTitle>
      <LinkRow
        label="Time"
        current={range.id}
        links={ranges.map(({ id, name }) => ({
          ...{ id, name },
          href: serviceHref({ range: id, service: wanted, purpose }),
        }))}
      />
      <div className="grid gap-6">
        {first_uses.length === 0 ? null : (
          <Card className="overflow-hidden">
            <CardHeader
              title="New purposes"
              description="A service began to ask about a purpose that it never asked about. Is it meant to?"
            />
            <FirstUseList
              uses={first_uses.map((use) => ({ ...use, service: nameOf(use.key) }))}
              maySee={scopes.includes('config:write')}
            />
          </Card>
        )}
        <Card className="overflow-hidden">
          <CardHeader title="Services" description={`Over the last ${range.name}.`} />
          {rows.length === 0 ? (
            <EmptyState
              title="No service has a key"
              action={<ButtonLink href="/admin/keys">Go to keys</ButtonLink>}
            >
              What a service asks is counted by its key. Make one for each.
            </EmptyState>
          ) : (
            <ServiceTable
              services={rows}
              current={current?.key}
              hrefOf={(key) => serviceHref({ range: range.id, service: key })}
            />
          )}
        </Card>
        {current === undefined || asked === undefined ? null : (
          <ServiceQuestions service={current} asked={asked} range={range} purpose={purpose} />
        )}
      </div>
    </>
  )
}
