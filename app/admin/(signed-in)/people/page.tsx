import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { PersonSearch } from '../../../../components/admin/people/person-search.tsx'
import { statementChoices } from '../../../../components/admin/people/statement-choices.ts'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { Card, CardBody, CardHeader } from '../../../../components/ui/card.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'
import type { RequestsListed } from '../../../../lib/client/people.ts'

export const metadata: Metadata = { title: 'People' }

/** One person, found by what she is known by. Nobody is listed. */
export default async function PeoplePage(): Promise<ReactNode> {
  const { api, scopes } = await requireMember('consents:read')
  const [requests, statements] = await Promise.all([
    api.call<RequestsListed>('GET', '/v1/requests?limit=1'),
    scopes.includes('consents:write') ? statementChoices(api) : null,
  ])
  return (
    <>
      <RoomTitle title="People">
        Find one person by an identifier that you have of her. Nobody can be browsed for, and each look is
        written down with its reason.
      </RoomTitle>
      <div className="grid gap-6">
        <Card>
          <CardHeader
            title="Find a person"
            description="Her page opens for an hour. What you see there is for the reason that you give."
          />
          <CardBody>
            <PersonSearch statements={statements} />
          </CardBody>
        </Card>
        <Card>
          <CardHeader
            title="What people ask for"
            description={
              <>
                {requests.open === 0
                  ? 'No request is open.'
                  : `${requests.open} open, ${requests.overdue} overdue.`}{' '}
                <Link href="/admin/requests" className="link">
                  Go to the register
                </Link>
              </>
            }
          />
        </Card>
      </div>
    </>
  )
}
