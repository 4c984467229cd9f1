import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { OpenApi } from '../../components/docs/open-api.ts'
import { OperationCard } from '../../components/docs/operation-card.tsx'
import { reasonTexts } from '../../components/docs/reason-texts.ts'
import { Page, PageTitle } from '../../components/site/page.tsx'
import { internalClient } from '../../lib/auth/next-auth.ts'

export const metadata: Metadata = { title: 'API' }
// The document is the running server's own.
export const dynamic = 'force-dynamic'

const order = ['Decisions', 'Consents', 'Configuration', 'Keys', 'Members', 'Evidence', 'People']

/** The API, readable: the same document as /openapi.json. */
export default async function DocsPage(): Promise<ReactNode> {
  const document = await internalClient().call<OpenApi>('GET', '/openapi.json')
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  return (
    <Page>
      <PageTitle title="API">
        <p>
          One question matters: may this data be used for this purpose, now? A yes and a no are both 200. A
          problem has a stable <code className="font-mono text-sm">code</code> and a page. The document itself
          is at {/* A file of the API, not a page. */}
          <a className="link" href="/openapi.json">
            /openapi.json
          </a>
          .
        </p>
      </PageTitle>
      <div className="grid gap-10 lg:grid-cols-[12rem_1fr]">
        <nav
          aria-label="On this page"
          className="hidden self-start text-sm lg:sticky lg:top-6 lg:grid lg:gap-1"
        >
          {[...order, 'Reasons'].map((tag) => (
            <a
              key={tag}
              href={`#${tag.toLowerCase()}`}
              className="rounded-control px-2 py-1 text-ink-soft hover:bg-sunken"
            >
              {tag}
            </a>
          ))}
        </nav>
        <div className="grid min-w-0 gap-10">
          {order.map((tag) => (
            <section key={tag} id={tag.toLowerCase()} aria-label={tag} className="scroll-mt-6">
              <h2 className="mb-3 text-xl font-semibold">{tag}</h2>
              <div className="grid gap-3">
                {operations
                  .filter(({ operation }) => operation.tags?.includes(tag))
                  .map((entry) => (
                    <OperationCard key={`${entry.method} ${entry.path}`} document={document} {...entry} />
                  ))}
              </div>
            </section>
          ))}
          <section id="reasons" aria-label="Reasons" className="scroll-mt-6">
            <h2 className="mb-3 text-xl font-semibold">Reasons</h2>
            <ul className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
              {Object.entries(reasonTexts).map(([reason, { title }]) => (
                <li key={reason} className="text-sm">
                  <Link href={`/docs/reasons/${reason}`} className="link font-mono text-xs">
                    {reason}
                  </Link>
                  <p className="text-ink-soft">{title}</p>
                </li>
              ))}
            </ul>
          </section>
        </div>
      </div>
    </Page>
  )
}
