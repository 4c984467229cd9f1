'use client'

import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { RoomSeen } from '../../lib/client/evidence-types.ts'
import { Card } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { Time } from '../ui/time.tsx'
import { RoomAnswer } from './room-answer.tsx'

type Visit = RoomSeen | { readonly title: string; readonly words: string } | undefined

/** Looks into the room whose token stands behind # in the address: no server’s log has seen it. */
export function RoomVisit(): ReactNode {
  const [visit, setVisit] = useState<Visit>()
  const hasBegun = useRef(false)
  useEffect(() => {
    // Each look is counted: one a page, however often it is drawn.
    if (hasBegun.current) return
    hasBegun.current = true
    void lookInto(window.location.hash.slice(1)).then(setVisit)
  }, [])

  if (visit === undefined) {
    return (
      <p role="status" className="text-sm text-ink-soft">
        Opening the room …
      </p>
    )
  }
  if ('title' in visit) {
    return (
      <Card>
        <EmptyState title={visit.title}>{visit.words}</EmptyState>
      </Card>
    )
  }
  return (
    <>
      <p className="mb-6 text-sm text-ink-soft">
        From {visit.content.organisation}. This link works until <Time at={visit.expires_at} />. The
        organisation sees when it was opened, and from which network.
      </p>
      <RoomAnswer content={visit.content} sha256={visit.content_sha256} />
    </>
  )
}

async function lookInto(token: string): Promise<Visit> {
  if (token === '') {
    return {
      title: 'This link is not whole',
      words: 'Open it exactly as you were given it, with all that follows #.',
    }
  }
  try {
    const response = await fetch('/v1/public/rooms', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token }),
      cache: 'no-store',
    })
    const answer = (await response.json()) as RoomSeen & { code?: string; detail?: string }
    if (response.ok) return answer
    if (answer.code === 'room_closed') {
      return {
        title: answer.detail ?? '',
        words: 'It shows nothing any more. Ask whoever gave you the link for a new one.',
      }
    }
    if (response.status === 429) {
      return { title: 'Too many at once', words: 'Please wait a minute, and load this page again.' }
    }
    return { title: 'There is no such room', words: 'Open the link exactly as you were given it.' }
  } catch {
    return { title: 'The server cannot be reached', words: 'Please load this page again.' }
  }
}
