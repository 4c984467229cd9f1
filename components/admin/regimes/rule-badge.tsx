import type { ReactNode } from 'react'
import type { RuleWord } from '../../../lib/client/regime-types.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'

/** Each rule in a word, and what it means for people. */
export const ruleTexts: Readonly<Record<RuleWord, { name: string; tone: Tone; means: string }>> = {
  opt_in: { name: 'opt-in', tone: 'positive', means: 'only after a yes' },
  opt_out: { name: 'opt-out', tone: 'caution', means: 'unless she says no' },
  notice_only: { name: 'notice only', tone: 'neutral', means: 'once people were told' },
  prohibited: { name: 'prohibited', tone: 'negative', means: 'never' },
}

/** A rule in its word; the colour only helps. */
export function RuleBadge({ rule }: { readonly rule: RuleWord }): ReactNode {
  return <Badge tone={ruleTexts[rule].tone}>{ruleTexts[rule].name}</Badge>
}

/** What the colours mean. */
export function RuleLegend(): ReactNode {
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-xs text-ink-soft">
      {Object.entries(ruleTexts).map(([rule, { means }]) => (
        <li key={rule} className="flex items-center gap-2">
          <RuleBadge rule={rule as RuleWord} /> {means}
        </li>
      ))}
    </ul>
  )
}
