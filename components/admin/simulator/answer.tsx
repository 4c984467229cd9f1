import Link from 'next/link'
import type { ReactNode } from 'react'
import type { SimulateAnswer } from '../../../lib/client/regime-types.ts'
import { Card, CardBody } from '../../ui/card.tsx'
import { Time } from '../../ui/time.tsx'
import { Facts } from '../facts.tsx'

/** Yes or no, large, why, and what a yes binds to. */
export function SimulatorAnswer({ answer }: { readonly answer: SimulateAnswer }): ReactNode {
  const { allowed, reason, because, obligations } = answer
  return (
    <Card className={allowed ? 'bg-positive-soft' : 'bg-negative-soft'}>
      <CardBody className="pt-5">
        <div role="status">
          <h2
            className={`text-4xl font-semibold tracking-tight ${allowed ? 'text-positive' : 'text-negative'}`}
          >
            {allowed ? 'Yes' : 'No'}
          </h2>
          <p className="mt-1 text-base">{because}</p>
        </div>
        <p className="mt-1 text-sm text-ink-soft">
          Reason{' '}
          <Link className="link font-mono" href={`/docs/reasons/${reason}`}>
            {reason}
          </Link>
          {restsOnText(answer.rests_on)}. Asked at <Time at={answer.decided_at} />.
        </p>
        {obligations === undefined ? null : (
          <div className="mt-4">
            <Facts
              facts={[
                { name: 'Only this data', value: obligations.categories.join(', ') || 'none' },
                { name: 'Collected from', value: <Time at={obligations.collected_from} /> },
                { name: 'Ask again at', value: <Time at={obligations.use_until} /> },
              ]}
            />
          </div>
        )}
      </CardBody>
    </Card>
  )
}

function restsOnText(on: SimulateAnswer['rests_on']): string {
  if (on === null) return ''
  if (on === 'gpc') return ', from her browser’s signal'
  if (on === 'notice') return ', from a notice in force'
  return `, from number ${on.history + 1} of what she said`
}
