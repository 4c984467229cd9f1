'use client'

import { type FormEvent, type ReactNode, useId } from 'react'
import { languageName } from '../admin/language-name.ts'
import { Button } from '../ui/button.tsx'
import { WordsStatusLine } from './words-status.tsx'

/** The languages of a draft: one is open, another can be added or taken out; and what Assent itself says in it. */
export function LocaleTabs({
  locales,
  open,
  onOpen,
  onAdd,
  onRemove,
}: {
  readonly locales: readonly string[]
  readonly open: string
  readonly onOpen: (locale: string) => void
  readonly onAdd: (locale: string) => void
  readonly onRemove: (locale: string) => void
}): ReactNode {
  const id = useId()
  const add = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const locale = String(new FormData(event.currentTarget).get('locale')).trim()
    event.currentTarget.reset()
    if (/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(locale) && !locales.includes(locale)) onAdd(locale)
  }
  return (
    <>
      <div className="mb-3 flex flex-wrap items-end justify-between gap-3 border-b pb-3">
        <fieldset className="flex flex-wrap gap-1">
          <legend className="sr-only">Language</legend>
          {locales.map((locale) => (
            <Button
              key={locale}
              variant={locale === open ? 'solid' : 'quiet'}
              size="small"
              aria-pressed={locale === open}
              onClick={() => onOpen(locale)}
            >
              {languageName(locale)}
            </Button>
          ))}
          {locales.length > 1 ? (
            <Button
              variant="quiet"
              size="small"
              aria-label={`Take out ${languageName(open)}`}
              onClick={() => onRemove(open)}
            >
              Take out
            </Button>
          ) : null}
        </fieldset>
        <form onSubmit={add} className="flex items-center gap-2">
          <label htmlFor={id} className="text-xs text-ink-soft">
            Another language
          </label>
          <input
            id={id}
            name="locale"
            placeholder="fr"
            size={5}
            pattern="[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
            title="A language tag such as fr or pt-BR"
            className="h-8 rounded-control border border-edge bg-surface px-2 text-sm"
          />
          <Button type="submit" variant="outline" size="small">
            Add
          </Button>
        </form>
      </div>
      <WordsStatusLine locale={open} />
    </>
  )
}
