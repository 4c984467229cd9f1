import { type ReactNode, useState } from 'react'
import type { Consents, ExperiencePurpose, Step } from '../../lib/web/experience.ts'
import type { ShownWords } from '../../lib/web/own-record.ts'
import type { Words } from '../../lib/words/create-words.ts'
import { Card, CardBody } from '../ui/card.tsx'
import { StepPanel } from './step-panel.tsx'

/** One purpose: what it is, where it stands, and a no and a yes that look alike. */
export function PurposeQuestion({
  purpose,
  parts,
  words,
  entry,
  under,
  step,
  isBusy,
  controller,
  contact,
  onAnswer,
  onAge,
  onAsk,
}: {
  readonly purpose: ExperiencePurpose
  readonly parts: readonly ExperiencePurpose[]
  readonly words: Words
  readonly entry: Consents['purposes'][number] | undefined
  /** The notice she was shown when she said so. */
  readonly under: ShownWords | undefined
  /** What must come before a yes counts. */
  readonly step: Step | null
  readonly isBusy: boolean
  readonly controller: string
  readonly contact: string
  readonly onAnswer: (isYes: boolean) => void
  /** She says yes, and her age is needed first. */
  readonly onAge: () => void
  /** A yes is to be confirmed by this mailbox; false where no letter could be sent. */
  readonly onAsk: (email: string) => Promise<boolean>
}): ReactNode {
  const [isAsking, setIsAsking] = useState(false)
  const state = entry?.state ?? 'never_asked'
  const id = `purpose-${purpose.key}`
  const date = entry?.since ? words.day(entry.since) : ''
  const waits = Boolean(entry?.waits_until)

  function say(isYes: boolean): void {
    const needsMore = isYes && step !== null
    setIsAsking(needsMore && step !== 'age' && state !== 'granted')
    if (!needsMore) onAnswer(isYes)
    else if (step === 'age') onAge()
  }

  async function ask(email: string): Promise<boolean> {
    const isSent = await onAsk(email)
    if (isSent) setIsAsking(false)
    return isSent
  }

  return (
    <Card
      aria-labelledby={id}
      data-purpose={purpose.key}
      data-state={purpose.is_asked ? state : 'always_on'}
      data-waits={waits ? '' : undefined}
    >
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
          <PurposeFacts purpose={purpose} words={words} />
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
                  onClick={() => say(isYes)}
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
            {waits ? (
              <p role="status" className="mt-1 text-xs">
                {words.say(step === 'guardian' ? 'guardianSent' : 'confirmWaiting')}
              </p>
            ) : null}
          </div>
        ) : (
          <p className="text-sm text-ink-soft sm:text-end">{words.say('alwaysOn')}</p>
        )}
      </CardBody>
      {isAsking && step !== null && step !== 'age' ? (
        <StepPanel {...{ step, purpose, controller, contact, words, isBusy }} onAsk={ask} />
      ) : null}
    </Card>
  )
}

/** What a purpose uses, who gets it, and for how long. */
export function PurposeFacts({
  purpose,
  words,
}: {
  readonly purpose: Pick<ExperiencePurpose, 'categories' | 'recipients' | 'retention'>
  readonly words: Words
}): ReactNode {
  const { say } = words
  return (
    <dl className="mt-3 flex flex-wrap gap-x-6 gap-y-1 text-xs text-ink-soft">
      <Fact name={say('data')} value={purpose.categories.join(', ')} />
      <Fact name={say('recipients')} value={purpose.recipients.join(', ') || say('nobody')} />
      <Fact name={say('retention')} value={purpose.retention} />
    </dl>
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
