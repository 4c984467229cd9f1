'use client'

import Link from 'next/link'
import { type ReactNode, useEffect, useMemo } from 'react'
import { answer, partsOf, questions } from '../../lib/web/choices.ts'
import type { Experience, ExperiencePurpose } from '../../lib/web/experience.ts'
import type { OwnHistory, ShownWords } from '../../lib/web/own-record.ts'
import { createWords, type Messages, type Words } from '../../lib/words/create-words.ts'
import { directionOf } from '../../lib/words/negotiate.ts'
import { PageTitle } from '../site/page.tsx'
import { Button } from '../ui/button.tsx'
import { Card, CardBody } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { AgeQuestion, focusAge } from './age-question.tsx'
import { Confirmation } from './confirmation.tsx'
import { History, wordsFor } from './history.tsx'
import { MailLink, OwnTools } from './own-tools.tsx'
import { PurposeQuestion } from './purpose-question.tsx'
import { usePreferences } from './use-preferences.ts'
import { WhoHasStopped } from './who-has-stopped.tsx'

/** Every purpose with its yes and its no, equal in size; one button takes all back. */
export function Preferences({
  property,
  asked,
  locale,
  messages,
}: {
  readonly property: string
  /** The language she asks for, as a BCP 47 tag: of the notice, the nearest to it is shown. */
  readonly asked: string
  /** The language of `messages`: what the page itself says. */
  readonly locale: string
  readonly messages: Messages
}): ReactNode {
  const words = useMemo(() => createWords(locale, messages), [locale, messages])
  useDocumentLanguage(words)
  return (
    <div lang={locale} dir={words.direction}>
      <Choices property={property} asked={asked} words={words} />
    </div>
  )
}

/** The document speaks the page's language as long as she is on it. */
function useDocumentLanguage({ locale, direction }: Words): void {
  useEffect(() => {
    const { documentElement: root } = document
    const before = { lang: root.lang, dir: root.dir }
    Object.assign(root, { lang: locale, dir: direction })
    return () => void Object.assign(root, before)
  }, [locale, direction])
}

