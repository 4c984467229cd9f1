import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { errorTexts } from '../../../../components/docs/error-texts.ts'
import { Page, PageTitle } from '../../../../components/site/page.tsx'
import type { ErrorCode } from '../../../../lib/domain/errors.ts'

type Props = { readonly params: Promise<{ readonly code: string }> }

export const dynamicParams = false

export function generateStaticParams(): { code: string }[] {
  return Object.keys(errorTexts).map((code) => ({ code }))
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).code }
}

/** What one error means and what to do; its address is the `type` of the problem. */
export default async function ErrorPage({ params }: Props): Promise<ReactNode> {
  const { code } = await params
  if (!Object.hasOwn(errorTexts, code)) notFound()
  const { what, why, fix } = errorTexts[code as ErrorCode]
  return (
    <Page width="reading">
      <p className="mb-2 text-sm text-ink-soft">
        <Link href="/docs" className="link">
          API
        </Link>{' '}
        / errors
      </p>
      <PageTitle title={code}>
        <p>{what}</p>
      </PageTitle>
      <dl className="grid gap-5">
        <div>
          <dt className="font-semibold">Why</dt>
          <dd className="text-ink-soft">{why}</dd>
        </div>
        <div>
          <dt className="font-semibold">What to do</dt>
          <dd className="text-ink-soft">{fix}</dd>
        </div>
      </dl>
    </Page>
  )
}
