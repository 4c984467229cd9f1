'use client'

import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { toast } from 'sonner'
import { send } from '../admin/send.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextArea } from '../ui/text-area.tsx'
import { PublishDialog } from './publish-dialog.tsx'
import type { Release } from './release-types.ts'

/** What can be done with a release now, for who may. What the server refuses is said here, in its words. */
export function ReleaseActions({
  release,
  own,
  mayPublish,
}: {
  readonly release: Pick<
    Release,
    'id' | 'state' | 'author' | 'editors' | 'sha256' | 'base_sha256' | 'approvals_needed' | 'approvers'
  > & { readonly isEmpty: boolean; readonly hasExperiences: boolean }
  /** The name of who looks, as releases name people. */
  readonly own: string
  readonly mayPublish: boolean
}): ReactNode {
  const router = useRouter()
  const [error, setError] = useState<string>()
  const [isBusy, setBusy] = useState(false)
  async function act(path: string, body: object | undefined, done: string): Promise<void> {
    setBusy(true)
    setError(undefined)
    try {
      await send('POST', `releases/${release.id}/${path}`, body)
      toast.success(done)
    } catch (cause) {
      setError((cause as Error).message)
    }
    setBusy(false)
    router.refresh()
  }
  async function discard(): Promise<void> {
    await send('DELETE', `releases/${release.id}`).then(
      () => toast.success('The release is discarded.'),
      (cause: Error) => setError(cause.message),
    )
    router.refresh()
  }
  const { state } = release
  const isOwnWork = release.author === own || release.editors.includes(own)
  const hasApproved = release.approvers.includes(own)
  const inReview = state === 'in_review' || state === 'approved' || state === 'scheduled'
  const isReady = release.approvers.length >= release.approvals_needed
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap gap-2">
        {state === 'draft' ? (
          <Button
            disabled={isBusy || release.isEmpty}
            onClick={() => act('submit', undefined, 'It is in review.')}
          >
            Ask for review
          </Button>
        ) : null}
        {inReview && mayPublish && !isOwnWork && !hasApproved ? (
          <Button
            disabled={isBusy}
            onClick={() =>
              act(
                'approve',
                { sha256: release.sha256, base_sha256: release.base_sha256 },
                'You have approved what is shown here.',
              )
            }
          >
            Approve
          </Button>
        ) : null}
        {inReview && mayPublish && isReady ? (
          <PublishDialog
            release={release.id}
            hasExperiences={release.hasExperiences}
            isBusy={isBusy}
            onPublish={(at) =>
              act(
                'publish',
                at === undefined ? {} : { at },
                at === undefined ? 'It is published.' : 'It is scheduled.',
              )
            }
          />
        ) : null}
        {state === 'scheduled' && mayPublish ? (
          <Button
            variant="outline"
            disabled={isBusy}
            onClick={() => act('unschedule', undefined, 'It is not published by itself any more.')}
          >
            Do not publish
          </Button>
        ) : null}
        {inReview && hasApproved ? (
          <Button
            variant="outline"
            disabled={isBusy}
            onClick={() => act('withdraw-approval', undefined, 'Your approval is taken back.')}
          >
            Take my approval back
          </Button>
        ) : null}
        {inReview && mayPublish ? (
          <RequestChanges
            isBusy={isBusy}
            onSend={(text) => act('request-changes', { text }, 'It is a draft again.')}
          />
        ) : null}
        {state === 'draft' || inReview ? (
          <Dialog
            title="Discard this release?"
            description="Its drafts stay readable, and nothing of it can be published any more."
            trigger={
              <Button variant="quiet" disabled={isBusy || state === 'scheduled'}>
                Discard
              </Button>
            }
          >
            <Button variant="danger" onClick={discard}>
              Discard the release
            </Button>
          </Dialog>
        ) : null}
      </div>
      {inReview && isOwnWork && !isReady ? (
        <p className="text-sm text-ink-soft">
          It waits for {release.approvals_needed - release.approvers.length} more who did not write it: an
          owner or an officer.
        </p>
      ) : null}
      <p role="alert" className={error === undefined ? 'sr-only' : 'text-sm text-negative'}>
        {error}
      </p>
    </div>
  )
}

function RequestChanges({
  isBusy,
  onSend,
}: {
  readonly isBusy: boolean
  readonly onSend: (text: string) => void
}): ReactNode {
  return (
    <Dialog
      title="Send it back"
      description="It becomes a draft again, and no approval of it counts."
      trigger={
        <Button variant="outline" disabled={isBusy}>
          Request changes
        </Button>
      }
    >
      <form
        method="post"
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          onSend(String(new FormData(event.currentTarget).get('text')))
        }}
      >
        <TextArea label="What should change" name="text" rows={4} required />
        <Button type="submit">Send it back</Button>
      </form>
    </Dialog>
  )
}
