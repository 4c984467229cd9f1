import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { ConsumerTable } from '../../../../components/admin/consumer-table.tsx'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { Card } from '../../../../components/ui/card.tsx'
import { CodeBlock } from '../../../../components/ui/code-block.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { Time } from '../../../../components/ui/time.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'
import type { ConsumerListed } from '../../../../lib/client/client.ts'

export const metadata: Metadata = { title: 'Consumers' }

/** Which systems act on changes, and which have stopped. */
export default async function ConsumersPage(): Promise<ReactNode> {
  const { api } = await requireMember('audit:read')
  const { consumers, head } = await api.consumers()
  return (
    <>
      <RoomTitle title="Consumers">
        The systems that act on every change, and how far each says it is. The log ends at{' '}
        <span className="tabular-nums">{head}</span>.
      </RoomTitle>
      {consumers.length === 0 ? (
        <Card>
          <EmptyState title="No system has reported yet">
            A system that follows the change feed and deletes, retrains or stops on a withdrawal says here
            which change it has applied. Then you see who has stopped.
          </EmptyState>
          <div className="px-5 pb-5">
            <CodeBlock label="A system reports the last change it has applied" code={reportExample(head)} />
          </div>
        </Card>
      ) : (
        <>
          <Summary consumers={consumers} />
          <Card className="overflow-hidden">
            <ConsumerTable consumers={consumers} />
          </Card>
        </>
      )}
    </>
  )
}

function Summary({ consumers }: { readonly consumers: readonly ConsumerListed[] }): ReactNode {
  const current = consumers.filter(({ state }) => state === 'up_to_date').length
  const stopped = consumers.filter(({ state }) => state === 'stopped')
  const last = consumers
    .map(({ reported_at }) => reported_at)
    .sort()
    .at(-1)
  return (
    <p className="mb-3 text-sm" role="status">
      <span className="font-medium">
        {current} of {consumers.length} up to date
      </span>
      {stopped.length === 0 ? null : `; stopped: ${stopped.map(({ name }) => name).join(', ')}`}
      {last === undefined ? null : (
        <span className="text-ink-soft">
          {'; last report '}
          <Time at={last} hasSeconds />
        </span>
      )}
    </p>
  )
}

const reportExample = (head: string) =>
  `curl -X PUT "$ASSENT_URL/v1/consumers/feature-store" \\
  -H "Authorization: Bearer $ASSENT_API_KEY" -H 'Content-Type: application/json' \\
  -d '{"applied": "${head}", "purposes": ["ai_training"]}'`
