import Link from 'next/link'
import type { ComponentProps } from 'react'

const base =
  'inline-flex items-center justify-center gap-2 rounded-control text-sm font-medium whitespace-nowrap ' +
  'transition-colors disabled:opacity-55 disabled:cursor-not-allowed'

const variants = {
  solid: 'bg-solid text-on-solid hover:bg-solid-hover',
  outline: 'border border-edge bg-surface text-ink hover:bg-sunken',
  quiet: 'text-ink-soft hover:bg-sunken hover:text-ink',
  danger: 'border border-negative bg-surface text-negative hover:bg-negative-soft',
} as const

const sizes = { medium: 'h-10 px-4', small: 'h-8 px-3', large: 'h-12 px-6 text-base' } as const

type Look = { readonly variant?: keyof typeof variants; readonly size?: keyof typeof sizes }

function look({ variant = 'solid', size = 'medium' }: Look): string {
  return `${base} ${variants[variant]} ${sizes[size]}`
}

/** Does something. `type` is `button` unless told: a stray submit is worse than a button that does nothing. */
export function Button({
  variant,
  size,
  className = '',
  ...rest
}: ComponentProps<'button'> & Look): React.ReactNode {
  return (
    <button
      type="button"
      className={`${look({ ...(variant && { variant }), ...(size && { size }) })} ${className}`}
      {...rest}
    />
  )
}

/** Goes somewhere, and looks like a button. */
export function ButtonLink({
  variant,
  size,
  className = '',
  ...rest
}: ComponentProps<typeof Link> & Look): React.ReactNode {
  return (
    <Link
      className={`${look({ ...(variant && { variant }), ...(size && { size }) })} ${className}`}
      {...rest}
    />
  )
}
