import type { ComponentProps, ReactNode } from 'react'

/** On a phone each row is a block of its own, its cells below each other with their names. */
const stacked =
  'max-md:block max-md:[&_thead]:sr-only max-md:[&_tbody]:block max-md:[&_tr]:block max-md:[&_tr]:border-b ' +
  'max-md:[&_tr]:py-2 max-md:[&_td]:block max-md:[&_td]:border-0 max-md:[&_td]:py-1 max-md:[&_td]:text-left ' +
  'max-md:[&_td:empty]:hidden max-md:[&_td[data-label]]:flex max-md:[&_td[data-label]]:items-baseline ' +
  'max-md:[&_td[data-label]]:justify-between max-md:[&_td[data-label]]:gap-4 ' +
  'max-md:[&_td[data-label]>div]:text-right max-md:[&_td[data-label]]:before:shrink-0 ' +
  'max-md:[&_td[data-label]]:before:text-xs max-md:[&_td[data-label]]:before:text-ink-soft ' +
  'max-md:[&_td[data-label]]:before:content-[attr(data-label)]'

/**
 * Rows of like things. Scrolls sideways by itself where it does not fit, reachable by keyboard; with `isStacked` a phone
 * shows each row as a block, for which its cells say their `label`.
 */
export function Table({
  caption,
  isStacked = false,
  children,
}: {
  /** Read aloud; not shown. */
  readonly caption: string
  readonly isStacked?: boolean
  readonly children: ReactNode
}): ReactNode {
  return (
    <section
      className="relative overflow-x-auto focus-visible:-outline-offset-2"
      tabIndex={0}
      aria-label={caption}
    >
      <table className={`w-full border-collapse text-left text-sm ${isStacked ? stacked : ''}`}>
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

/** One fact of a row; `label` names it where the table is stacked and its column's name is not to be seen. */
export function Cell({
  className = '',
  label,
  children,
  ...rest
}: ComponentProps<'td'> & { readonly label?: string }): ReactNode {
  const isEmpty = children === null || children === undefined || children === ''
  return (
    <td className={`border-b px-5 py-3 align-top ${className}`} data-label={label} {...rest}>
      {label === undefined || isEmpty ? children : <div className="min-w-0">{children}</div>}
    </td>
  )
}
