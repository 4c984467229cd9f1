'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, type ReactNode, useState } from 'react'
import { send } from '../admin/send.ts'
import { Button } from '../ui/button.tsx'
import { TextArea } from '../ui/text-area.tsx'
import { Time } from '../ui/time.tsx'
import type { Release } from './release-types.ts'

/** What was said about a release, and a way to say more; nothing is taken back. */
export function ReleaseComments({
  release: { id, comments, people },
  mayComment,
}: {
  readonly release: Pick<Release, 'id' | 'comments' | 'people'>
  readonly mayComment: boolean
}): ReactNode {
  const router = useRouter()
  const [error, setError] = useState<string>()
  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const form = event.currentTarget
    try {
      await send('POST', `releases/${id}/comments`, { text: String(new FormData(form).get('text')) })
      setError(undefined)
      form.reset()
      router.refresh()
    } catch (cause) {
      setError((cause as Error).message)
    }
  }
  return (
    <div className="grid gap-4">
      {comments.length === 0 ? (
        <p className="text-sm text-ink-soft">Nobody has said anything yet.</p>
      ) : (
        <ol className="grid gap-4">
          {comments.map((comment) => (
            <li key={comment.id} className="border-l-2 pl-4">
              <p className="text-xs text-ink-soft">
                {people[comment.author] ?? comment.author} · <Time at={comment.at} />
                {comment.item === null ? '' : ` · ${comment.item.kind} ${comment.item.key}`}
              </p>
              <p className="text-sm whitespace-pre-wrap wrap-anywhere">{comment.text}</p>
            </li>
          ))}
        </ol>
      )}
      {mayComment ? (
        <form onSubmit={submit} method="post" className="grid justify-items-start gap-3">
          <div className="w-full">
            <TextArea label="Comment" name="text" rows={2} required error={error} />
          </div>
          <Button type="submit" variant="outline" size="small">
            Say it
          </Button>
        </form>
      ) : null}
    </div>
  )
}
