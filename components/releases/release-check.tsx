import Link from 'next/link'
import type { ReactNode } from 'react'
import { Badge } from '../ui/badge.tsx'
import { Time } from '../ui/time.tsx'
import type { Release, ReleaseCheck, ReleaseEffects } from './release-types.ts'

const number = new Intl.NumberFormat('en-GB')

/** Everything that keeps a release from being published, each with the way to it; then what its notices may lack. */
export function ReleaseCheckView({
  id,
  check,
}: {
  readonly id: string
  readonly check: ReleaseCheck
}): ReactNode {
  const warnings = check.warnings.filter(({ outcome }) => outcome === 'missing')
  return (
    <div className="grid gap-4 text-sm">
      {check.may_be_published ? (
        <p className="text-positive">Nothing keeps it from being published.</p>
      ) : (
        <ul aria-label="What keeps it back" className="grid gap-2">
          {check.complaints.map(({ kind, key, message, pointer }) => (
            <li key={`${kind} ${key} ${pointer} ${message}`} className="border-l-2 border-negative pl-3">
              {kind === null || key === null ? null : (
                <Link className="link" href={`/admin/releases/${id}/${kind}/${encodeURIComponent(key)}`}>
                  {key}
                </Link>
              )}{' '}
              {message}
              {pointer === undefined ? null : (
                <span className="ml-2 font-mono text-xs text-ink-faint">{pointer}</span>
              )}
            </li>
          ))}
          {check.lacking.map(({ purpose, kind, because, source }) => (
            <li key={`${purpose} ${kind} ${because}`} className="border-l-2 border-negative pl-3">
              <Link className="link" href={`/admin/releases/${id}/purpose/${encodeURIComponent(purpose)}`}>
                {purpose}
              </Link>{' '}
              links no {kind.replaceAll('_', ' ')} assessment: {because} ({source}).
            </li>
          ))}
        </ul>
      )}
      {warnings.length === 0 ? null : (
        <ul aria-label="What its notices may lack" className="grid gap-2">
          {warnings.map((warning) => (
            <li key={`${warning.notice} ${warning.check}`} className="border-l-2 border-caution pl-3">
              <span className="font-medium">{warning.notice}</span>: {warning.asks} ({warning.source}){' '}
              <span className="text-ink-soft">{warning.findings.join(' ')}</span>
            </li>
          ))}
        </ul>
      )}
      <Symmetry checks={check.symmetry} />
    </div>
  )
}

const outcomes = {
  met: { tone: 'positive', word: 'kept' },
  broken: { tone: 'negative', word: 'broken' },
  by_design: { tone: 'neutral', word: 'always so' },
} as const

/** The rules that make a no as easy as a yes, for each experience: broken ones open, the rest a tap away. */
function Symmetry({ checks }: { readonly checks: ReleaseCheck['symmetry'] }): ReactNode {
  const experiences = [...new Set(checks.map(({ experience }) => experience))]
  return experiences.map((experience) => {
    const own = checks.filter((each) => each.experience === experience)
    const broken = own.filter(({ outcome }) => outcome === 'broken').length
    return (
      <details key={experience} open={broken > 0}>
        <summary className="cursor-pointer">
          <span className="font-medium">{experience}</span>:{' '}
          {broken === 0
            ? `all ${own.length} rules of symmetry are kept`
            : `${broken} of ${own.length} rules of symmetry ${broken === 1 ? 'is' : 'are'} broken`}
        </summary>
        <ul className="mt-2 grid gap-2">
          {own.map(({ rule, asks, source, mend, outcome, findings }) => (
            <li key={rule} className="grid gap-0.5 border-t pt-2">
              <span className="flex items-baseline justify-between gap-3">
                <span>{asks}</span>
                <Badge tone={outcomes[outcome].tone}>{outcomes[outcome].word}</Badge>
              </span>
              <span className="text-xs text-ink-soft">{source}</span>
              {outcome === 'broken' ? (
                <span className="text-negative">
                  {findings.join('; ')}. {mend}
                </span>
              ) : null}
            </li>
          ))}
        </ul>
      </details>
    )
  })
}

/** How many people would have to be asked anew. */
export function ReleaseEffectsView({ effects }: { readonly effects: ReleaseEffects }): ReactNode {
  if (effects.superseded + effects.ended === 0) {
    return <p className="text-sm">No consent would have to be renewed.</p>
  }
  return (
    <div className="text-sm">
      <p>
        <strong className="text-2xl font-semibold tabular-nums">{number.format(effects.superseded)}</strong>{' '}
        {effects.superseded === 1 ? 'consent' : 'consents'} would need renewing
        {effects.ended === 0 ? '' : `, and ${number.format(effects.ended)} would end with their purpose`}.
      </p>
      <ul className="mt-2 grid gap-2">
        {effects.purposes.map(({ purpose, in_force, superseded, ended }) => (
          <li key={purpose}>
            <p className="flex justify-between gap-4">
              <span className="font-mono text-xs">{purpose}</span>
              <span className="text-ink-soft tabular-nums">
                {number.format(superseded + ended)} of {number.format(in_force)}
              </span>
            </p>
            <div aria-hidden className="mt-1 h-1.5 overflow-hidden rounded-full bg-sunken">
              <div
                className="h-full bg-caution"
                style={{ width: `${in_force === 0 ? 0 : (100 * (superseded + ended)) / in_force}%` }}
              />
            </div>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Which answers would turn, in short, and the way to the report. */
export function ReleaseFlips({ release: { id, flips } }: { readonly release: Release }): ReactNode {
  return (
    <div className="grid gap-2 text-sm">
      {flips === null ? (
        <p>No report was made yet. Asking for review makes one; publishing needs one.</p>
      ) : (
        <>
          <dl className="grid grid-cols-2 gap-4">
            <div>
              <dt className="text-ink-soft">No becomes yes</dt>
              <dd
                className={`text-2xl font-semibold tabular-nums ${flips.allowed > 0 ? 'text-caution' : ''}`}
              >
                {number.format(flips.allowed)}
              </dd>
            </div>
            <div>
              <dt className="text-ink-soft">Yes becomes no</dt>
              <dd
                className={`text-2xl font-semibold tabular-nums ${flips.denied > 0 ? 'text-negative' : ''}`}
              >
                {number.format(flips.denied)}
              </dd>
            </div>
          </dl>
          <p className="text-ink-soft">
            of {number.format(flips.questions)} questions that were kept, <Time at={flips.made_at} />
            {flips.is_current ? '.' : ': the release has changed since.'}
          </p>
        </>
      )}
      <p>
        <Link className="link" href={`/admin/releases/${id}/flips`}>
          The flip report
        </Link>
      </p>
    </div>
  )
}
