'use client'

import { type ComponentProps, type ReactNode, useId } from 'react'

/** A labelled choice of one. */
export function Choice({
  label,
  options,
  isLabelHidden = false,
  ...rest
}: ComponentProps<'select'> & {
  readonly label: string
  readonly options: readonly { readonly value: string; readonly name: string }[]
  /** Read aloud, not shown: where a column says what it is. */
  readonly isLabelHidden?: boolean
}): ReactNode {
  const id = useId()
  return (
    <div className="grid min-w-0 gap-1.5">
      <label htmlFor={id} className={isLabelHidden ? 'sr-only' : 'text-sm font-medium'}>
        {label}
      </label>
      <select
        id={id}
        className="h-10 w-full min-w-0 rounded-control border border-edge bg-surface px-2 text-sm text-ink"
        {...rest}
      >
        {options.map(({ value, name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}
