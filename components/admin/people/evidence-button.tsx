'use client'

import { type ReactNode, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../facts.tsx'
import { send } from '../send.ts'

type Opened = { readonly evidence: Readonly<Record<string, unknown>>; readonly matches_log: boolean }

/** Opens what was sealed with an event. It says first that the look is written down. */
export function EvidenceButton({
  subject,
  seq,
}: {
  readonly subject: string
  readonly seq: number
}): ReactNode {
  const [opened, setOpened] = useState<Opened>()
  const [error, setError] = useState<string>()
  if (opened === undefined) {
    return (
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button
          variant="outline"
          size="small"
          onClick={async () => {
            setError(undefined)
            try {
              setOpened(await send<Opened>('POST', `subjects/${subject}/events/${seq}/evidence`))
            } catch (cause) {
              setError((cause as Error).message)
            }
          }}
        >
          Open the evidence
        </Button>
        <span className="text-xs text-ink-soft">Written down with your name.</span>
        <span role="alert" className={error === undefined ? 'sr-only' : 'text-sm text-negative'}>
          {error}
        </span>
      </div>
    )
  }
  const facts = Object.entries(opened.evidence).filter(([, value]) => value !== null && value !== undefined)
  return (
    <div role="status" className="grid gap-3 rounded-card border bg-sunken p-4">
      {facts.length === 0 ? <p className="text-sm">Nothing was sealed with it but its salt.</p> : null}
      <Facts
        facts={facts.map(([name, value]) => ({
          name,
          value: typeof value === 'string' ? value : JSON.stringify(value),
        }))}
      />
      <p className={`text-xs ${opened.matches_log ? 'text-ink-soft' : 'text-negative'}`}>
        {opened.matches_log
          ? 'Event and salt give the hash that the log committed to.'
          : 'Event and salt do not give the hash of the log: one of them was changed.'}
      </p>
    </div>
  )
}
