import type { ReactNode } from 'react'
import type { Consents, ExperiencePurpose } from '../../lib/web/experience.ts'
import type { ShownWords } from '../../lib/web/own-record.ts'
import type { Words } from '../../lib/words/create-words.ts'
import { Card, CardBody } from '../ui/card.tsx'

/** One purpose: what it is, where it stands, and a no and a yes that look alike. */
export function PurposeQuestion({
  purpose,
  parts,
  words,
  entry,
  under,
  isBusy,
  onAnswer,
}: {
  readonly purpose: ExperiencePurpose
  readonly parts: readonly ExperiencePurpose[]
  readonly words: Words
  readonly entry: Consents['purposes'][number] | undefined
  /** The notice she was shown when she said so. */
  readonly under: ShownWords | undefined
  readonly isBusy: boolean
  readonly onAnswer: (isYes: boolean) => void
}): ReactNode {
  const state = entry?.state ?? 'never_asked'
  const id = `purpose-${purpose.key}`
  const date = entry?.since ? words.day(entry.since) : ''
  return (
    <Card aria-labelledby={id} data-purpose={purpose.key} data-state={purpose.is_asked ? state : 'always_on'}>
      <CardBody className="grid gap-4 pt-5 sm:grid-cols-[1fr_13rem] sm:gap-8">
        <div>
          <h3 id={id} className="font-semibold">
            <bdi>{purpose.name}</bdi>
          </h3>
          <p className="mt-1 text-sm text-ink-soft">
            <bdi>{purpose.necessity ?? purpose.description}</bdi>
          </p>
          {parts.length > 0 ? (
            <p className="mt-2 text-sm text-ink-soft">
              {words.say('covers')}: {words.list(parts.map(({ name }) => name))}.
            </p>
          ) : null}
          <dl className="mt-3 flex flex-wrap gap-x-6 gap-y-1 text-xs text-ink-soft">
            <Fact name={words.say('data')} value={purpose.categories.join(', ')} />
            <Fact
              name={words.say('recipients')}
              value={purpose.recipients.join(', ') || words.say('nobody')}
            />
            <Fact name={words.say('retention')} value={purpose.retention} />
          </dl>
        </div>
        {purpose.is_asked ? (
          <div>
            <fieldset className="grid grid-cols-2 gap-2">
              <legend className="sr-only">{purpose.name}</legend>
              {[false, true].map((isYes) => (
                <button
                  key={String(isYes)}
                  type="button"
                  disabled={isBusy}
                  aria-pressed={state === (isYes ? 'granted' : 'refused')}
                  data-answer={isYes ? 'yes' : 'no'}
                  onClick={() => onAnswer(isYes)}
                  className="h-11 rounded-control border border-edge bg-surface font-medium hover:bg-sunken aria-pressed:border-solid aria-pressed:bg-solid aria-pressed:text-on-solid"
                >
                  {isYes ? words.say('yes') : words.say('no')}
                </button>
              ))}
            </fieldset>
            <p className="mt-1.5 text-xs text-ink-soft">
              {state === 'granted'
                ? words.say('grantedSince', { date })
                : state === 'refused'
                  ? words.say('refusedSince', { date })
                  : words.say('never')}
              {under === undefined || state === 'never_asked' ? null : (
                <span className="block">
                  {words.say('underVersion', { notice: under.text.title, version: under.version })}
                </span>
              )}
            </p>
          </div>
        ) : (
          <p className="text-sm text-ink-soft sm:text-end">{words.say('alwaysOn')}</p>
        )}
      </CardBody>
    </Card>
  )
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <div className="flex gap-1.5">
      <dt className="font-medium text-ink">{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