function Choices({
  property,
  asked,
  words,
}: {
  readonly property: string
  readonly asked: string
  readonly words: Words
}): ReactNode {
  const preferences = usePreferences(property, asked)
  const { experience, status, notice, arrival, own, history } = preferences
  const { say } = words

  if (arrival.as === 'link') {
    return (
      <EmptyState
        title={say('prefTitle')}
        action={
          <Button size="large" onClick={() => void preferences.open(arrival.code)}>
            {say('linkOpen')}
          </Button>
        }
      >
        {say('linkOpenText', { address: arrival.address })}
      </EmptyState>
    )
  }
  if (arrival.as === 'confirmation') {
    return (
      <Confirmation
        {...{ of: arrival.of, code: arrival.code, own, words }}
        onLeave={() => preferences.end('device')}
      />
    )
  }
  if (arrival.as === 'spent') {
    return (
      <>
        <EmptyState
          title={say('prefTitle')}
          action={
            <Button variant="outline" onClick={() => preferences.end('device')}>
              {say('choices')}
            </Button>
          }
        >
          {say('linkSpent')}
        </EmptyState>
        <MailLink own={own} locale={asked} words={words} />
      </>
    )
  }

  if (status === 'missing') return <EmptyState title={say('missing')}>{say('missingText')}</EmptyState>
  if (status === 'unreachable' || arrival.as === 'unreachable') {
    return (
      <EmptyState
        title={say('unreachable')}
        action={<Button onClick={() => void preferences.reload()}>{say('retry')}</Button>}
      >
        {''}
      </EmptyState>
    )
  }
  if (!experience) return <p role="status">{say('loading')}</p>

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
              under={shownFor(history, purpose.key)}
              step={preferences.stepOf(purpose.key)}
              isBusy={preferences.isBusy}
              controller={experience.controller}
              contact={experience.notice.contact}
              onAge={focusAge}
              onAsk={(email) =>
                preferences.askConfirmation(
                  [purpose.key, ...partsOf(experience, purpose.key).map(({ key }) => key)],
                  email,
                )
              }
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
  const token = preferences.tokenNow()
  const mayWithdraw = experience.purposes.some(
    ({ key }) => preferences.stateOf(key) === 'granted' || preferences.entryOf(key)?.waits_until,
  )
  const asksAge =
    preferences.age !== null || experience.purposes.some(({ key }) => preferences.stepOf(key) === 'age')

  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-6">
        <PageTitle title={say('prefTitle')}>
          <p>{say('prefIntro')}</p>
          {arrival.as === 'device' ? <p className="mt-2 text-sm">{say('oneDevice')}</p> : null}
        </PageTitle>
        <Languages experience={experience} words={words} />
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-card border bg-surface px-5 py-4 print:hidden">
        <Button
          variant="outline"
          disabled={!mayWithdraw || preferences.isBusy}
          onClick={() => void preferences.withdrawAll()}
        >
          {say('withdrawAll')}
        </Button>
        <p className="text-sm text-ink-soft">
          {mayWithdraw ? say('withdrawAllHint') : say('nothingToWithdraw')}
        </p>
      </div>
      <p
        role="status"
        className={`mt-3 min-h-6 text-sm ${notice === 'failed' ? 'text-negative' : 'text-positive'}`}
      >
        {notice === 'none' ? '' : say(notice)}
      </p>
      <WhoHasStopped own={own} token={token} revision={preferences.revision} words={words} />
      {experience.gpc.seen ? (
        <p className="text-sm text-ink-soft">
          {say('gpcHonoured')} {say('gpcFor', { names: gpcNames(experience, words) })}
        </p>
      ) : null}
      {asksAge ? (
        <AgeQuestion
          {...{ age: preferences.age, words, isBusy: preferences.isBusy }}
          onSay={preferences.sayAge}
        />
      ) : null}
      {group(say('training'), questions(experience, 'ai_training'), say('apart'))}
      {group(say('other'), questions(experience, 'other'))}
      {group(
        say('needed'),
        experience.purposes.filter((purpose) => !purpose.is_asked && purpose.rule !== 'prohibited'),
      )}
      <NoticeWords experience={experience} words={words} />
      {token === undefined ? null : (
        <>
          <History of={history} words={words} />
          <OwnTools own={own} token={token} property={property} locale={asked} words={words} />
        </>
      )}
      <MailLink own={own} locale={asked} words={words} />
    </>
  )
}

/** The words she was shown when she last said something about a purpose. */
function shownFor(history: OwnHistory | undefined, purpose: string): ShownWords | undefined {
  const last = history?.history.find(({ purposes }) => purposes.some(({ key }) => key === purpose))
  return last && wordsFor(history, last.notice)
}

function gpcNames({ gpc, purposes }: Experience, words: Words): string {
  return words.list(gpc.honoured_for.map((key) => purposes.find((each) => each.key === key)?.name ?? key))
}

/** The languages that the notice speaks; each is an address of its own, so the page comes in it from the server. */
function Languages({
  experience,
  words,
}: {
  readonly experience: Experience
  readonly words: Words
}): ReactNode {
  const nameOf = (tag: string) => new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag
  return (
    <nav
      aria-label={words.say('language')}
      className="mb-6 flex flex-wrap gap-1 rounded-control border bg-surface p-1 print:hidden"
    >
      {experience.locales.map((tag) => (
        <Link
          key={tag}
          href={`?lang=${encodeURIComponent(tag)}`}
          replace
          scroll={false}
          prefetch={false}
          lang={tag}
          hrefLang={tag}
          aria-current={tag === experience.locale ? 'true' : undefined}
          className="rounded-control px-3 py-1 text-sm text-ink-soft hover:text-ink aria-[current]:bg-sunken aria-[current]:text-ink"
        >
          {nameOf(tag)}
        </Link>
      ))}
    </nav>
  )
}

/** The notice itself, with its version: what a yes refers to. */
function NoticeWords({
  experience,
  words,
}: {
  readonly experience: Experience
  readonly words: Words
}): ReactNode {
  const { notice, controller } = experience
  return (
    <Card className="mt-10">
      <CardBody className="pt-5">
        <details>
          <summary className="font-medium">{words.say('whole')}</summary>
          <div
            lang={experience.locale}
            dir={directionOf(experience.locale)}
            className="mt-3 grid gap-3 text-sm text-ink-soft"
          >
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
