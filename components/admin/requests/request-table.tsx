import Link from 'next/link'
import type { ReactNode } from 'react'
import type { RequestListed } from '../../../lib/client/people.ts'
import { Cell, ColumnHead, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { RequestState } from './request-state.tsx'
import { kindTexts, regimeTexts } from './request-words.ts'

/** Requests as rows: what, where it stands, until when. */
export function RequestTable({ requests }: { readonly requests: readonly RequestListed[] }): ReactNode {
  return (
    <Table caption="Requests, what is due first" isStacked>
      <thead>
        <tr>
          {['Request', 'State', 'Answer by', 'Received', 'Closed'].map((name) => (
            <ColumnHead key={name}>{name}</ColumnHead>
          ))}
        </tr>
      </thead>
      <tbody>
        {requests.map((request) => (
          <tr key={request.id}>
            <Cell label="Request">
              <span>
                <Link href={`/admin/requests/${request.id}`} className="link font-medium">
                  {kindTexts[request.kind]}
                </Link>{' '}
                <span className="text-ink-soft">{regimeTexts[request.regime]}</span>
              </span>
            </Cell>
            <Cell label="State">
              <RequestState request={request} />
            </Cell>
            <Cell label="Answer by">
              <span>
                <Time at={request.answer_by} />
                {request.extended_until === null ? '' : ' (extended)'}
              </span>
            </Cell>
            <Cell label="Received">
              <Time at={request.received_at} />
            </Cell>
            <Cell label="Closed">
              {request.answered_at === null ? (
                <span className="text-ink-soft">not yet</span>
              ) : (
                <Time at={request.answered_at} />
              )}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
