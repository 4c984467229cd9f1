import type { ReactNode } from 'react'

const tones = {
  neutral: 'bg-sunken text-ink-soft',
  positive: 'bg-positive-soft text-positive',
  negative: 'bg-negative-soft text-negative',
  caution: 'bg-caution-soft text-caution',
  accent: 'bg-accent-soft text-accent',
} as const

export type Tone = keyof typeof tones

/** A state in a word. The word carries it; the colour only helps. */
export function Badge({
  tone = 'neutral',
  children,
}: {
  readonly tone?: Tone
  readonly children: ReactNode
}): ReactNode {
  return (
    <span
      className={`inline-flex items-center rounded-full px-2 py-px text-xs font-medium whitespace-nowrap ${tones[tone]}`}
    >
      {children}
    </span>
  )
}
