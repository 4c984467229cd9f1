import Link from 'next/link'
import type { ReactNode } from 'react'
import { languages } from '../../lib/words/languages.ts'
import { nearest } from '../../lib/words/negotiate.ts'
import { languageTitle } from '../admin/language-name.ts'
import { Badge } from '../ui/badge.tsx'

/** What stands around an officer's own text in a language: Assent's words, and whether a speaker has read them. */
export function WordsStatusLine({ locale }: { readonly locale: string }): ReactNode {
  const tag = nearest(
    languages.map((language) => language.tag),
    locale,
  )
  const isReviewed = languages.some((language) => language.tag === tag && language.status === 'reviewed')
  return (
    <p className="mb-4 flex flex-wrap items-baseline gap-x-2 gap-y-1 text-xs text-ink-soft">
      {tag === undefined ? (
        <>
          <Badge tone="caution">in English</Badge>
          Assent does not speak {languageTitle(locale)}: its own words around this text come in English.
        </>
      ) : isReviewed ? (
        <>
          <Badge tone="positive">reviewed</Badge>
          Assent’s own words around this text in {languageTitle(tag)} have been reviewed.
        </>
      ) : (
        <>
          <Badge tone="caution">draft</Badge>
          No speaker of {languageTitle(tag)} has read Assent’s own words around this text yet.
        </>
      )}
      <Link href="/admin/settings/languages" className="link">
        Languages
      </Link>
    </p>
  )
}
