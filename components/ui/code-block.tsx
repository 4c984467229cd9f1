'use client'

import { Check, Copy } from 'lucide-react'
import { type ReactNode, useState } from 'react'

/** Text to read or take along as it stands. */
export function CodeBlock({ label, code }: { readonly label: string; readonly code: string }): ReactNode {
  const [isCopied, setIsCopied] = useState(false)
  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(code)
    setIsCopied(true)
    setTimeout(() => setIsCopied(false), 2_000)
  }
  return (
    <figure className="overflow-hidden rounded-card border bg-sunken">
      <figcaption className="flex items-center justify-between gap-4 border-b px-4 py-1.5 text-xs text-ink-soft">
        <span>{label}</span>
        <button
          type="button"
          onClick={copy}
          className="inline-flex items-center gap-1.5 rounded-control px-2 py-1 hover:bg-surface hover:text-ink"
        >
          {isCopied ? <Check aria-hidden className="size-3.5" /> : <Copy aria-hidden className="size-3.5" />}
          <span aria-live="polite">{isCopied ? 'Copied' : 'Copy'}</span>
        </button>
      </figcaption>
      <pre
        className="overflow-x-auto px-4 py-3 font-mono text-xs leading-relaxed focus-visible:-outline-offset-2"
        tabIndex={0}
      >
        <code>{code}</code>
      </pre>
    </figure>
  )
}
