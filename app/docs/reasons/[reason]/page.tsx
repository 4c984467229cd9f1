import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { reasonTexts } from '../../../../components/docs/reason-texts.ts'
import { Page, PageTitle } from '../../../../components/site/page.tsx'
import { Badge } from '../../../../components/ui/badge.tsx'
import { permitReasons, type Reason } from '../../../../lib/domain/reasons.ts'

type Props = { readonly params: Promise<{ readonly reason: string }> }

export const dynamicParams = false

export function generateStaticParams(): { reason: string }[] {
  return Object.keys(reasonTexts).map((reason) => ({ reason }))
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).reason }
}

/** What one reason of a decision means and what can change it. */
export default async function ReasonPage({ params }: Props): Promise<ReactNode> {
  const { reason } = await params
  if (!Object.hasOwn(reasonTexts, reason)) notFound()
  const { title, what, next } = reasonTexts[reason as Reason]
  const isPermit = (permitReasons as readonly string[]).includes(reason)
  return (
    <Page width="reading">
      <p className="mb-2 text-sm text-ink-soft">
        <Link href="/docs#reasons" className="link">
          API
        </Link>{' '}
        / reasons
      </p>
      <PageTitle title={title}>
        <p className="flex items-center gap-2">
          <Badge tone={isPermit ? 'positive' : 'negative'}>{isPermit ? 'Yes' : 'No'}</Badge>
          <code className="font-mono text-sm">{reason}</code>
        </p>
      </PageTitle>
      <p>{what}</p>
      <h2 className="mt-6 font-semibold">What can change it</h2>
      <p className="text-ink-soft">{next}</p>
    </Page>
  )
}
