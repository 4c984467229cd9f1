'use client'

import { Switch as Radix } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'

/** On or off, at once. Off unless told. */
export function Switch({ className = '', ...rest }: ComponentProps<typeof Radix.Root>): ReactNode {
  return (
    <Radix.Root
      className={`group inline-flex h-6 w-11 shrink-0 items-center rounded-full border border-edge bg-sunken p-[3px] transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:opacity-55 ${className}`}
      {...rest}
    >
      <Radix.Thumb className="block size-4 rounded-full bg-edge transition-transform group-data-[state=checked]:translate-x-5 group-data-[state=checked]:bg-on-accent" />
    </Radix.Root>
  )
}
