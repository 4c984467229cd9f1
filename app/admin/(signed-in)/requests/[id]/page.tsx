import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Breadcrumb } from '../../../../../components/admin/breadcrumb.tsx'
import { Facts } from '../../../../../components/admin/facts.tsx'
import { ChangeRequest } from '../../../../../components/admin/requests/change-request.tsx'
import { RecordRefusal } from '../../../../../components/admin/requests/record-refusal.tsx'
import { RequestState } from '../../../../../components/admin/requests/request-state.tsx'
import { RequestTexts } from '../../../../../components/admin/requests/request-texts.tsx'
import {
  changeTexts,
  kindTexts,
  regimeTexts,
} from '../../../../../components/admin/requests/request-words.ts'
import { RoomTitle } from '../../../../../components/admin/room-title.tsx'
import { Card, CardBody, CardHeader } from '../../../../../components/ui/card.tsx'
import { Time } from '../../../../../components/ui/time.tsx'
import { requireMember } from '../../../../../lib/auth/require-member.ts'
import { AssentApiError, type AssentClient } from '../../../../../lib/client/client.ts'
import type { RequestWithHistory } from '../../../../../lib/client/people.ts'

export const metadata: Metadata = { title: 'Request' }

/** One request: its clock, what was done, and what is to be done now. */
export default async function RequestPage({
  params,
}: {
  readonly params: Promise<{ readonly id: string }>
}): Promise<ReactNode> {
  const { api, scopes } = await requireMember('consents:read')
  const request = await findRequest(api, (await params).id)
  const mayWrite = scopes.includes('consents:write')
  const refuses = request.kind === 'objection' || request.kind === 'opt_out'
  const isRecorded = request.history.some(({ change }) => change === 'refusal_recorded')
  const { purposes } = mayWrite && refuses ? await api.purposes() : { purposes: [] }
  return (
    <>
      <Breadcrumb href="/admin/requests">Requests</Breadcrumb>
      <RoomTitle title={kindTexts[request.kind]}>
        Under the {regimeTexts[request.regime]}, received <Time at={request.received_at} />.
      </RoomTitle>
      <div className="grid gap-6">
        {mayWrite && refuses && request.state !== 'withdrawn' ? (
          <Card>
            <CardHeader
              title={isRecorded ? 'The refusal is in force' : 'This acts at once'}
              description={
                isRecorded
                  ? 'What she refuses is recorded, from the day it was received. Anything more can be added.'
                  : 'An objection and an opt-out act as soon as they are received (GDPR Art. 21(3), 11 CCR §7026): record the refusal now, whatever the answer will be.'
              }
            />
            <CardBody>
              <RecordRefusal
                id={request.id}
                purposes={purposes
                  .filter(({ is_retired }) => !is_retired)
                  .map(({ key }) => ({ value: key, name: key }))}
              />
            </CardBody>
          </Card>
        ) : null}
        <Card>
          <CardHeader title="Where it stands" action={<RequestState request={request} />} />
          <CardBody className="grid gap-5">
            <Facts facts={factsOf(request)} />
            <RequestTexts id={request.id} key={request.revision} />
          </CardBody>
        </Card>
        {mayWrite ? (
          <Card>
            <CardHeader
              title="What happened now"
              description="Each change is kept, and none is ever changed."
            />
            <CardBody>
              <ChangeRequest request={request} />
            </CardBody>
          </Card>
        ) : null}
        <Card>
          <CardHeader title="History" />
          <CardBody>
            <ol className="grid gap-3">
              {request.history.map(({ revision, at, actor, change, detail }) => (
                <li key={revision} className="flex flex-wrap gap-x-3 gap-y-0.5 text-sm">
                  <span className="w-6 text-ink-soft tabular-nums">{revision}</span>
                  <span className="font-medium">{changeTexts[change] ?? change}</span>
                  {detail.purposes === undefined ? null : (
                    <span>{detail.purposes.replaceAll(',', ', ')}</span>
                  )}
                  {detail.until === undefined ? null : (
                    <span>
                      until <Time at={detail.until} />
                    </span>
                  )}
                  <span className="text-ink-soft">
                    <Time at={at} hasSeconds />
                  </span>
                  <span className="font-mono text-xs text-ink-soft wrap-anywhere">{actor}</span>
                </li>
              ))}
            </ol>
          </CardBody>
        </Card>
      </div>
    </>
  )
}

async function findRequest(api: AssentClient, id: string): Promise<RequestWithHistory> {
  try {
    return await api.call<RequestWithHistory>('GET', `/v1/requests/${encodeURIComponent(id)}`)
  } catch (error) {
    if (error instanceof AssentApiError && error.status === 404) notFound()
    throw error
  }
}

function factsOf(request: RequestWithHistory) {
  const { subject, namespace, extended_until, answered_at, proof_sha256 } = request
  return [
    { name: 'Answer by', value: <Time key="by" at={request.answer_by} /> },
    { name: 'Reference', value: request.reference },
    { name: 'Clock', value: request.clock.source },
    ...(extended_until === null
      ? []
      : [{ name: 'First due', value: <Time key="due" at={request.due_at} /> }]),
    ...(answered_at === null ? [] : [{ name: 'Closed', value: <Time key="closed" at={answered_at} /> }]),
    ...(proof_sha256 === null ? [] : [{ name: 'Sent file, SHA-256', value: proof_sha256 }]),
    {
      name: 'Person',
      value:
        subject === null ? (
          namespace === null ? (
            'not said'
          ) : (
            `nothing is recorded of her yet (${namespace})`
          )
        ) : (
          <Link key="subject" href={`/admin/people/${subject}`} className="link font-mono text-xs">
            {subject}
          </Link>
        ),
    },
  ]
}
