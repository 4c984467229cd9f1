'use client'

import type { ReactNode } from 'react'
import type { NoticeListed } from '../../lib/client/client.ts'
import { Tabs } from '../ui/tabs.tsx'
import { languageName } from './language-name.ts'

/** A notice as people read it, language by language. */
export function NoticeTexts({ texts }: { readonly texts: NoticeListed['texts'] }): ReactNode {
  return (
    <Tabs
      label="Languages"
      tabs={Object.entries(texts).map(([locale, text]) => ({
        id: locale,
        name: languageName(locale),
        content: (
          <article lang={locale} dir="auto" className="grid max-w-prose gap-3 text-sm">
            <h3 className="text-lg font-semibold">{text.title}</h3>
            {[...text.body, text.withdrawal, text.rights].map((paragraph, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: what is published never changes its order
              <p key={index}>{paragraph}</p>
            ))}
            <p className="text-ink-soft">
              {text.controller}, {text.contact}
            </p>
          </article>
        ),
      }))}
    />
  )
}
