import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Preferences } from '../../../components/preferences/preferences.tsx'
import { Page } from '../../../components/site/page.tsx'
import { acceptedTags } from '../../../lib/words/negotiate.ts'
import { wordsFor } from '../../../lib/words/words.ts'

type Props = {
  readonly params: Promise<{ readonly property: string }>
  readonly searchParams: Promise<{ readonly lang?: string | readonly string[] }>
}

/** What she asks for, best first: what she picked on the page, then what her browser sends. */
async function wantedTags(searchParams: Props['searchParams']): Promise<readonly string[]> {
  const picked = [(await searchParams).lang ?? []].flat()
  return [...picked, ...acceptedTags((await headers()).get('accept-language') ?? '')]
}

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  return { title: wordsFor(...(await wantedTags(searchParams))).say('prefTitle') }
}

/** Where a person sees and changes what she agreed to. It speaks to the API from her browser, with her token. */
export default async function PreferencePage({ params, searchParams }: Props): Promise<ReactNode> {
  const { property } = await params
  if (!/^[a-z0-9][a-z0-9_-]{0,62}$/.test(property)) notFound()
  const wanted = await wantedTags(searchParams)
  const { locale, messages } = wordsFor(...wanted)
  return (
    <Page width="reading">
      <Preferences property={property} asked={wanted[0] ?? locale} locale={locale} messages={messages} />
    </Page>
  )
}
