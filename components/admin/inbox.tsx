'use client'

import {
  FileCheck,
  GitPullRequestArrow,
  type LucideIcon,
  MessageSquareWarning,
  RadioTower,
  Sparkles,
  UserRound,
} from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Time } from '../ui/time.tsx'
import type { Awaiting } from './awaiting.ts'
import { useSend } from './use-send.ts'

const icons: Readonly<Record<Awaiting['kind'], LucideIcon>> = {
  review: GitPullRequestArrow,
  publication: FileCheck,
  request: UserRound,
  task: MessageSquareWarning,
  first_use: Sparkles,
  consumer: RadioTower,
}

/** What awaits a member, each with the way to it; what needs only a click is settled here. */
export function Inbox({ items }: { readonly items: readonly Awaiting[] }): ReactNode {
  const { error, act } = useSend()
  if (items.length === 0) {
    return (
      <EmptyState title="Nothing waits for you">
        Reviews, requests of people, tasks after a recall and services that ask something new come here.
      </EmptyState>
    )
  }
  return (
    <>
      <p role="alert" className={error === undefined ? 'sr-only' : 'px-5 py-3 text-sm text-negative'}>
        {error}
      </p>
      <ul aria-label="What waits for you">
        {items.map(({ id, kind, title, detail, href, at, isOverdue, settle }) => {
          const Icon = icons[kind]
          return (
            <li key={`${kind} ${id}`} className="flex items-center gap-4 border-b px-5 py-3 last:border-b-0">
              <Icon aria-hidden className="size-4 shrink-0 text-ink-soft" />
              <div className="min-w-0 flex-1">
                <Link href={href} className="font-medium wrap-anywhere hover:underline">
                  {title}
                </Link>
                <p className="text-xs text-ink-soft">
                  {detail} {at === null ? null : <Time at={at} />}
                </p>
              </div>
              {isOverdue ? (
                <Badge tone="negative">{kind === 'request' ? 'overdue' : 'look now'}</Badge>
              ) : null}
              {settle === undefined ? null : (
                <Button
                  variant="outline"
                  size="small"
                  aria-label={`${settle.label}: ${title}`}
                  onClick={() => act('POST', settle.path, settle.body, settle.done)}
                >
                  {settle.label}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}
