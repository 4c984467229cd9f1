'use client'

import { type ReactNode, useState } from 'react'
import type { RequestTexts as Texts } from '../../../lib/client/people.ts'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../facts.tsx'
import { send } from '../send.ts'

/** Who asks and what was written, once it is asked for: that is written down. */
export function RequestTexts({ id }: { readonly id: string }): ReactNode {
  const [texts, setTexts] = useState<Texts>()
  const [error, setError] = useState<string>()
  if (texts === undefined) {
    return (
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button
          variant="outline"
          size="small"
          onClick={async () => {
            setError(undefined)
            try {
              setTexts(await send<Texts>('POST', `requests/${id}/texts`))
            } catch (cause) {
              setError((cause as Error).message)
            }
          }}
        >
          Show who asks, and what was written
        </Button>
        <span className="text-xs text-ink-soft">Written down with your name.</span>
        <span role="alert" className={error === undefined ? 'sr-only' : 'text-sm text-negative'}>
          {error}
        </span>
      </div>
    )
  }
  return (
    <div role="status" className="grid gap-4 rounded-card border bg-sunken p-4">
      <Facts facts={[{ name: 'Who asks', value: texts.identifier ?? 'not said' }]} />
      {texts.texts.map(({ revision, text, proof }) => (
        <div key={revision} className="grid gap-1 text-sm">
          <p className="text-xs text-ink-soft">At change {revision}</p>
          {text === undefined ? null : <p className="whitespace-pre-wrap wrap-anywhere">{text}</p>}
          {proof === undefined ? null : (
            <p className="whitespace-pre-wrap wrap-anywhere">
              Sent: {proof.text}
              {proof.reference === undefined ? '' : ` (reference ${proof.reference})`}
            </p>
          )}
        </div>
      ))}
    </div>
  )
}
