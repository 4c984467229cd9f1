import type { ReactNode } from 'react'
import type { RequestListed } from '../../../lib/client/people.ts'
import { Badge } from '../../ui/badge.tsx'
import { stateTexts } from './request-words.ts'

/** Where a request stands; an overdue one says so. */
export function RequestState({ request }: { readonly request: RequestListed }): ReactNode {
  if (request.is_overdue) return <Badge tone="negative">Overdue</Badge>
  if (request.state === 'open') return <Badge tone="accent">Open</Badge>
  return (
    <Badge tone={request.state === 'answered' ? 'positive' : 'neutral'}>{stateTexts[request.state]}</Badge>
  )
}
