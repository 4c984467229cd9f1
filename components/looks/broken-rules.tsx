import type { ReactNode } from 'react'
import type { BrokenRule } from './look-at-release.ts'

/** At most so many places are told of each rule: the rest are alike. */
const placesMax = 4

/** Which rules a browser found broken, where, by whose words they are rules, and how to mend it. */
export function BrokenRules({ broken }: { readonly broken: readonly BrokenRule[] }): ReactNode {
  return (
    <ul aria-label="Broken rules" className="grid gap-3 text-sm">
      {broken.map(({ experience, asks, source, mend, found }) => (
        <li key={`${experience} ${asks}`} className="grid gap-1 border-l-2 border-negative pl-3">
          <span>
            <span className="font-medium">{experience}</span>: {asks}
          </span>
          <span className="text-xs text-ink-soft">{source}</span>
          <ul className="grid gap-0.5 text-negative">
            {found.slice(0, placesMax).map((each) => (
              <li key={each} className="[overflow-wrap:anywhere]">
                {each}
              </li>
            ))}
          </ul>
          {found.length > placesMax ? <span>and on {found.length - placesMax} more pictures.</span> : null}
          {mend === undefined ? null : <span>{mend}</span>}
        </li>
      ))}
    </ul>
  )
}
