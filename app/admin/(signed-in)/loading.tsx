import type { ReactNode } from 'react'
import { Skeleton } from '../../../components/ui/skeleton.tsx'

/** What stands in a room's place until it has been read: of the shape that most rooms have. */
export default function Loading(): ReactNode {
  return (
    <div role="status" aria-label="Loading">
      <Skeleton className="h-8 w-40" />
      <Skeleton className="mt-2 mb-6 h-5 w-80 max-w-full" />
      <div className="grid gap-px overflow-hidden rounded-card border bg-surface">
        {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((row) => (
          <div key={row} className="flex gap-6 px-5 py-4">
            <Skeleton className="h-5 w-1/3" />
            <Skeleton className="h-5 w-1/4" />
            <Skeleton className="ml-auto h-5 w-24" />
          </div>
        ))}
      </div>
    </div>
  )
}
