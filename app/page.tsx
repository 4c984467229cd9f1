import { ArrowRight } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { Page } from '../components/site/page.tsx'
import { ButtonLink } from '../components/ui/button.tsx'
import { CodeBlock } from '../components/ui/code-block.tsx'

const question = `curl -s localhost:3000/v1/check \\
  -H "Authorization: Bearer $ASSENT_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"subject":"user:alice","purpose":"ai_training",
       "collected_at":"2026-11-23T10:00:00Z"}'`

const answer = `{
  "allowed": false,
  "reason": "consent_withdrawn",
  "because": "Withdrawn 21 Nov 2026 10:04 UTC; shown notice starter 1 (en).",
  "revision": "0:18"
}`

const ways = [
  {
    href: '/demo',
    name: 'Demo',
    text: 'A site with a banner. Say yes to AI training, watch a pipeline be allowed, take it back in one click.',
  },
  {
    href: '/p/demo',
    name: 'Preferences',
    text: 'Where a person reads what was asked, sees her answers and changes any of them.',
  },
  {
    href: '/docs',
    name: 'API',
    text: 'Every route with its fields, every reason for a no, every error, in plain words.',
  },
  {
    href: '/admin',
    name: 'Admin',
    text: 'Purposes, notices and the newest events, for those who answer for them.',
  },
]

/** What Assent is, and where to go. */
export default function Home(): ReactNode {
  return (
    <Page>
      <div className="grid items-center gap-10 lg:grid-cols-[1.05fr_1fr]">
        <div>
          <h1 className="text-4xl leading-[1.1] font-semibold tracking-tight sm:text-5xl">
            May this data be used for this purpose, now?
          </h1>
          <p className="mt-5 max-w-xl text-lg text-ink-soft">
            Assent answers that question for every system that holds people’s data. It keeps the consent
            behind each answer as versioned, tamper-evident records, and gives people banners and pages where
            yes and no are equally easy. AI training is always a question of its own.
          </p>
          <div className="mt-7 flex flex-wrap gap-3">
            <ButtonLink href="/demo" size="large">
              Try the demo
            </ButtonLink>
            <ButtonLink href="/docs" size="large" variant="outline">
              Read the API
            </ButtonLink>
          </div>
        </div>
        <div className="grid min-w-0 gap-3">
          <CodeBlock label="A pipeline asks" code={question} />
          <CodeBlock label="and is answered" code={answer} />
        </div>
      </div>
      <nav aria-label="Where to go" className="mt-14 grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        {ways.map((way) => (
          <Link
            key={way.href}
            href={way.href}
            className="group rounded-card border bg-surface p-5 shadow-card transition-colors hover:border-edge"
          >
            <span className="flex items-center justify-between font-medium">
              {way.name}
              <ArrowRight
                aria-hidden
                className="size-4 text-ink-faint transition-transform group-hover:translate-x-0.5"
              />
            </span>
            <span className="mt-1.5 block text-sm text-ink-soft">{way.text}</span>
          </Link>
        ))}
      </nav>
    </Page>
  )
}
