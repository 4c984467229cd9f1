import type { ComponentProps, ReactNode } from 'react'

/** Rows of like things. Scrolls sideways by itself where it does not fit, reachable by keyboard. */
export function Table({
  caption,
  children,
}: {
  /** Read aloud; not shown. */
  readonly caption: string
  readonly children: ReactNode
}): ReactNode {
  return (
    <section
      className="relative overflow-x-auto focus-visible:-outline-offset-2"
      tabIndex={0}
      aria-label={caption}
    >
      <table className="w-full border-collapse text-left text-sm">
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </section>
  )
}

/** A column's name. */
export function ColumnHead({ className = '', ...rest }: ComponentProps<'th'>): ReactNode {
  return (
    <th
      scope="col"
      className={`border-y bg-sunken px-5 py-2 text-xs font-medium whitespace-nowrap text-ink-soft ${className}`}
      {...rest}
    />
  )
}

/** One fact of a row. */
export function Cell({ className = '', ...rest }: ComponentProps<'td'>): ReactNode {
  return <td className={`border-b px-5 py-3 align-top ${className}`} {...rest} />
}
