import type { ReactNode } from 'react'
import { Badge } from '../ui/badge.tsx'
import type { TextRow } from './compare-notices.ts'
import type { Piece } from './compare-words.ts'

/** The words of two versions, part by part: side by side on a laptop, in one column on a phone. */
export function TextDifferences({
  rows,
  locale,
  names,
}: {
  readonly rows: readonly TextRow[]
  readonly locale: string
  /** Of the two versions, in order. */
  readonly names: readonly [string, string]
}): ReactNode {
  return (
    <>
      <div
        aria-hidden
        className="hidden grid-cols-2 border-y bg-sunken text-xs font-medium text-ink-soft lg:grid"
      >
        {names.map((name) => (
          <p key={name} className="px-5 py-2">
            {name}
          </p>
        ))}
      </div>
      {rows.map(({ name, pieces, differs }) => (
        <section
          key={name}
          aria-label={name}
          className="border-t first:border-t-0 lg:[&:nth-child(2)]:border-t-0"
        >
          <h3 className="flex items-center gap-2 px-5 pt-3 text-xs text-ink-soft">
            {name} {differs ? <Badge tone="caution">differs</Badge> : null}
          </h3>
          {differs ? (
            <>
              <p lang={locale} dir="auto" className="px-5 pt-1 pb-4 text-sm lg:hidden">
                <Pieces pieces={pieces} />
              </p>
              <div lang={locale} className="hidden grid-cols-2 text-sm lg:grid">
                {(['inserted', 'deleted'] as const).map((left, index) => (
                  <p key={left} dir="auto" className="px-5 pt-1 pb-4">
                    <span className="sr-only">{names[index]}: </span>
                    <Pieces pieces={pieces.filter(({ kind }) => kind !== left)} />
                  </p>
                ))}
              </div>
            </>
          ) : (
            <p lang={locale} dir="auto" className="max-w-prose px-5 pt-1 pb-4 text-sm text-ink-soft">
              <Pieces pieces={pieces} />
            </p>
          )}
        </section>
      ))}
    </>
  )
}

/** Words as they are, the changed ones marked. */
export function Pieces({ pieces }: { readonly pieces: readonly Piece[] }): ReactNode {
  if (pieces.length === 0) return <span className="text-ink-faint">nothing</span>
  return pieces.map(({ kind, text }, index) => {
    const Mark = kind === 'same' ? 'span' : kind === 'inserted' ? 'ins' : 'del'
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one comparison do not move
      <Mark key={index} className={kind === 'same' ? 'whitespace-pre-wrap' : 'marked whitespace-pre-wrap'}>
        {text}
      </Mark>
    )
  })
}
