import Link from 'next/link'
import type { ReactNode } from 'react'
import type { FlipCause, FlipReport as Report, StoppedService } from '../../lib/client/flip-report.ts'
import { Card, CardHeader } from '../ui/card.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { FlipExamples } from './flip-examples.tsx'
import { FlipFlows, Reason } from './flip-flows.tsx'
import { aboutText, figure, itemText, questionsText } from './flip-words.ts'

/** What a release would change in the answers: two numbers first, then why, and who would notice. */
export function FlipReport({ report }: { readonly report: Report }): ReactNode {
  const { sample, allowed, denied, flows } = report
  if (sample.questions === 0) {
    return (
      <Card>
        <EmptyState title="No question was kept in the last 30 days">
          Once services ask, some of each kind of question are kept every day. A report then decides them
          again under the release. Until then there is nothing to compare, and nothing more is demanded.
        </EmptyState>
      </Card>
    )
  }
  return (
    <div className="grid gap-6">
      <Card className="overflow-hidden">
        <dl className="grid gap-px bg-line sm:grid-cols-2">
          <BigNumber name="No becomes yes" count={allowed} tone={allowed.questions > 0 ? 'text-caution' : ''}>
            {allowed.questions > 0
              ? 'People who are not used today would be. Two people must approve, having seen this.'
              : 'Nobody is used who is not used today.'}
          </BigNumber>
          <BigNumber name="Yes becomes no" count={denied} tone={denied.questions > 0 ? 'text-negative' : ''}>
            {denied.questions > 0
              ? 'These services would get a no. Tell whoever runs them.'
              : 'No service loses an answer that it has.'}
          </BigNumber>
        </dl>
        <p className="px-5 py-3 text-sm text-ink-soft">{sampleText(report)}</p>
      </Card>
      {flows.length === 0 ? null : (
        <Card className="overflow-hidden">
          <CardHeader
            title="What becomes what"
            description="The reason today, and the reason under the release."
          />
          <FlipFlows flows={flows} />
        </Card>
      )}
      {allowed.causes.length === 0 ? null : (
        <Card className="overflow-hidden">
          <CardHeader title="Why a no becomes a yes" description="By what in the release makes it so." />
          <ul className="divide-y border-t">
            {allowed.causes.map((cause) => (
              <Cause key={keyOf(cause)} cause={cause} />
            ))}
          </ul>
        </Card>
      )}
      {denied.services.length === 0 ? null : (
        <Card className="overflow-hidden">
          <CardHeader
            title="These services will stop"
            description="Each by the purpose that it asks about."
          />
          <ul className="divide-y border-t">
            {denied.services.map((service) => (
              <Stopped key={`${service.key} ${keyOf(service)}`} service={service} />
            ))}
          </ul>
        </Card>
      )}
    </div>
  )
}

const keyOf = ({ purpose, item, before, after }: FlipCause | StoppedService) =>
  `${purpose} ${item.kind} ${item.key} ${before} ${after}`

function BigNumber({
  name,
  count,
  tone,
  children,
}: {
  readonly name: string
  readonly count: { readonly questions: number; readonly weight: number }
  readonly tone: string
  readonly children: ReactNode
}): ReactNode {
  return (
    <div className="bg-surface px-5 py-5">
      <dt className="text-sm text-ink-soft">{name}</dt>
      <dd className={`mt-1 text-3xl font-semibold tracking-tight tabular-nums ${tone}`}>
        {figure(count.questions)}
      </dd>
      {count.weight > count.questions ? (
        <dd className="text-sm text-ink-soft">stands for {aboutText(count)}</dd>
      ) : null}
      <dd className="mt-1 text-sm text-ink-soft">{children}</dd>
    </div>
  )
}

function sampleText({ sample, unchanged }: Report): string {
  const same = unchanged.allowed.questions + unchanged.denied.questions
  return (
    `${questionsText(sample.questions)} from ${sample.from} to ${sample.to} decided again; they stand for ` +
    `${aboutText(sample)} of ${figure(sample.asked)}. ${figure(same)} stay as they are: ` +
    `${figure(unchanged.allowed.questions)} yes, ${figure(unchanged.denied.questions)} no.`
  )
}

function Cause({ cause }: { readonly cause: FlipCause }): ReactNode {
  return (
    <li className="px-5 py-4">
      <p className="font-medium">
        {itemText(cause.item)}, for {cause.purpose}
      </p>
      <p className="mt-0.5 text-sm">
        <Reason reason={cause.before} /> becomes <Reason reason={cause.after} />, for {aboutText(cause)}
      </p>
      <p className="mt-0.5 text-sm text-ink-soft">
        Asked by{' '}
        {cause.services.map((service) => service.name ?? `a revoked key (${service.key})`).join(', ')}
      </p>
      <FlipExamples examples={cause.examples} />
    </li>
  )
}

function Stopped({ service }: { readonly service: StoppedService }): ReactNode {
  return (
    <li className="px-5 py-4">
      <p className="font-medium">
        {service.name ?? `A revoked key (${service.key})`}, for {service.purpose}
      </p>
      <p className="mt-0.5 text-sm">
        <Reason reason={service.before} /> becomes <Reason reason={service.after} />, for {aboutText(service)}
      </p>
      <p className="mt-0.5 text-sm text-ink-soft">
        {itemText(service.item)} makes it so.{' '}
        <Link className="underline" href={`/docs/reasons/${service.after}`}>
          What the reason means
        </Link>
      </p>
      <FlipExamples examples={service.examples} />
    </li>
  )
}
