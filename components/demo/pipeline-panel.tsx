'use client'

import { type ReactNode, useEffect, useState } from 'react'
import type { Answer } from '../../lib/web/experience.ts'
import { Badge } from '../ui/badge.tsx'
import { Card, CardBody, CardHeader } from '../ui/card.tsx'
import { CodeBlock } from '../ui/code-block.tsx'
import { useAssent } from './use-assent.ts'

const purposes = [
  { key: 'ai_training', name: 'Train a model' },
  { key: 'personalization', name: 'Fit answers to this person' },
  { key: 'analytics', name: 'Count how pages are used' },
]

type Answers = Readonly<Record<string, Answer | undefined>>

/** What three pipelines are told about this browser, asked again whenever something changes. */
export function PipelinePanel(): ReactNode {
  const { assent, change } = useAssent()
  const [answers, setAnswers] = useState<Answers>({})
  useEffect(() => {
    if (assent === undefined || change === 0) return
    let isCurrent = true
    const ask = async () => {
      await assent.ready
      const all = await Promise.all(
        purposes.map(async ({ key }) => [key, await assent.check(key).catch(() => undefined)] as const),
      )
      if (isCurrent) setAnswers(Object.fromEntries(all))
    }
    void ask()
    return () => {
      isCurrent = false
    }
  }, [assent, change])

  return (
    <Card aria-labelledby="pipeline" className="self-start">
      <CardHeader
        title={<span id="pipeline">What a pipeline is told</span>}
        description="Before it uses anything from this browser, it asks. This is the live answer."
      />
      <CardBody>
        <ul className="grid gap-px overflow-hidden rounded-control border bg-line" data-testid="answers">
          {purposes.map(({ key, name }) => {
            const answer = answers[key]
            return (
              <li
                key={key}
                className="bg-surface px-4 py-3"
                data-purpose={key}
                data-reason={answer?.reason ?? 'never_asked'}
              >
                <div className="flex items-center justify-between gap-3">
                  <span className="font-medium">{name}</span>
                  <Badge tone={answer?.allowed ? 'positive' : 'negative'}>
                    {answer?.allowed ? 'Yes' : 'No'}
                  </Badge>
                </div>
                <p className="mt-0.5 text-sm text-ink-soft">
                  <code className="font-mono text-xs">{answer?.reason ?? 'never_asked'}</code>{' '}
                  {answer?.because ?? 'This browser has made no choice, so the answer is no.'}
                </p>
              </li>
            )
          })}
        </ul>
        {assent?.device ? (
          <div className="mt-4">
            <CodeBlock label="Ask yourself" code={`./assent check device:${assent.device} ai_training`} />
          </div>
        ) : null}
        <p className="mt-4 text-sm text-ink-soft">
          Say yes to AI training, then use “Withdraw all” at the bottom of the page: the very next answer is
          no. All choices are also on{' '}
          <a className="link" href="/p/demo">
            the preference page
          </a>
          .
        </p>
      </CardBody>
    </Card>
  )
}
