'use client'

import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { InlineChoice, InlineInput } from './inline-choice.tsx'
import type { SimulatorOptions } from './simulator-form.tsx'
import { type SaidState, type SaidWord, saidWords } from './state.ts'

/** What an act came to, where that is not what it says. */
const statusTexts: Readonly<Record<string, string>> = {
  unproven: 'cannot be proved',
  superseded: 'changes nothing: she has said no since',
  void: 'void: she could not say it',
}

/** One thing she said: when, what, about what, by whom, after which words. */
export function SaidRow({
  said,
  index,
  options,
  status,
  onChange,
  onRemove,
}: {
  readonly said: SaidState
  readonly index: number
  readonly options: SimulatorOptions
  readonly status: string | undefined
  readonly onChange: (part: Partial<SaidState>) => void
  readonly onRemove: () => void
}): ReactNode {
  const named = (label: string) => `${label}, ${index + 1}`
  return (
    <li className="flex flex-wrap items-center gap-2 rounded-control bg-sunken p-3 text-sm">
      <span>On</span>
      <InlineInput
        label={named('Day')}
        type="date"
        required
        value={said.at}
        onChange={({ target }) => target.value !== '' && onChange({ at: target.value })}
      />
      <InlineChoice
        label={named('Who said it')}
        options={[
          { value: 'subject', name: 'she' },
          { value: 'guardian', name: 'her guardian' },
        ]}
        value={said.by}
        onChange={({ target }) => onChange({ by: target.value === 'guardian' ? 'guardian' : 'subject' })}
      />
      <InlineChoice
        label={named('What was said')}
        options={Object.entries(saidWords).map(([value, name]) => ({ value, name }))}
        value={said.did}
        onChange={({ target }) => onChange({ did: target.value as SaidWord })}
      />
      <span>to</span>
      <InlineChoice
        label={named('About which purpose')}
        options={options.purposes}
        value={said.on}
        onChange={({ target }) => onChange({ on: target.value })}
      />
      <span>on</span>
      <InlineChoice
        label={named('On which property')}
        options={[{ value: '', name: 'no site named' }, ...options.properties]}
        value={said.where}
        onChange={({ target }) => onChange({ where: target.value })}
      />
      <span>, shown</span>
      <InlineChoice
        label={named('Which notice was shown')}
        options={[{ value: '', name: 'nothing' }, ...options.notices]}
        value={said.shown}
        onChange={({ target }) => onChange({ shown: target.value })}
      />
      {status === undefined ? null : (
        <Badge tone={status in statusTexts ? 'caution' : status === 'granted' ? 'positive' : 'neutral'}>
          {statusTexts[status] ?? status.replaceAll('_', ' ')}
        </Badge>
      )}
      <Button
        variant="quiet"
        size="small"
        className="ml-auto"
        onClick={onRemove}
        aria-label={`Remove what was said, ${index + 1}`}
      >
        <X aria-hidden className="size-4" />
      </Button>
    </li>
  )
}
