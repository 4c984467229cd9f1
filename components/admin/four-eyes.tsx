'use client'

import type { ReactNode } from 'react'
import type { PublicationSettings } from '../../lib/client/releases.ts'
import { Choice } from '../ui/choice.tsx'
import { useSend } from './use-send.ts'

const options = [
  { value: 'auto', name: 'as soon as there are two owners or officers' },
  { value: 'on', name: 'always' },
  { value: 'off', name: 'never' },
]

/** Whether another person approves what is published; an owner settles it. */
export function FourEyes({
  settings: { four_eyes: fourEyes, is_four_eyes: isOn },
  mayChange,
}: {
  readonly settings: PublicationSettings
  readonly mayChange: boolean
}): ReactNode {
  const { error, act } = useSend()
  return (
    <div className="grid max-w-md gap-2 text-sm">
      {mayChange ? (
        <Choice
          label="Another person approves each release"
          options={options}
          value={fourEyes}
          onChange={({ target }) =>
            act(
              'PUT',
              'settings/publication',
              { four_eyes: target.value },
              'It is settled, and written down.',
            )
          }
        />
      ) : (
        <p>
          Another person approves each release:{' '}
          <span className="font-medium">{options.find(({ value }) => value === fourEyes)?.name}</span>
        </p>
      )}
      <p className="text-ink-soft">
        {isOn ? 'Now one more person approves.' : 'Now one person may publish.'} What turns a no into a yes
        takes two people, whatever is settled here.
      </p>
      <p role="alert" className={error === undefined ? 'sr-only' : 'text-negative'}>
        {error}
      </p>
    </div>
  )
}
