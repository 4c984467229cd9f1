import type { ReactNode } from 'react'
import type { CompletenessCheck } from '../../lib/client/client.ts'
import { Badge } from '../ui/badge.tsx'

const outcomes = {
  missing: { word: 'missing', tone: 'negative' },
  to_read: { word: 'read it', tone: 'caution' },
  met: { word: 'met', tone: 'positive' },
} as const
const order = ['missing', 'to_read', 'met'] as const

/** What a notice must say and whether this one does: what is missing first, each with its source. */
export function NoticeCompleteness({ checks }: { readonly checks: readonly CompletenessCheck[] }): ReactNode {
  return (
    <ul>
      {order.flatMap((outcome) =>
        checks
          .filter((each) => each.outcome === outcome)
          .map(({ check, asks, source, findings }) => (
            <li key={check} className="flex items-start gap-4 border-t px-5 py-3 text-sm">
              <span className="w-20 shrink-0">
                <Badge tone={outcomes[outcome].tone}>{outcomes[outcome].word}</Badge>
              </span>
              <div className="min-w-0">
                <p className={outcome === 'met' ? '' : 'font-medium'}>{asks}</p>
                {findings.map((finding) => (
                  <p key={finding} className="text-ink-soft">
                    {finding}
                  </p>
                ))}
                <p className="text-xs text-ink-faint">{source}</p>
              </div>
            </li>
          )),
      )}
    </ul>
  )
}

/** The same in a sentence. */
export function completenessSentence(checks: readonly CompletenessCheck[]): string {
  const count = (outcome: CompletenessCheck['outcome']) =>
    checks.filter((each) => each.outcome === outcome).length
  const parts = [
    `${count('met')} of ${checks.length} met`,
    ...(count('missing') === 0 ? [] : [`${count('missing')} missing`]),
    ...(count('to_read') === 0 ? [] : [`${count('to_read')} for a reader to judge`]),
  ]
  return `${parts.join(', ')}. A version in force keeps its words: publish the next one to mend them.`
}
