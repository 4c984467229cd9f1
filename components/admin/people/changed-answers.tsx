import type { ReactNode } from 'react'
import type { ChangedAnswer } from '../../../lib/client/people.ts'
import { Badge } from '../../ui/badge.tsx'
import { inWords, whereText } from './words.ts'

/** Yes or no in a word. */
export function YesNo({ allowed }: { readonly allowed: boolean }): ReactNode {
  return <Badge tone={allowed ? 'positive' : 'negative'}>{allowed ? 'yes' : 'no'}</Badge>
}

/** Which answers something changed, and from what to what. */
export function ChangedAnswers({ changed }: { readonly changed: readonly ChangedAnswer[] }): ReactNode {
  if (changed.length === 0) return <p className="text-sm text-ink-soft">It changed no answer.</p>
  return (
    <ul className="grid gap-1.5 text-sm">
      {changed.map(({ purpose, property, before, after }) => (
        <li key={`${purpose} ${property}`} className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <span className="font-medium wrap-anywhere">{purpose}</span>
          <span className="text-ink-soft">{whereText(property)}:</span>
          <YesNo allowed={before.allowed} />
          <span className="text-xs text-ink-soft">{inWords(before.reason)}</span>
          <span aria-hidden>→</span>
          <span className="sr-only">became</span>
          <YesNo allowed={after.allowed} />
          <span className="text-xs text-ink-soft">{inWords(after.reason)}</span>
        </li>
      ))}
    </ul>
  )
}
