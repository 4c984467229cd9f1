import Link from 'next/link'
import type { ReactNode } from 'react'

/** Views of one page, each with an address of its own. */
export function LinkRow({
  label,
  current,
  links,
}: {
  readonly label: string
  readonly current: string
  readonly links: readonly { readonly id: string; readonly name: string; readonly href: string }[]
}): ReactNode {
  return (
    <nav aria-label={label} className="mb-4 flex flex-wrap gap-1">
      {links.map(({ id, name, href }) => (
        <Link
          key={id}
          href={href}
          scroll={false}
          aria-current={id === current ? 'page' : undefined}
          className="rounded-control px-3 py-1.5 text-sm whitespace-nowrap text-ink-soft hover:bg-sunken hover:text-ink aria-[current=page]:bg-sunken aria-[current=page]:font-medium aria-[current=page]:text-ink"
        >
          {name}
        </Link>
      ))}
    </nav>
  )
}
