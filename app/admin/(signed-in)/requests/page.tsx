import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { RegisterRequest } from '../../../../components/admin/requests/register-request.tsx'
import { RequestTable } from '../../../../components/admin/requests/request-table.tsx'
import { kindTexts, optionsOf, stateTexts } from '../../../../components/admin/requests/request-words.ts'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { Button, ButtonLink } from '../../../../components/ui/button.tsx'
import { Card } from '../../../../components/ui/card.tsx'
import { Choice } from '../../../../components/ui/choice.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'
import type { RequestsListed } from '../../../../lib/client/people.ts'

export const metadata: Metadata = { title: 'Requests' }

type Asked = Readonly<Partial<Record<'state' | 'kind' | 'overdue' | 'after', string>>>

/** The register of what people ask for, what is due first. */
export default async function RequestsPage({
  searchParams,
}: {
  readonly searchParams: Promise<Asked>
}): Promise<ReactNode> {
  const { api, scopes } = await requireMember('consents:read')
  const filter = filterOf(await searchParams)
  const found = await api.call<RequestsListed>('GET', `/v1/requests?${filter}`)
  const isFiltered = ['state', 'kind', 'overdue'].some((name) => filter.has(name))
  const next = new URLSearchParams(filter)
  next.set('after', found.next ?? '')
  return (
    <>
      <div className="mb-4 flex flex-wrap items-start justify-between gap-x-3 sm:mb-0">
        <RoomTitle title="Requests">
          What people ask for, by when the law wants an answer. {found.open} open, {found.overdue} overdue.
        </RoomTitle>
        {scopes.includes('consents:write') ? (
          <RegisterRequest today={new Date().toISOString().slice(0, 10)} />
        ) : null}
      </div>
      <form
        action="/admin/requests"
        method="get"
        className="mb-4 flex flex-wrap items-end gap-3"
        key={`${filter}`}
      >
        <Choice
          label="State"
          name="state"
          defaultValue={filter.get('state') ?? ''}
          options={[{ value: '', name: 'Any' }, ...optionsOf(stateTexts)]}
        />
        <Choice
          label="Kind"
          name="kind"
          defaultValue={filter.get('kind') ?? ''}
          options={[{ value: '', name: 'Any' }, ...optionsOf(kindTexts)]}
        />
        <label className="flex h-10 items-center gap-2 text-sm">
          <input
            type="checkbox"
            name="overdue"
            value="true"
            defaultChecked={filter.has('overdue')}
            className="size-4 accent-accent"
          />
          Overdue only
        </label>
        <Button type="submit" variant="outline">
          Filter
        </Button>
        {isFiltered ? (
          <ButtonLink href="/admin/requests" variant="quiet">
            Show all
          </ButtonLink>
        ) : null}
      </form>
      <Card className="overflow-hidden">
        {found.requests.length > 0 ? (
          <RequestTable requests={found.requests} />
        ) : isFiltered ? (
          <EmptyState title="No request is like this">Show all, or choose another state or kind.</EmptyState>
        ) : (
          <EmptyState title="Nobody has asked for anything yet">
            When someone asks for her data, for its erasure, or objects, register it here: the time that the
            law gives you runs from the day it came in.
          </EmptyState>
        )}
      </Card>
      <nav aria-label="Pages" className="mt-4 flex gap-2">
        {filter.has('after') ? (
          <ButtonLink href="/admin/requests" variant="outline" size="small">
            First
          </ButtonLink>
        ) : null}
        {found.next === null ? null : (
          <ButtonLink href={`/admin/requests?${next}`} variant="outline" size="small">
            Next
          </ButtonLink>
        )}
      </nav>
    </>
  )
}

/** What of the address is a filter; anything else in it is left out. */
function filterOf({ state = '', kind = '', overdue, after = '' }: Asked): URLSearchParams {
  const filter = new URLSearchParams()
  if (Object.hasOwn(stateTexts, state)) filter.set('state', state)
  if (Object.hasOwn(kindTexts, kind)) filter.set('kind', kind)
  if (overdue === 'true') filter.set('overdue', 'true')
  if (/^[01]\.\d{1,15}\.[0-9a-f-]{36}$/.test(after)) filter.set('after', after)
  return filter
}
