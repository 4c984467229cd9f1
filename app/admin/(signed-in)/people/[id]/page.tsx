import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Breadcrumb } from '../../../../../components/admin/breadcrumb.tsx'
import { Facts } from '../../../../../components/admin/facts.tsx'
import { ChangedAnswers } from '../../../../../components/admin/people/changed-answers.tsx'
import { ExportPerson } from '../../../../../components/admin/people/export-person.tsx'
import { MomentForm } from '../../../../../components/admin/people/moment-form.tsx'
import { PastAnswers } from '../../../../../components/admin/people/past-answers.tsx'
import { PersonLinks } from '../../../../../components/admin/people/person-links.tsx'
import { PersonTimeline } from '../../../../../components/admin/people/person-timeline.tsx'
import { reasonTexts } from '../../../../../components/admin/people/reason-texts.ts'
import { RecordStatement } from '../../../../../components/admin/people/record-statement.tsx'
import { SayWhy } from '../../../../../components/admin/people/say-why.tsx'
import { statementChoices } from '../../../../../components/admin/people/statement-choices.ts'
import { RequestTable } from '../../../../../components/admin/requests/request-table.tsx'
import { RoomTitle } from '../../../../../components/admin/room-title.tsx'
import { Badge } from '../../../../../components/ui/badge.tsx'
import { ButtonLink } from '../../../../../components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '../../../../../components/ui/card.tsx'
import { Time } from '../../../../../components/ui/time.tsx'
import { requireMember } from '../../../../../lib/auth/require-member.ts'
import { AssentApiError, type AssentClient } from '../../../../../lib/client/client.ts'
import type {
  Person,
  PersonAnswers,
  PersonMoment,
  RequestsListed,
  PersonTimeline as Timeline,
} from '../../../../../lib/client/people.ts'

export const metadata: Metadata = { title: 'Person' }

type Asked = { readonly at?: string; readonly before?: string }

/** One person: what was answered at any moment, what was recorded, and what can be done for her. */
export default async function PersonPage({
  params,
  searchParams,
}: {
  readonly params: Promise<{ readonly id: string }>
  readonly searchParams: Promise<Asked>
}): Promise<ReactNode> {
  const { api, scopes } = await requireMember('consents:read')
  const { id } = await params
  const person = await findPerson(api, id)
  if (person === 'closed') {
    return (
      <>
        <Back />
        <RoomTitle title="Why do you look?">
          This page is about one person. It opens for an hour, for a reason that is written down.
        </RoomTitle>
        <Card>
          <CardBody className="pt-5">
            <SayWhy id={id} />
          </CardBody>
        </Card>
      </>
    )
  }
  const asked = await searchParams
  const path = `/admin/people/${person.id}`
  const before = /^\d{1,15}$/.test(asked.before ?? '') ? `?before=${asked.before}` : ''
  const mayWrite = scopes.includes('consents:write')
  const mayOpen = scopes.includes('evidence:read')
  const [past, { moments }, timeline, { requests }, statements] = await Promise.all([
    answersAt(api, person.id, asked.at),
    api.call<{ moments: readonly PersonMoment[] }>('GET', `/v1/subjects/${person.id}/moments`),
    api.call<Timeline>('GET', `/v1/subjects/${person.id}/timeline${before}`),
    api.call<RequestsListed>('GET', `/v1/requests?subject=${person.id}`),
    mayWrite ? statementChoices(api) : null,
  ])
  const known = person.identifiers.find(({ id: clear }) => clear !== null)
  const moment = past.isPast ? moments.find(({ at }) => at === past.at) : undefined
  return (
    <>
      <Back />
      <div className="flex flex-wrap items-start justify-between gap-3">
        <RoomTitle title="Person">
          <span className="font-mono text-xs wrap-anywhere">{person.id}</span>
        </RoomTitle>
        <div className="mb-6 flex flex-wrap gap-2">
          {statements === null || known === undefined ? null : (
            <RecordStatement subject={`${known.namespace}:${known.id}`} choices={statements} />
          )}
          {mayOpen ? <ExportPerson id={person.id} /> : null}
        </div>
      </div>
      <div className="grid gap-6">
        <Card>
          <CardHeader
            title="Known by"
            {...(person.view === null ? {} : { description: viewText(person.view) })}
          />
          <CardBody className="grid gap-5">
            <Facts facts={factsOf(person)} />
            <section aria-label="Links" className="grid gap-2">
              <h3 className="text-sm font-semibold">Linked with</h3>
              <p className="text-sm text-ink-soft">
                What either refuses, the other refuses too. A yes never flows.
              </p>
              <PersonLinks person={person} mayChange={mayWrite} />
            </section>
          </CardBody>
        </Card>
        <Card className="overflow-hidden">
          <CardHeader
            title={past.isPast ? 'Answers as of a moment' : 'Answers now'}
            description={
              past.isPast ? (
                <>
                  <Badge>historical</Badge> <Time at={past.at} hasSeconds />. About data of that moment. No
                  data may be used on the strength of it.
                </>
              ) : (
                'About data of this moment. Go back to any other: every answer is decided again.'
              )
            }
          />
          <CardBody className="grid gap-4">
            {past.error === undefined ? null : (
              <p role="alert" className="text-sm text-negative">
                {past.error}
              </p>
            )}
            <MomentForm path={path} at={past.isPast ? past.at : null} moments={moments} />
            {moment === undefined ? null : (
              <div className="grid gap-2">
                <h3 className="text-sm font-semibold">What changed at this moment</h3>
                <ChangedAnswers
                  changed={moment.as_known_then.length > 0 ? moment.as_known_then : moment.as_known_now}
                />
                {moment.as_known_then.length > 0 ? null : (
                  <p className="text-sm text-caution">As known now alone: it was told later.</p>
                )}
              </div>
            )}
          </CardBody>
          <PastAnswers answers={past.answers} isPast={past.isPast} />
        </Card>
        <Card className="overflow-hidden">
          <CardHeader
            title="Timeline"
            description="Every event in order, with the words shown and what it changed."
          />
          {timeline.before === null && before === '' ? null : (
            <nav aria-label="Pages of the timeline" className="flex gap-2 px-5 pb-4">
              {timeline.before === null ? null : (
                <ButtonLink
                  href={`${path}?before=${timeline.before}`}
                  variant="outline"
                  size="small"
                  scroll={false}
                >
                  Earlier events
                </ButtonLink>
              )}
              {before === '' ? null : (
                <ButtonLink href={path} variant="outline" size="small" scroll={false}>
                  Newest events
                </ButtonLink>
              )}
            </nav>
          )}
          <PersonTimeline subject={person.id} timeline={timeline} mayOpen={mayOpen} />
        </Card>
        {requests.length === 0 ? null : (
          <Card className="overflow-hidden">
            <CardHeader title="What she asked for" />
            <RequestTable requests={requests} />
          </Card>
        )}
      </div>
    </>
  )
}

