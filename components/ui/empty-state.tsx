import type { ReactNode } from 'react'

/** Says that there is nothing, why, and what would change that. */
export function EmptyState({
  title,
  children,
  action,
}: {
  readonly title: string
  readonly children: ReactNode
  readonly action?: ReactNode
}): ReactNode {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-12 text-center">
      <p className="font-medium">{title}</p>
      <p className="max-w-md text-sm text-ink-soft">{children}</p>
      {action ? <div className="mt-3">{action}</div> : null}
    </div>
  )
}
