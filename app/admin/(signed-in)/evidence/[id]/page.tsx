import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Breadcrumb } from '../../../../../components/admin/breadcrumb.tsx'
import { KindBadge } from '../../../../../components/admin/evidence-table.tsx'
import { actorWords, inWords } from '../../../../../components/admin/evidence-view.ts'
import { Facts } from '../../../../../components/admin/facts.tsx'
import { RoomTitle } from '../../../../../components/admin/room-title.tsx'
import { ButtonLink } from '../../../../../components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '../../../../../components/ui/card.tsx'
import { CodeBlock } from '../../../../../components/ui/code-block.tsx'
import { Time } from '../../../../../components/ui/time.tsx'
import { requireMember } from '../../../../../lib/auth/require-member.ts'
import { AssentApiError } from '../../../../../lib/client/client.ts'
import type { EvidenceRecord } from '../../../../../lib/client/evidence-types.ts'

export const metadata: Metadata = { title: 'Record' }

/** One row of the log of evidence, with everything that is known of it. */
export default async function EvidenceRecordPage({
  params,
}: {
  readonly params: Promise<{ readonly id: string }>
}): Promise<ReactNode> {
  const { api, scopes } = await requireMember('audit:read')
  const { id } = await params
  const record = await api.evidenceRecord(id).catch((error: unknown) => {
    if (error instanceof AssentApiError && error.status === 404) notFound()
    throw error
  })
  const maySeal = scopes.includes('rooms:write') && record.subject !== null && record.purpose !== null
  return (
    <>
      <Breadcrumb href="/admin/evidence">Evidence</Breadcrumb>
      <RoomTitle title={sentenceCase(inWords(record.kind))}>
        {record.source === 'event' ? `Event ${record.seq} of the log.` : 'An administrative act.'} It never
        changes.
      </RoomTitle>
      <div className="grid gap-6">
        <Card>
          <CardHeader
            title="What is known"
            action={
              maySeal ? (
                <ButtonLink href={sealHref(record)} variant="outline" size="small">
                  Prove it to others
                </ButtonLink>
              ) : undefined
            }
          />
          <CardBody>
            <Facts facts={factsOf(record)} />
          </CardBody>
        </Card>
        {record.chain === null ? null : (
          <Card>
            <CardHeader
              title="Its place in the chain"
              description="The hash covers the event and the one before it: nothing between them can be changed unseen."
            />
            <CardBody>
              <Facts
                facts={[
                  { name: 'Hash', value: <Hash of={record.chain.hash} /> },
                  { name: 'Event before', value: <Hash of={record.chain.previous_hash} /> },
                  { name: 'Leaf', value: <Hash of={record.chain.leaf} /> },
                  { name: 'Epoch', value: record.chain.epoch },
                ]}
              />
            </CardBody>
          </Card>
        )}
        <CodeBlock label="As it is stored" code={JSON.stringify(record.detail, null, 2)} />
      </div>
    </>
  )
}

const Hash = ({ of }: { readonly of: string }) => <code className="font-mono text-xs">{of}</code>
const sentenceCase = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)

function sealHref({ purpose, property, at }: EvidenceRecord): string {
  const asked = new URLSearchParams({ purpose: purpose ?? '', at })
  if (property !== null) asked.set('property', property)
  return `/admin/evidence/rooms/new?${asked}`
}

function factsOf(record: EvidenceRecord): { readonly name: string; readonly value: ReactNode }[] {
  const {
    kind,
    source,
    at,
    occurred_at,
    actor,
    actor_name,
    about,
    purpose,
    property,
    subject,
    notice,
    words,
  } = record
  const facts: { name: string; value: ReactNode | null }[] = [
    { name: 'What', value: <KindBadge kind={kind} source={source} /> },
    { name: source === 'event' ? 'Recorded' : 'Done', value: <Time at={at} hasSeconds /> },
    {
      name: 'Said',
      value: occurred_at === null || occurred_at === at ? null : <Time at={occurred_at} hasSeconds />,
    },
    { name: 'Who', value: actor === null ? null : actorWords(actor, actor_name) },
    { name: 'About', value: notice === null ? about : null },
    { name: 'Purpose', value: purpose },
    { name: 'Property', value: property },
    { name: 'Person', value: subject === null ? null : <code className="font-mono text-xs">{subject}</code> },
    {
      name: 'Words shown',
      value:
        notice === null ? null : (
          <>
            <Link
              className="link"
              href={`/admin/notices/${encodeURIComponent(notice.key)}/${notice.version}`}
            >
              {notice.key} {notice.version}
            </Link>{' '}
            in {notice.locale}
            {words === null ? null : (
              <>
                {words.title === null ? null : <p>“{words.title}”</p>}
                <Hash of={words.sha256} />
              </>
            )}
          </>
        ),
    },
  ]
  return facts.filter(({ value }) => value !== null)
}
