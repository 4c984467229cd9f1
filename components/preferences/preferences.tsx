'use client'

import { type ReactNode, useEffect } from 'react'
import { answer, partsOf, questions } from '../../lib/web/choices.ts'
import type { Experience, ExperiencePurpose } from '../../lib/web/experience.ts'
import { PageTitle } from '../site/page.tsx'
import { Button } from '../ui/button.tsx'
import { Card, CardBody } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { PurposeQuestion } from './purpose-question.tsx'
import { usePreferences } from './use-preferences.ts'
import { type PreferenceWords, preferenceWords } from './words.ts'

/** Every purpose with its yes and its no, equal in size; one button takes all back. */
export function Preferences({
  property,
  initialLocale,
}: {
  readonly property: string
  readonly initialLocale: string
}): ReactNode {
  const preferences = usePreferences(property, initialLocale)
  const { experience, status, notice } = preferences
  const words = preferenceWords(experience?.locale ?? initialLocale)
  const locale = experience?.locale
  useEffect(() => {
    if (locale) document.documentElement.lang = locale
  }, [locale])

  if (status === 'missing') return <EmptyState title={words.missing}>{words.missingText}</EmptyState>
  if (status === 'unreachable') {
    return (
      <EmptyState
        title={words.unreachable}
        action={<Button onClick={preferences.reload}>{words.retry}</Button>}
      >
        {''}
      </EmptyState>
    )
  }
  if (!experience) return <p role="status">{words.loading}</p>

  const group = (title: string, purposes: readonly ExperiencePurpose[], note?: string) =>
    purposes.length === 0 ? null : (
      <section className="mt-8" aria-label={title}>
        <h2 className="text-lg font-semibold">{title}</h2>
        {note ? <p className="text-sm text-ink-soft">{note}</p> : null}
        <div className="mt-3 grid gap-3">
          {purposes.map((purpose) => (
            <PurposeQuestion
              key={purpose.key}
              purpose={purpose}
              parts={partsOf(experience, purpose.key)}
              words={words}
              entry={preferences.entryOf(purpose.key)}
              isBusy={preferences.isBusy}
              locale={experience.locale}
              onAnswer={(isYes) =>
                void preferences.choose(
                  answer(experience, purpose.key, isYes, preferences.stateOf(purpose.key)),
                )
              }
            />
          ))}
        </div>
      </section>
    )
  const mayWithdraw = experience.purposes.some(({ key }) => preferences.stateOf(key) === 'granted')

  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-6">
        <PageTitle title={words.title}>
          <p>{words.intro}</p>
        </PageTitle>
        <Languages experience={experience} words={words} onPick={preferences.setLocale} />
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card border bg-surface px-5 py-4">
        <Button
          variant="outline"
          disabled={!mayWithdraw || preferences.isBusy}
          onClick={() => void preferences.withdrawAll()}
        >
          {words.withdrawAll}
        </Button>
        <p className="text-sm text-ink-soft">
          {mayWithdraw ? words.withdrawAllHint : words.nothingToWithdraw}
        </p>
      </div>
      <p
        role="status"
        className={`mt-3 min-h-6 text-sm ${notice === 'failed' ? 'text-negative' : 'text-positive'}`}
      >
        {notice === 'none' ? '' : words[notice]}
      </p>
      {experience.gpc.seen ? <p className="text-sm text-ink-soft">{gpcText(experience, words)}</p> : null}
      {group(words.training, questions(experience, 'ai_training'), words.apart)}
      {group(words.other, questions(experience, 'other'))}
      {group(
        words.needed,
        experience.purposes.filter((purpose) => !purpose.is_asked && purpose.rule !== 'prohibited'),
      )}
      <Words experience={experience} words={words} />
    </>
  )
}

function gpcText({ gpc, purposes }: Experience, words: PreferenceWords): string {
  const names = gpc.honoured_for.map((key) => purposes.find((purpose) => purpose.key === key)?.name ?? key)
  return `${words.gpc} ${names.join(', ') || '–'}`
}

function Languages({
  experience,
  words,
  onPick,
}: {
  readonly experience: Experience
  readonly words: PreferenceWords
  readonly onPick: (locale: string) => void
}): ReactNode {
  const nameOf = (tag: string) => new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag
  return (
    <fieldset className="mb-6 flex gap-1 rounded-control border bg-surface p-1">
      <legend className="sr-only">{words.language}</legend>
      {experience.locales.map((tag) => (
        <button
          key={tag}
          type="button"
          lang={tag}
          aria-pressed={tag === experience.locale}
          onClick={() => onPick(tag)}
          className="rounded-control px-3 py-1 text-sm text-ink-soft hover:text-ink aria-pressed:bg-sunken aria-pressed:text-ink"
        >
          {nameOf(tag)}
        </button>
      ))}
    </fieldset>
  )
}

/** The notice itself, with its version: what a yes refers to. */
function Words({
  experience,
  words,
}: {
  readonly experience: Experience
  readonly words: PreferenceWords
}): ReactNode {
  const { notice, controller } = experience
  return (
    <Card className="mt-10">
      <CardBody className="pt-5">
        <details>
          <summary className="font-medium">{words.whole}</summary>
          <div className="mt-3 grid gap-3 text-sm text-ink-soft">
            <h3 className="text-base font-semibold text-ink">{notice.title}</h3>
            {[...notice.body, notice.withdrawal, notice.rights].map((text) => (
              <p key={text}>{text}</p>
            ))}
            <p>
              {controller}, {notice.contact}
            </p>
            <p className="font-mono text-xs">
              {notice.key} {notice.version} ({experience.locale})
            </p>
          </div>
        </details>
      </CardBody>
    </Card>
  )
}
