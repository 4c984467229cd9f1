'use client'

import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Time } from '../ui/time.tsx'
import type { People } from './release-types.ts'
import type { Conflict, DraftState } from './use-draft.ts'

const said: Readonly<Record<DraftState, string>> = {
  saved: 'Saved',
  waiting: 'Not saved yet …',
  saving: 'Saving …',
  failed: 'Not saved',
  conflict: 'Not saved: somebody else has edited it',
}

/** Whether what is typed is stored; where somebody else was quicker, both, to choose from. */
export function DraftStateLine<Definition>({
  state,
  error,
  conflict,
  mine,
  people,
  onRetry,
  onResolve,
}: {
  readonly state: DraftState
  readonly error: string | undefined
  readonly conflict: Conflict<Definition> | undefined
  readonly mine: Definition
  readonly people: People
  readonly onRetry: () => void
  readonly onResolve: (choice: 'theirs' | 'mine') => void
}): ReactNode {
  return (
    <div className="mb-4">
      <p role="status" className={`text-sm ${state === 'saved' ? 'text-ink-soft' : 'text-caution'}`}>
        {said[state]}
        {error === undefined ? null : `: ${error}`}{' '}
        {state === 'failed' ? (
          <Button variant="outline" size="small" onClick={onRetry}>
            Try again
          </Button>
        ) : null}
      </p>
      {conflict === undefined ? null : (
        <section
          aria-label="Two versions"
          className="mt-3 grid gap-4 rounded-card border border-caution bg-caution-soft p-4"
        >
          <p className="text-sm">
            {conflict.theirs === null || conflict.theirs.definition === null ? (
              'It was taken out of the release while you edited it.'
            ) : (
              <>
                {people[conflict.theirs.edited_by] ?? 'Another member'} edited it on{' '}
                <Time at={conflict.theirs.edited_at} />, while you were editing. Nothing is lost: choose what
                stays.
              </>
            )}
          </p>
          <div className="grid gap-4 md:grid-cols-2">
            {conflict.theirs?.definition == null ? null : (
              <Version name="Theirs" definition={conflict.theirs.definition} />
            )}
            <Version name="Yours" definition={mine} />
          </div>
          <div className="flex flex-wrap gap-2">
            {conflict.theirs?.definition == null ? null : (
              <Button variant="outline" onClick={() => onResolve('theirs')}>
                Keep theirs
              </Button>
            )}
            <Button variant="outline" onClick={() => onResolve('mine')}>
              Keep mine
            </Button>
          </div>
        </section>
      )}
    </div>
  )
}

function Version({ name, definition }: { readonly name: string; readonly definition: unknown }): ReactNode {
  return (
    <div className="min-w-0">
      <p className="mb-1 text-xs font-medium">{name}</p>
      <pre
        tabIndex={0}
        className="max-h-72 overflow-auto rounded-control border bg-surface p-3 text-xs whitespace-pre-wrap"
      >
        {JSON.stringify(definition, null, 2)}
      </pre>
    </div>
  )
}
