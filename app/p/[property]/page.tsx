import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Preferences } from '../../../components/preferences/preferences.tsx'
import { Page } from '../../../components/site/page.tsx'

export const metadata: Metadata = { title: 'Your privacy choices' }

/** Where a person sees and changes what she agreed to. It speaks to the API from her browser, with her token. */
export default async function PreferencePage({
  params,
}: {
  readonly params: Promise<{ readonly property: string }>
}): Promise<ReactNode> {
  const { property } = await params
  if (!/^[a-z0-9][a-z0-9_-]{0,62}$/.test(property)) notFound()
  const language = (await headers()).get('accept-language')?.split(',')[0] ?? 'en'
  return (
    <Page width="reading">
      <Preferences property={property} initialLocale={language} />
    </Page>
  )
}
