import type { ReactNode } from 'react'
import type { PersonTimeline as Timeline, TimelineEvent, WordsShown } from '../../../lib/client/people.ts'
import { Badge } from '../../ui/badge.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Time } from '../../ui/time.tsx'
import { languageName } from '../language-name.ts'
import { ChangedAnswers } from './changed-answers.tsx'
import { EvidenceButton } from './evidence-button.tsx'
import { inWords, toneOfEvent, whereText } from './words.ts'

/** What was recorded of a person, in order: the words shown, what it changed, and what proves it. */
export function PersonTimeline({
  subject,
  timeline,
  mayOpen,
}: {
  readonly subject: string
  readonly timeline: Timeline
  /** Whether she may open evidence. */
  readonly mayOpen: boolean
}): ReactNode {
  if (timeline.events.length === 0) {
    return (
      <EmptyState title="Nothing is recorded">
        What she says, and what is known of her, appears here.
      </EmptyState>
    )
  }
  const words = new Map(timeline.words.map((each) => [nameOf(each), each]))
  return (
    <ol className="border-t">
      {timeline.events.map((event) => (
        <li key={event.id} id={`event-${event.seq}`} className="grid gap-3 border-b px-5 py-4 last:border-0">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <Badge tone={toneOfEvent(event.status)}>{inWords(event.act)}</Badge>
            {event.status === event.act || event.status === 'recorded' ? null : (
              <Badge tone="caution">{inWords(event.status)}</Badge>
            )}
            {event.purpose === undefined ? null : (
              <span className="text-sm font-medium wrap-anywhere">
                {event.purpose} <span className="font-normal text-ink-soft">{whereText(event.property)}</span>
              </span>
            )}
            <span className="text-sm text-ink-soft sm:ml-auto">
              <Time at={event.recorded_at} hasSeconds />
            </span>
          </div>
          <p className="text-sm text-ink-soft">{howSaid(event)}</p>
          <ChangedAnswers changed={event.changed} />
          <Shown event={event} words={event.notice === null ? undefined : words.get(nameOf(event.notice))} />
          {event.has_evidence ? (
            mayOpen ? (
              <EvidenceButton subject={subject} seq={event.seq} />
            ) : null
          ) : (
            <p className="text-sm text-ink-soft">Its evidence was destroyed.</p>
          )}
          <p className="font-mono text-xs text-ink-soft [overflow-wrap:anywhere]">
            {event.revision} · SHA-256 {event.hash}
          </p>
        </li>
      ))}
    </ol>
  )
}

const nameOf = ({ key, version, locale }: { key: string; version: number; locale: string }) =>
  `${key} ${version} ${locale}`

function howSaid({ actor, method, other, recorded_at, occurred_at }: TimelineEvent): ReactNode {
  const parts = [
    ...(actor === undefined ? [] : [`said by the ${actor}`]),
    ...(typeof method === 'string' ? [`method ${inWords(method)}`] : []),
    ...(other === undefined ? [] : [`with ${other.slice(0, 12)}…`]),
  ]
  return (
    <>
      {parts.length === 0 ? 'recorded by the system' : parts.join(', ')}
      {occurred_at === recorded_at ? null : (
        <>
          {'; told to have happened '}
          <Time at={occurred_at} hasSeconds />
        </>
      )}
    </>
  )
}

function Shown({
  event,
  words,
}: {
  readonly event: TimelineEvent
  readonly words: WordsShown | undefined
}): ReactNode {
  const { notice } = event
  if (notice === null) return null
  const name = `${notice.key} ${notice.version}, ${languageName(notice.locale)}`
  if (words === undefined) {
    return <p className="text-sm text-caution">Said to have been shown {name}, which was never published.</p>
  }
  const { text, sha256 } = words
  return (
    <details className="rounded-control border bg-sunken px-3 py-2 text-sm">
      <summary className="min-h-6 font-medium">The words she was shown: {name}</summary>
      <div lang={notice.locale} className="mt-2 grid gap-2">
        <p className="font-semibold">{text.title}</p>
        {[...text.body, text.withdrawal, text.rights].map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        <p className="text-ink-soft">
          {text.controller}, {text.contact}
        </p>
      </div>
      <p className="mt-2 font-mono text-xs text-ink-soft [overflow-wrap:anywhere]">Notice SHA-256 {sha256}</p>
    </details>
  )
}
