'use client'

import type { ReactNode } from 'react'
import type { NoticeListed } from '../../lib/client/client.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Tabs } from '../ui/tabs.tsx'

/** Opens a notice's words, language by language. */
export function NoticeWords({ notice }: { readonly notice: NoticeListed }): ReactNode {
  const name = `${notice.key} ${notice.version}`
  return (
    <Dialog
      title={name}
      description={`SHA-256 ${notice.sha256}`}
      trigger={
        <Button variant="outline" size="small" aria-label={`Read ${name}`}>
          Read
        </Button>
      }
    >
      <Tabs
        label="Languages"
        tabs={Object.entries(notice.texts).map(([locale, text]) => ({
          id: locale,
          name: locale,
          content: (
            <div lang={locale} className="grid gap-3 text-sm">
              <h2 className="text-lg font-semibold">{text.title}</h2>
              {[...text.body, text.withdrawal, text.rights].map((paragraph) => (
                <p key={paragraph}>{paragraph}</p>
              ))}
              <p className="text-ink-soft">
                {text.controller}, {text.contact}
              </p>
            </div>
          ),
        }))}
      />
    </Dialog>
  )
}
