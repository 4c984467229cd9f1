'use client'

import type { ReactNode } from 'react'

/** A named group of things, any of which may be chosen; nothing is chosen unless told. */
export function CheckList({
  legend,
  name,
  options,
  hint,
}: {
  readonly legend: string
  readonly name: string
  readonly options: readonly { readonly value: string; readonly name: string }[]
  readonly hint?: string
}): ReactNode {
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      {hint ? <p className="text-xs text-ink-soft">{hint}</p> : null}
      <div className="grid gap-x-6 sm:grid-cols-2">
        {options.map(({ value, name: label }) => (
          <label key={value} className="flex min-h-8 items-center gap-2 text-sm">
            <input type="checkbox" name={name} value={value} className="size-4 accent-accent" />
            <span className="wrap-anywhere">{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
