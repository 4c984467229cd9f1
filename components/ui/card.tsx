import type { ComponentProps, ReactNode } from 'react'

/** A surface that holds one thing. */
export function Card({ className = '', ...rest }: ComponentProps<'section'>): ReactNode {
  return <section className={`rounded-card border bg-surface shadow-card ${className}`} {...rest} />
}

/** A card's name, what it is about, and at most one action. */
export function CardHeader({
  title,
  description,
  action,
  level: Heading = 'h2',
}: {
  readonly title: ReactNode
  readonly description?: ReactNode
  readonly action?: ReactNode
  readonly level?: 'h2' | 'h3'
}): ReactNode {
  return (
    <header className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3 px-5 pt-5 pb-4">
      <div className="min-w-0">
        <Heading className="text-base font-semibold">{title}</Heading>
        {description ? <p className="mt-0.5 text-sm text-ink-soft">{description}</p> : null}
      </div>
      {action}
    </header>
  )
}

/** What a card holds. */
export function CardBody({ className = '', ...rest }: ComponentProps<'div'>): ReactNode {
  return <div className={`px-5 pb-5 ${className}`} {...rest} />
}
