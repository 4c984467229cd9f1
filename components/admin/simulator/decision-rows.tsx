import { Check, Minus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { SimulateAnswer } from '../../../lib/client/regime-types.ts'

const outcomes = {
  passed: { word: 'passed', icon: Check, look: 'text-positive' },
  failed: { word: 'failed', icon: X, look: 'text-negative' },
  not_reached: { word: 'not reached', icon: Minus, look: 'text-ink-faint' },
} as const

/** Every row of the decision in order: what must hold, whether it did, and what it saw. The first that fails decides. */
export function DecisionRows({ trace }: { readonly trace: SimulateAnswer['trace'] }): ReactNode {
  return (
    <ol className="border-t text-sm">
      {trace.map(({ row, rule, outcome, saw }) => {
        const { word, icon: Icon, look } = outcomes[outcome]
        return (
          <li
            key={row}
            className={`grid grid-cols-[1.25rem_1fr] gap-x-3 border-b px-5 py-2.5 last:border-b-0 sm:grid-cols-[1.25rem_6rem_1fr_1fr] ${
              outcome === 'failed' ? 'bg-negative-soft' : ''
            }`}
          >
            <Icon aria-hidden className={`mt-0.5 size-4 ${look}`} />
            <span
              className={`max-sm:col-start-2 ${outcome === 'not_reached' ? 'text-ink-faint' : `font-medium ${look}`}`}
            >
              <span className="text-ink-faint tabular-nums">{row}</span> {word}
            </span>
            <span className={`max-sm:col-start-2 ${outcome === 'not_reached' ? 'text-ink-faint' : ''}`}>
              {rule}
            </span>
            <span className="min-w-0 text-ink-soft [overflow-wrap:anywhere] max-sm:col-start-2">{saw}</span>
          </li>
        )
      })}
    </ol>
  )
}
