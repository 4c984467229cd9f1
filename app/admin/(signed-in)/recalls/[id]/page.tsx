import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Breadcrumb } from '../../../../../components/admin/breadcrumb.tsx'
import { Facts } from '../../../../../components/admin/facts.tsx'
import { counted, scopeWords } from '../../../../../components/admin/recall-words.ts'
import { RoomTitle } from '../../../../../components/admin/room-title.tsx'
import { TaskList } from '../../../../../components/admin/task-list.tsx'
import { ButtonLink } from '../../../../../components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '../../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../../components/ui/empty-state.tsx'
import { Time } from '../../../../../components/ui/time.tsx'
import { requireMember } from '../../../../../lib/auth/require-member.ts'
import { AssentApiError } from '../../../../../lib/client/client.ts'

export const metadata: Metadata = { title: 'Recall' }

type Props = {
  readonly params: Promise<{ readonly id: string }>
  readonly searchParams: Promise<{ readonly people?: string }>
}

/** One recall: why, whom it struck, and what is left to do. */
export default async function RecallPage({ params, searchParams }: Props): Promise<ReactNode> {
  const { api, scopes } = await requireMember('audit:read')
  const { id } = await params
  const { people } = await searchParams
  const recall = await api.recall(id).catch(orNotFound)
  const [open, done, subjects] = await Promise.all([
    api.tasks({ state: 'open', recall: id, limit: 500 }),
    api.tasks({ state: 'done', recall: id, limit: 500 }),
    api.recallSubjects(id, { limit: 50, ...(people ? { after: people } : {}) }),
  ])
  const { struck, consumers } = recall
  const applied = consumers.filter(({ is_applied }) => is_applied).length
  return (
    <>
      <Breadcrumb href="/admin/recalls">Recalls</Breadcrumb>
      <RoomTitle title={scopeWords(recall.scope)}>{recall.reason}</RoomTitle>
      <div className="grid gap-6">
        <Card>
          <CardHeader title="What was struck" />
          <CardBody>
            <Facts
              facts={[
                { name: 'Recalled', value: <Time at={recall.recalled_at} hasSeconds /> },
                { name: 'In the log', value: `revision ${recall.revision}` },
                {
                  name: 'Struck',
                  value:
                    struck === null
                      ? 'being counted'
                      : `${counted(struck.consents, 'consent', 'consents')} of ${counted(struck.people, 'person', 'people')}`,
                },
                { name: 'Applied by', value: `${applied} of ${consumers.length} consumers of changes` },
              ]}
            />
          </CardBody>
        </Card>
        <Card className="overflow-hidden">
          <CardHeader title="To do" description="Whom and what relied on these consents." />
          {open.tasks.length === 0 ? (
            <EmptyState title="Nothing left to do">Every task of this recall is done.</EmptyState>
          ) : (
            <TaskList tasks={open.tasks} mayFinish={scopes.includes('config:write')} />
          )}
        </Card>
        {done.tasks.length === 0 ? null : (
          <Card className="overflow-hidden">
            <CardHeader title="Done" />
            <TaskList tasks={done.tasks} mayFinish={false} />
          </Card>
        )}
        <Card className="overflow-hidden">
          <CardHeader
            title="People to ask anew"
            description="Random ids of those who have not said anything since. No identifiers are shown here."
          />
          {subjects.subjects.length === 0 ? (
            <EmptyState title="Nobody is left">Everyone has answered again, or none was struck.</EmptyState>
          ) : (
            <CardBody>
              <ul className="grid gap-1 font-mono text-xs wrap-anywhere text-ink-soft">
                {subjects.subjects.map((subject) => (
                  <li key={subject}>{subject}</li>
                ))}
              </ul>
              {subjects.next === null ? null : (
                <ButtonLink
                  className="mt-4"
                  variant="outline"
                  href={`/admin/recalls/${id}?people=${subjects.next}`}
                >
                  More people
                </ButtonLink>
              )}
            </CardBody>
          )}
        </Card>
      </div>
    </>
  )
}

function orNotFound(error: unknown): never {
  if (error instanceof AssentApiError && error.status === 404) notFound()
  throw error
}
