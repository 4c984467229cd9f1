import type { ReactNode } from 'react'
import type { PurposeListed } from '../../../lib/client/client.ts'
import { Badge } from '../../ui/badge.tsx'

export const isAiTraining = (key: string) => key === 'ai_training' || key.startsWith('ai_training.')

/** What is special about a purpose, each in a word or two. */
export function PurposeFlags({ purpose }: { readonly purpose: PurposeListed }): ReactNode {
  return (
    <span className="inline-flex flex-wrap gap-1">
      {purpose.is_retired ? <Badge tone="negative">retired</Badge> : null}
      {isAiTraining(purpose.key) ? <Badge tone="accent">asked on its own</Badge> : null}
      {purpose.saleOrSharing ? <Badge tone="caution">sale or sharing</Badge> : null}
      {purpose.automatedDecisions ? <Badge tone="caution">decides about people</Badge> : null}
      {purpose.needsCollectedAt ? <Badge>asks when collected</Badge> : null}
      {purpose.needsConfirmation === true ? <Badge>confirmed by mail</Badge> : null}
    </span>
  )
}
