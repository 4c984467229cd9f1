import type { ReactNode } from 'react'
import type { RoomListed } from '../../lib/client/evidence-types.ts'
import { Badge } from '../ui/badge.tsx'

const states = {
  open: { tone: 'positive', word: 'open' },
  expired: { tone: 'neutral', word: 'run out' },
  revoked: { tone: 'negative', word: 'closed' },
} as const

/** Whether a room's link still opens it. */
export function RoomState({ room }: { readonly room: Pick<RoomListed, 'state'> }): ReactNode {
  const { tone, word } = states[room.state]
  return <Badge tone={tone}>{word}</Badge>
}
