import type { ReactNode } from 'react'
import type { FlipExample } from '../../lib/client/flip-report.ts'
import { Time } from '../ui/time.tsx'

/** Single questions, folded until someone wants to see them. */
export function FlipExamples({ examples }: { readonly examples: readonly FlipExample[] }): ReactNode {
  if (examples.length === 0) return null
  return (
    <details className="mt-2">
      <summary className="cursor-pointer text-sm text-ink-soft hover:text-ink">
        {examples.length === 1 ? 'An example' : `${examples.length} examples`}
      </summary>
      <ul className="mt-2 grid gap-2">
        {examples.map((example, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two questions may be alike in everything, and none moves
          <li key={index} className="rounded-control bg-sunken px-3 py-2 text-xs break-words">
            <p>{questionText(example)}</p>
            <p className="mt-1 text-ink-soft">
              Asked <Time at={example.asked_at} />, {example.route}
              {example.subject === null ? null : (
                <>
                  , about <code>{example.subject}</code>
                </>
              )}
              {example.data === 'new' ? '. Changes only for data collected from now on.' : '.'}
            </p>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** What was asked, in a sentence. */
function questionText(example: FlipExample): string {
  const { purpose, property, categories, recipient, regime, source_purpose, collected_at } = example
  const parts = [
    `May data be used for ${purpose}`,
    property === null ? '' : `on ${property}`,
    categories === null ? '' : `of the categories ${categories.join(', ')}`,
    recipient === null ? '' : `by ${recipient}`,
    regime === null ? '' : `under ${regime}`,
    source_purpose === null ? '' : `collected for ${source_purpose}`,
    collected_at === null ? 'now' : `collected ${collected_at.slice(0, 10)}`,
  ]
  return `${parts.filter((part) => part !== '').join(', ')}?`
}