const Back = () => <Breadcrumb href="/admin/people">People</Breadcrumb>

async function findPerson(api: AssentClient, id: string): Promise<Person | 'closed'> {
  try {
    return await api.call<Person>('GET', `/v1/subjects/${encodeURIComponent(id)}`)
  } catch (error) {
    if (error instanceof AssentApiError && error.status === 404) notFound()
    if (error instanceof AssentApiError && error.code === 'reason_required') return 'closed'
    throw error
  }
}

/** The answers of the moment asked for; those of now, and why, where it is none. */
async function answersAt(api: AssentClient, id: string, asked: string | undefined) {
  const path = `/v1/subjects/${id}/answers`
  // A browser's field gives a time without a zone: it is UTC, as its label says.
  const at = asked !== undefined && /T[\d:.]+$/.test(asked) ? `${asked}Z` : asked
  if (at === undefined || at === '') {
    return { ...(await api.call<PersonAnswers>('GET', path)), isPast: false, error: undefined }
  }
  try {
    const found = await api.call<PersonAnswers>('GET', `${path}?at=${encodeURIComponent(at)}`)
    return { ...found, isPast: true, error: undefined }
  } catch (error) {
    if (!(error instanceof AssentApiError) || error.status !== 400) throw error
    return { ...(await api.call<PersonAnswers>('GET', path)), isPast: false, error: error.message }
  }
}

function viewText({ why, note, until }: NonNullable<Person['view']>): ReactNode {
  return (
    <>
      You look for this reason: {reasonTexts[why] ?? why}
      {note === '' ? '' : ` – ${note}`}. Open until <Time at={until} />.
    </>
  )
}

function factsOf(person: Person) {
  return [
    ...person.identifiers.map(({ namespace, id }) => ({ name: namespace, value: id ?? 'erased' })),
    { name: 'Regimes', value: person.regimes.join(', ') || 'only the organisation’s own' },
    ...(person.gpc_since === null
      ? []
      : [{ name: 'Privacy signal', value: <Time key="gpc" at={person.gpc_since} /> }]),
    ...(person.is_restricted ? [{ name: 'Processing', value: 'restricted' }] : []),
    ...(person.erased_before === null
      ? []
      : [{ name: 'Erased before', value: <Time key="erased" at={person.erased_before} /> }]),
  ]
}
