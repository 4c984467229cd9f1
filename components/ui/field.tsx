'use client'

import { type ComponentProps, type ReactNode, useId } from 'react'

/** A labelled line of input; its hint and its error are read with it. */
export function Field({
  label,
  hint,
  error,
  ...rest
}: ComponentProps<'input'> & {
  readonly label: string
  readonly hint?: string
  readonly error?: string | undefined
}): ReactNode {
  const id = useId()
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div className="grid min-w-0 gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        className="h-10 w-full min-w-0 rounded-control border border-edge bg-surface px-3 text-base placeholder:text-ink-faint aria-invalid:border-negative"
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
