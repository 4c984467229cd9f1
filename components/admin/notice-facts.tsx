import Link from 'next/link'
import type { ReactNode } from 'react'
import type { NoticeVersion } from '../../lib/client/client.ts'
import { Time } from '../ui/time.tsx'
import { Facts } from './facts.tsx'

/** The log of evidence at the moment of publication. */
function publishedHref(at: string): string {
  const to = new Date(Date.parse(at) + 1).toISOString()
  return `/admin/evidence?kind=notice_published&from=${encodeURIComponent(at)}&to=${encodeURIComponent(to)}`
}

/** What a version covers, when it was published and in which event, and the hash that binds its words. */
export function NoticeFacts({ notice }: { readonly notice: NoticeVersion }): ReactNode {
  return (
    <Facts
      facts={[
        { name: 'Reaches', value: notice.property ?? 'the whole organisation' },
        {
          name: 'Names',
          value: (
            <ul className="flex flex-wrap gap-x-3 gap-y-1">
              {notice.purposes.map(({ purpose, version }) => (
                <li key={purpose} className="whitespace-nowrap">
                  {purpose} <span className="text-ink-soft">{version}</span>
                </li>
              ))}
            </ul>
          ),
        },
        {
          name: 'Published',
          value: (
            <>
              <Time at={notice.published_at} hasSeconds />, in{' '}
              <Link className="link" href={publishedHref(notice.published_at)}>
                event {notice.published_seq}
              </Link>{' '}
              <span className="text-ink-soft">(revision {notice.published_in})</span>
            </>
          ),
        },
        {
          name: 'In force',
          value: notice.is_invalidated ? (
            'no longer: it was struck, and every yes given to it'
          ) : notice.in_force_until === null ? (
            'until now'
          ) : (
            <>
              until <Time at={notice.in_force_until} hasSeconds />
            </>
          ),
        },
        { name: 'SHA-256', value: <code className="font-mono text-xs">{notice.sha256}</code> },
      ]}
    />
  )
}
