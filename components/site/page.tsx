import type { ReactNode } from 'react'
import { SiteHeader } from './site-header.tsx'

const widths = { reading: 'max-w-3xl', wide: 'max-w-5xl' } as const

/** The frame of a public page: skip link, head, one main region, foot. */
export function Page({
  width = 'wide',
  children,
}: {
  readonly width?: keyof typeof widths
  readonly children: ReactNode
}): ReactNode {
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        lang="en"
        className="absolute left-4 -top-16 z-50 rounded-control bg-solid px-4 py-2 text-sm text-on-solid focus:top-3"
      >
        Skip to the content
      </a>
      <SiteHeader />
      <main id="main" className={`mx-auto w-full flex-1 px-5 py-10 sm:py-14 ${widths[width]}`}>
        {children}
      </main>
      <footer lang="en" dir="ltr" className="border-t print:hidden">
        <p className="mx-auto max-w-5xl px-5 py-6 text-xs text-ink-faint">
          Assent. Consent that can be given, proved and taken back with equal ease.
        </p>
      </footer>
    </div>
  )
}

/** A page's name and what it is for. */
export function PageTitle({
  title,
  children,
}: {
  readonly title: string
  readonly children?: ReactNode
}): ReactNode {
  return (
    <div className="mb-8 max-w-2xl">
      <h1 className="text-3xl font-semibold tracking-tight sm:text-4xl">{title}</h1>
      {children ? <div className="mt-3 text-ink-soft">{children}</div> : null}
    </div>
  )
}
