import { ChevronLeft, ChevronRight } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { PersonMoment } from '../../../lib/client/people.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'

const step =
  'inline-flex h-10 items-center gap-1 rounded-control border border-edge px-3 text-sm font-medium whitespace-nowrap'

/** Which moment is looked at: a date and time, or the moment before or after that changed an answer. */
export function MomentForm({
  path,
  at,
  moments,
}: {
  readonly path: string
  /** ISO 8601; null for now. */
  readonly at: string | null
  readonly moments: readonly PersonMoment[]
}): ReactNode {
  const previous = moments.findLast((moment) => at === null || moment.at < at)
  const next = at === null ? undefined : moments.find((moment) => moment.at > at)
  return (
    <div className="flex flex-wrap items-end gap-3">
      <form action={path} method="get" className="flex flex-wrap items-end gap-3" key={at}>
        <label className="grid gap-1.5 text-sm font-medium">
          As of (UTC)
          <input
            type="datetime-local"
            name="at"
            step="any"
            defaultValue={at === null ? '' : at.slice(0, -1)}
            required
            className="h-10 max-w-full rounded-control border border-edge bg-surface px-3 text-base font-normal text-ink"
          />
        </label>
        <Button type="submit" variant="outline">
          Look
        </Button>
      </form>
      <nav aria-label="Moments that changed an answer" className="flex flex-wrap gap-2">
        <Step
          path={path}
          moment={previous}
          name="Previous change"
          icon={<ChevronLeft aria-hidden className="size-4" />}
        />
        <Step
          path={path}
          moment={next}
          name="Next change"
          icon={<ChevronRight aria-hidden className="size-4" />}
        />
        {at === null ? null : (
          <ButtonLink variant="quiet" href={path} scroll={false}>
            Now
          </ButtonLink>
        )}
      </nav>
    </div>
  )
}

function Step({
  path,
  moment,
  name,
  icon,
}: {
  readonly path: string
  readonly moment: PersonMoment | undefined
  readonly name: string
  readonly icon: ReactNode
}): ReactNode {
  if (moment === undefined) {
    return (
      <span aria-disabled className={`${step} border-dashed text-ink-faint`}>
        {icon} {name}
        <span className="sr-only">: there is none</span>
      </span>
    )
  }
  return (
    <Link
      href={`${path}?at=${encodeURIComponent(moment.at)}`}
      scroll={false}
      className={`${step} bg-surface text-ink hover:bg-sunken`}
    >
      {icon} {name}
    </Link>
  )
}
