import type { ReactNode } from 'react'

const form = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
})

/** An instant, in UTC: evidence means the same wherever it is read. */
export function Time({ at }: { readonly at: string }): ReactNode {
  return (
    <time dateTime={at} className="whitespace-nowrap tabular-nums">
      {form.format(new Date(at))} UTC
    </time>
  )
}
