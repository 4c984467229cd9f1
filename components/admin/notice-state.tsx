import type { ReactNode } from 'react'
import type { NoticeListed } from '../../lib/client/client.ts'
import { Badge } from '../ui/badge.tsx'

/** Whether a version of a notice is in force, was replaced or withdrawn, or was struck. */
export function NoticeState({
  notice,
}: {
  readonly notice: Pick<NoticeListed, 'is_invalidated' | 'in_force_until'>
}): ReactNode {
  if (notice.is_invalidated) return <Badge tone="negative">struck</Badge>
  if (notice.in_force_until === null) return <Badge tone="positive">in force</Badge>
  return <Badge>no longer shown</Badge>
}
