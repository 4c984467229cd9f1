import type { ReactNode } from 'react'

const toMinutes = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
} as const
const form = new Intl.DateTimeFormat('en-GB', toMinutes)
const formWithSeconds = new Intl.DateTimeFormat('en-GB', { ...toMinutes, second: '2-digit' })

/** An instant, in UTC: evidence means the same wherever it is read. */
export function Time({
  at,
  hasSeconds = false,
}: {
  readonly at: string
  readonly hasSeconds?: boolean
}): ReactNode {
  return (
    <time dateTime={at} className="whitespace-nowrap tabular-nums">
      {(hasSeconds ? formWithSeconds : form).format(new Date(at))} UTC
    </time>
  )
}
