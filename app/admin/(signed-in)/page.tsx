import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { awaiting } from '../../../components/admin/awaiting.ts'
import { Inbox } from '../../../components/admin/inbox.tsx'
import { RoomTitle } from '../../../components/admin/room-title.tsx'
import { SetupChecklist, type SetupStep } from '../../../components/admin/setup-checklist.tsx'
import { Card } from '../../../components/ui/card.tsx'
import { requireMember } from '../../../lib/auth/require-member.ts'
import type { AssentClient } from '../../../lib/client/client.ts'

export const metadata: Metadata = { title: 'Inbox' }

/** What awaits whoever signs in; before that, what is left of setting up. */
export default async function InboxPage(): Promise<ReactNode> {
  const { api, scopes, id } = await requireMember()
  // Nothing waits for a developer here: her own first room is that of the keys.
  if (!scopes.includes('audit:read')) redirect('/admin/keys')
  const [items, steps] = await Promise.all([
    awaiting(api, scopes, `member:${id}`, Date.now()),
    setupSteps(api),
  ])
  return (
    <>
      <RoomTitle title="Inbox">
        {items.length === 0
          ? 'What waits for you.'
          : `${items.length} ${items.length === 1 ? 'thing waits' : 'things wait'} for you.`}
      </RoomTitle>
      <SetupChecklist steps={steps} />
      <Card className="overflow-hidden">
        <Inbox items={items} />
      </Card>
    </>
  )
}

type Setup = {
  readonly properties: number
  readonly snippets: readonly { readonly origin: string; readonly seconds_ago: number }[]
  readonly notices: number
  readonly has_questions: boolean
}

async function setupSteps(api: AssentClient): Promise<readonly SetupStep[]> {
  const { properties, snippets, notices, has_questions } = await api.call<Setup>('GET', '/v1/setup')
  const [seen] = snippets
  return [
    {
      ...{ name: 'A property', isDone: properties > 0, href: '/admin/properties' },
      detail:
        properties > 0
          ? `There ${properties === 1 ? 'is one' : `are ${properties}`}.`
          : 'A site or an app of yours.',
    },
    {
      ...{ name: 'The snippet on its pages', isDone: seen !== undefined, href: '/admin/properties' },
      detail:
        seen === undefined
          ? 'One line of HTML; open a page that has it.'
          : `Seen on ${seen.origin} ${ago(seen.seconds_ago)}.`,
    },
    {
      ...{ name: 'A notice', isDone: notices > 0, href: '/admin/notices' },
      detail: notices > 0 ? `${notices} in force.` : 'What people read before they choose.',
    },
    {
      ...{ name: 'The first question', isDone: has_questions, href: '/docs' },
      detail: has_questions
        ? 'Services ask.'
        : 'A service asks POST /v1/check before it uses data; make it a key first.',
    },
  ]
}

function ago(seconds: number): string {
  if (seconds < 90) return `${seconds} s ago`
  if (seconds < 5_400) return `${Math.round(seconds / 60)} minutes ago`
  return seconds < 129_600
    ? `${Math.round(seconds / 3_600)} hours ago`
    : `${Math.round(seconds / 86_400)} days ago`
}
