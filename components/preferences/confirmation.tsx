import { type ReactNode, useState } from 'react'
import type { ConfirmationAnswered, OwnRecord, WaitingYes } from '../../lib/web/own-record.ts'
import type { Words } from '../../lib/words/create-words.ts'
import { directionOf } from '../../lib/words/negotiate.ts'
import { PageTitle } from '../site/page.tsx'
import { Button } from '../ui/button.tsx'
import { Card, CardBody } from '../ui/card.tsx'
import { PurposeFacts } from './purpose-question.tsx'

/**
 * What a letter asks whoever reads it: a yes that somebody gave, in the words she was shown, with a no and a yes that look
 * alike. Opening it has said nothing. It tells neither who asked nor anything else of her.
 */
export function Confirmation({
  of,
  code,
  own,
  words,
  onLeave,
}: {
  readonly of: WaitingYes
  readonly code: string
  readonly own: OwnRecord
  readonly words: Words
  readonly onLeave: () => void
}): ReactNode {
  const { say } = words
  const [told, setTold] = useState<ConfirmationAnswered['outcome'] | 'spent' | 'failed' | 'sending'>()
  const { purposes, notice, controller, kind } = of

  async function answer(confirms: boolean): Promise<void> {
    setTold('sending')
    setTold(
      await own.answerConfirmation(code, confirms).then(
        ({ outcome }) => outcome,
        (error: { readonly status?: number }) =>
          error.status === 401 || error.status === 410 ? 'spent' : 'failed',
      ),
    )
  }

  const isOver = told === 'confirmed' || told === 'refused' || told === 'without_effect' || told === 'spent'
  const text =
    told === 'confirmed'
      ? say('confirmed')
      : told === 'refused'
        ? say('saved')
        : told === 'failed' || told === 'without_effect'
          ? say('failed')
          : say('linkSpent')
  const isGood = told === 'confirmed' || told === 'refused'
  const answers = [
    { confirms: false, name: say('no') },
    { confirms: true, name: kind === 'guardian' ? say('yes') : say('confirm') },
  ]
  return (
    <div data-confirmation={kind} data-told={told ?? 'nothing'}>
      <PageTitle title={say(kind === 'guardian' ? 'guardianTitle' : 'confirmTitle')}>
        <p>{controller}</p>
      </PageTitle>
      <Card>
        <CardBody className="grid gap-5 pt-5">
          {isOver ? null : (
            <p>{say('confirmText', { name: words.list(purposes.map(({ name }) => name)) })}</p>
          )}
          <ul className="grid gap-4" lang={notice.locale} dir={directionOf(notice.locale)}>
            {purposes.map((purpose) => (
              <li key={purpose.key}>
                <h2 className="font-semibold">{purpose.name}</h2>
                <p className="mt-1 text-sm text-ink-soft">{purpose.description}</p>
                <PurposeFacts purpose={purpose} words={words} />
              </li>
            ))}
          </ul>
          <details>
            <summary className="cursor-pointer text-sm font-medium">{say('whole')}</summary>
            <div
              lang={notice.locale}
              dir={directionOf(notice.locale)}
              className="mt-3 grid gap-2 text-sm text-ink-soft"
            >
              <p className="font-medium text-ink">{notice.title}</p>
              {[...notice.body, notice.withdrawal, notice.rights].map((paragraph) => (
                <p key={paragraph}>{paragraph}</p>
              ))}
              <p className="font-mono text-xs">
                {notice.key} {notice.version} ({notice.locale})
              </p>
            </div>
          </details>
          <p className="text-sm text-ink-soft" lang={notice.locale}>
            {controller}, {notice.contact}
          </p>
          {isOver ? null : (
            <fieldset className="grid max-w-md grid-cols-2 gap-2">
              <legend className="sr-only">{say('confirmTitle')}</legend>
              {answers.map(({ confirms, name }) => (
                <button
                  key={name}
                  type="button"
                  disabled={told === 'sending'}
                  data-answer={confirms ? 'yes' : 'no'}
                  onClick={() => void answer(confirms)}
                  className="min-h-11 rounded-control border border-edge bg-surface px-3 font-medium hover:bg-sunken"
                >
                  {name}
                </button>
              ))}
            </fieldset>
          )}
        </CardBody>
      </Card>
      <p role="status" className={`mt-4 min-h-6 text-sm ${isGood ? 'text-positive' : 'text-negative'}`}>
        {told === undefined || told === 'sending' ? '' : text}
      </p>
      {isOver ? (
        <Button variant="outline" className="mt-2" onClick={onLeave}>
          {say('choices')}
        </Button>
      ) : null}
    </div>
  )
}
