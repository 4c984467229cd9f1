import type { Metadata } from 'next'
import Script from 'next/script'
import type { ReactNode } from 'react'
import { DemoChat } from '../../components/demo/demo-chat.tsx'
import { PipelinePanel } from '../../components/demo/pipeline-panel.tsx'
import { Mark } from '../../components/site/mark.tsx'

export const metadata: Metadata = { title: 'Demo' }

/** A site that uses Assent: an assistant with thumbs, the banner, and what a pipeline is told meanwhile. */
export default function DemoPage(): ReactNode {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="border-b bg-surface">
        <div className="mx-auto flex h-14 max-w-5xl items-center justify-between gap-4 px-5">
          <p className="font-semibold tracking-tight">Kettle &amp; Quill</p>
          <a href="/" className="flex items-center gap-2 text-sm text-ink-soft hover:text-ink">
            <Mark className="size-4" /> a demo of Assent
          </a>
        </div>
      </header>
      <main className="mx-auto grid w-full max-w-5xl flex-1 gap-8 px-5 pt-8 pb-40 lg:grid-cols-[1.2fr_1fr]">
        <DemoChat />
        <PipelinePanel />
      </main>
      <Script src="/banner.js" data-property="demo" strategy="afterInteractive" />
    </div>
  )
}
