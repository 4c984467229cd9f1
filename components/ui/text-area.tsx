'use client'

import { type ComponentProps, type ReactNode, useId } from 'react'

/** A labelled field of several lines, which grows with what is in it. */
export function TextArea({
  label,
  hint,
  error,
  ...rest
}: ComponentProps<'textarea'> & {
  readonly label: string
  readonly hint?: string
  readonly error?: string | undefined
}): ReactNode {
  const id = useId()
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <textarea
        id={id}
        className="field-sizing-content min-h-20 w-full rounded-control border border-edge bg-surface px-3 py-2 text-sm placeholder:text-ink-faint aria-invalid:border-negative"
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
        {...rest}
      />
      {hint ? (
        <p id={`${id}-hint`} className="text-xs text-ink-soft">
          {hint}
        </p>
      ) : null}
      {error ? (
        <p id={`${id}-error`} className="text-xs text-negative">
          {error}
        </p>
      ) : null}
    </div>
  )
}
