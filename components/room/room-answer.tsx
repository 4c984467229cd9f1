import type { ReactNode } from 'react'
import type { RoomContent } from '../../lib/client/evidence-types.ts'
import { Badge } from '../ui/badge.tsx'
import { Card, CardBody, CardHeader } from '../ui/card.tsx'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'

type Answer = NonNullable<RoomContent['answer']['as_known_then']>

/** What a room shows: the question, the answer row by row, the words, the events, and what is withheld. */
export function RoomAnswer({
  content,
  sha256,
}: {
  readonly content: RoomContent
  readonly sha256: string
}): ReactNode {
  const { question, answer, words, events, withheld, sealed_at } = content
  const { as_known_then: then, as_known_now: now } = answer
  const isOtherNow = then?.reason !== now?.reason || then?.allowed !== now?.allowed
  return (
    <div className="grid gap-6">
      <Card>
        <CardHeader
          title="The question"
          description={`May ${content.organisation} use this person’s data for ${question.purpose}?`}
        />
        <CardBody>
          <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[9rem_1fr]">
            <Fact name="Purpose">{question.purpose}</Fact>
            <Fact name="Property">{question.property ?? 'the whole organisation'}</Fact>
            <Fact name="Moment">
              <Time at={question.at} hasSeconds />
            </Fact>
            <Fact name="Person">
              <code className="font-mono text-xs">{question.subject}</code>
            </Fact>
            <Fact name="Sealed">
              <Time at={sealed_at} hasSeconds />
            </Fact>
            <Fact name="SHA-256">
              <code className="font-mono text-xs">{sha256}</code>
            </Fact>
          </dl>
        </CardBody>
      </Card>
      <AnswerCard title="The answer at that moment" answer={then} />
      {isOtherNow ? (
        <AnswerCard title="The answer about that moment, with what was told later" answer={now} />
      ) : null}
      <Card>
        <CardHeader title="The words shown" />
        <CardBody className="grid gap-6">
          {words.length === 0 ? <p className="text-sm">No notice was shown.</p> : null}
          {words.map((each) => (
            <Words key={`${each.key} ${each.version} ${each.locale}`} words={each} />
          ))}
        </CardBody>
      </Card>
      <Card className="overflow-hidden">
        <CardHeader
          title="The events"
          description="Each hash covers the event and the one before it in the organisation’s log."
        />
        {events.length === 0 ? (
          <CardBody>Nothing had been recorded.</CardBody>
        ) : (
          <EventRows events={events} />
        )}
      </Card>
      <Card>
        <CardHeader title="What is withheld" />
        <CardBody>
          <ul className="grid list-disc gap-1 pl-5 text-sm">
            {withheld.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </CardBody>
      </Card>
    </div>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <div className="contents">
      <dt className="text-ink-soft max-sm:-mb-1.5">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  )
}

const outcomes = {
  passed: { tone: 'positive', word: 'holds' },
  failed: { tone: 'negative', word: 'does not hold' },
  not_reached: { tone: 'neutral', word: 'not reached' },
} as const

function AnswerCard({
  title,
  answer,
}: {
  readonly title: string
  readonly answer: Answer | null
}): ReactNode {
  if (answer === null) {
    return (
      <Card>
        <CardHeader
          title={title}
          description="Nothing was configured yet: every question was answered with no."
        />
      </Card>
    )
  }
  return (
    <Card className="overflow-hidden">
      <CardHeader
        title={title}
        description={answer.because}
        action={
          <Badge tone={answer.allowed ? 'positive' : 'negative'}>{answer.allowed ? 'yes' : 'no'}</Badge>
        }
      />
      <Table caption={title}>
        <thead>
          <tr>
            {['Must hold', 'Outcome', 'What was seen'].map((name) => (
              <ColumnHead key={name}>{name}</ColumnHead>
            ))}
          </tr>
        </thead>
        <tbody>
          {answer.rows.map(({ row, rule, outcome, saw }) => (
            <tr key={row}>
              <Cell className="min-w-56">{rule}</Cell>
              <Cell>
                <Badge tone={outcomes[outcome].tone}>{outcomes[outcome].word}</Badge>
              </Cell>
              <Cell className="min-w-48 text-ink-soft">{saw}</Cell>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  )
}

function Words({ words }: { readonly words: RoomContent['words'][number] }): ReactNode {
  const { key, version, locale, sha256, text, approval } = words
  return (
    <article className="text-sm">
      <h3 className="font-medium">
        {key} {version} <span className="text-ink-soft">({locale})</span>
      </h3>
      <div lang={locale} className="my-3 grid gap-2 border-l-2 pl-4">
        {text.title === undefined ? null : <p className="font-medium">{text.title}</p>}
        {[...(text.body ?? []), text.withdrawal, text.rights, text.controller, text.contact].map(
          (each, at) =>
            // Paragraphs of a sealed text: their place is what they are.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            each === undefined ? null : <p key={at}>{each}</p>,
        )}
      </div>
      <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[9rem_1fr]">
        <Fact name="SHA-256">
          <code className="font-mono text-xs">{sha256}</code>
        </Fact>
        <Fact name="Approved">
          {approval === null ? (
            'No release says who approved these words.'
          ) : approval.approvals.length === 0 ? (
            <>Published in “{approval.release}”, without an approval.</>
          ) : (
            <>
              {approval.approvals.map(({ by, at }) => (
                <span key={by} className="block">
                  by {by}, <Time at={at} />
                </span>
              ))}
              in the release “{approval.release}”
            </>
          )}
        </Fact>
      </dl>
    </article>
  )
}

function EventRows({ events }: { readonly events: RoomContent['events'] }): ReactNode {
  return (
    <Table caption="Events">
      <thead>
        <tr>
          {['Event', 'Recorded', 'What', 'Purpose', 'Words shown', 'Hash'].map((name) => (
            <ColumnHead key={name}>{name}</ColumnHead>
          ))}
        </tr>
      </thead>
      <tbody>
        {events.map(({ id, seq, act, recorded_at, purpose, property, notice, hash, is_relied_on }) => (
          <tr key={id}>
            <Cell className="tabular-nums">{seq}</Cell>
            <Cell>
              <Time at={recorded_at} hasSeconds />
            </Cell>
            <Cell>
              {act.replaceAll('_', ' ')} {is_relied_on ? <Badge tone="accent">relied on</Badge> : null}
            </Cell>
            <Cell>
              {purpose}
              {property === null ? null : <span className="block text-ink-soft">on {property}</span>}
            </Cell>
            <Cell>{notice === null ? '' : `${notice.key} ${notice.version} (${notice.locale})`}</Cell>
            <Cell className="min-w-64 font-mono text-xs wrap-anywhere">{hash}</Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
