'use client'

import { type FormEvent, type ReactNode, useState } from 'react'
import { BrokenRules } from '../looks/broken-rules.tsx'
import { type BrokenRule, lookAtRelease, type Progress } from '../looks/look-at-release.ts'
import { LookProgress } from '../looks/look-progress.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'

type Looking =
  | { readonly step: 'begun'; readonly progress: Progress | undefined }
  | { readonly step: 'broken'; readonly broken: readonly BrokenRule[] }
  | { readonly step: 'failed'; readonly message: string }

/**
 * Now, or at a time to come. What has experiences is looked at first, in the browser of whoever publishes: a rule that is
 * broken there keeps it back, as one that can be read off does.
 */
export function PublishDialog({
  release,
  hasExperiences,
  isBusy,
  onPublish,
}: {
  readonly release: string
  readonly hasExperiences: boolean
  readonly isBusy: boolean
  readonly onPublish: (at: string | undefined) => void
}): ReactNode {
  const [isLater, setLater] = useState(false)
  const [looking, setLooking] = useState<Looking>()
  const isLooking = looking?.step === 'begun'
  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const at = isLater ? new Date(String(data.get('at'))).toISOString() : undefined
    const isSkipped = looking?.step === 'failed'
    if (hasExperiences && !isSkipped) {
      setLooking({ step: 'begun', progress: undefined })
      try {
        const broken = await lookAtRelease(release, (progress) => setLooking({ step: 'begun', progress }))
        setLooking(broken.length === 0 ? undefined : { step: 'broken', broken })
        if (broken.length > 0) return
      } catch (cause) {
        setLooking({ step: 'failed', message: (cause as Error).message })
        return
      }
    }
    onPublish(at)
  }
  return (
    <Dialog
      title="Publish"
      description="All of it at once. What is published never changes; a later release can replace it."
      trigger={<Button disabled={isBusy}>Publish …</Button>}
      onClose={() => setLooking(undefined)}
    >
      <form onSubmit={submit} method="post" className="grid gap-4">
        <fieldset className="grid gap-2 text-sm">
          <legend className="sr-only">When</legend>
          {[false, true].map((later) => (
            <label key={String(later)} className="flex min-h-8 items-center gap-2">
              <input
                type="radio"
                name="when"
                className="size-4 accent-(--accent)"
                checked={isLater === later}
                onChange={() => setLater(later)}
              />
              {later ? 'At a time to come' : 'Now'}
            </label>
          ))}
        </fieldset>
        {isLater ? (
          <Field
            label="When"
            name="at"
            type="datetime-local"
            required
            hint="In your own time zone. Until then it can be stopped."
          />
        ) : null}
        {hasExperiences && looking === undefined ? (
          <p className="text-sm text-ink-soft">
            Before that, your browser draws each experience as people will see it, measures the rules of
            symmetry on it, and keeps the pictures with its version.
          </p>
        ) : null}
        {looking?.step === 'begun' && looking.progress !== undefined ? (
          <LookProgress progress={looking.progress} />
        ) : null}
        <div role="alert" className="grid gap-3 text-sm empty:hidden">
          {looking?.step === 'broken' ? (
            <>
              <p className="font-medium">
                Not published: {looking.broken.length === 1 ? 'a rule is' : 'rules are'} broken as it is
                drawn.
              </p>
              <BrokenRules broken={looking.broken} />
            </>
          ) : null}
          {looking?.step === 'failed' ? (
            <p className="text-negative">
              It could not be looked at: {looking.message} You can publish it without pictures, and take them
              later on the page of its version; what can be read off it was checked.
            </p>
          ) : null}
        </div>
        <Button type="submit" disabled={isLooking || isBusy}>
          {looking?.step === 'failed'
            ? 'Publish without pictures'
            : looking?.step === 'broken'
              ? 'Look again, and publish'
              : isLater
                ? 'Schedule'
                : 'Publish now'}
        </Button>
      </form>
    </Dialog>
  )
}
