import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { SimulatorAnswer } from '../../../../components/admin/simulator/answer.tsx'
import { DecisionRows } from '../../../../components/admin/simulator/decision-rows.tsx'
import { SimulatorExamples } from '../../../../components/admin/simulator/examples.tsx'
import { simulatorOptions } from '../../../../components/admin/simulator/options.ts'
import { RegimesCombined } from '../../../../components/admin/simulator/regimes-combined.tsx'
import { SimulatorForm } from '../../../../components/admin/simulator/simulator-form.tsx'
import { questionOf, readState } from '../../../../components/admin/simulator/state.ts'
import { Card, CardBody, CardHeader } from '../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'
import { AssentApiError, type AssentClient } from '../../../../lib/client/client.ts'
import type { SimulateAnswer, SimulateQuestion } from '../../../../lib/client/regime-types.ts'
import { releasesOf } from '../../../../lib/client/releases.ts'

export const metadata: Metadata = { title: 'Simulator' }

type Props = { readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>> }

/** A person who does not exist, a question about her, and the real decision, row by row. */
export default async function SimulatorPage({ searchParams }: Props): Promise<ReactNode> {
  const { api } = await requireMember('config:read')
  const [params, { purposes }, { regimes }, { notices }, { properties }, { releases }] = await Promise.all([
    searchParams,
    api.purposes(),
    api.regimes(),
    api.notices(),
    api.properties(),
    releasesOf(api).list('open'),
  ])
  const nowMs = Date.now()
  const sorted = [...purposes].sort((a, b) => (a.key < b.key ? -1 : 1))
  const first = sorted.find(({ key }) => key === 'ai_training') ?? sorted[0]
  const state = readState(params, first?.key ?? '')
  const isAsked = params.purpose !== undefined
  const { answer, error } = isAsked
    ? await ask(api, questionOf(state, nowMs))
    : { answer: undefined, error: undefined }
  return (
    <>
      <RoomTitle title="Simulator">
        Someone who does not exist, and what would be answered about her. It is the real decision; nothing is
        stored.
      </RoomTitle>
      {first === undefined ? (
        <Card>
          <EmptyState title="No purpose is published">
            Every question is answered with no, about anybody.
          </EmptyState>
        </Card>
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
          <Card>
            <CardBody className="pt-5">
              <SimulatorForm
                state={state}
                options={simulatorOptions(
                  { purposes: sorted, regimes, notices, properties, releases },
                  state,
                  nowMs,
                )}
                statuses={answer?.history.map(({ status }) => status) ?? []}
              />
            </CardBody>
          </Card>
          {error === undefined ? null : (
            <p
              role="alert"
              className="rounded-card border border-negative bg-negative-soft px-5 py-4 text-sm"
            >
              Not answered. {error}
            </p>
          )}
          {isAsked ? null : <SimulatorExamples {...{ purposes: sorted, notices, nowMs }} />}
          {answer === undefined ? null : <Answered answer={answer} />}
        </div>
      )}
    </>
  )
}

function Answered({ answer }: { readonly answer: SimulateAnswer }): ReactNode {
  return (
    <>
      <SimulatorAnswer answer={answer} />
      <Card className="overflow-hidden">
        <CardHeader
          title="Row by row"
          description="All must hold. The first that fails decides, and the others are not reached."
        />
        <DecisionRows trace={answer.trace} />
      </Card>
      <Card className="overflow-hidden">
        <CardHeader
          title="Regimes combined"
          description="Each line by its strictest. The organisation’s own always applies; the others through her place."
        />
        <RegimesCombined regimes={answer.regimes} />
      </Card>
    </>
  )
}

async function ask(
  api: AssentClient,
  question: SimulateQuestion,
): Promise<{ readonly answer: SimulateAnswer | undefined; readonly error: string | undefined }> {
  try {
    return { answer: await api.simulate(question), error: undefined }
  } catch (error) {
    if (error instanceof AssentApiError && error.status < 500)
      return { answer: undefined, error: error.message }
    throw error
  }
}
