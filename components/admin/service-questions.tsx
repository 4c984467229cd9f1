import type { ReactNode } from 'react'
import type { QuestionsOfService, ServiceListed } from '../../lib/client/client.ts'
import { Card, CardHeader } from '../ui/card.tsx'
import { Chart } from '../ui/chart.tsx'
import { asText } from '../ui/chart-data.ts'
import { LinkRow } from './link-row.tsx'
import { questionChartData } from './question-chart-data.ts'
import { shareOf } from './service-table.tsx'
import { serviceHref } from './service-view.ts'

const stepNames = { minute: 'Minute (UTC)', hour: 'Hour (UTC)', day: 'Day (UTC)' } as const

/** One service's answers over time, of all its purposes or of one. */
export function ServiceQuestions({
  service,
  asked,
  range,
  purpose,
}: {
  readonly service: ServiceListed
  readonly asked: QuestionsOfService
  readonly range: { readonly id: string; readonly name: string }
  readonly purpose: string | null
}): ReactNode {
  const own = purpose === null ? service : service.purposes.find((each) => each.purpose === purpose)
  const { decisions, denied } = own ?? { decisions: 0, denied: 0 }
  const summary = `${asText(decisions)} answers in the last ${range.name}, ${shareOf(denied, decisions)} of them no.`
  const link = (of: string | null, name: string) => ({
    id: of ?? '',
    name,
    href: serviceHref({ range: range.id, service: service.key, purpose: of }),
  })
  return (
    <Card className="overflow-hidden">
      <CardHeader title={service.name} description={summary} />
      {service.purposes.length < 2 ? null : (
        <div className="px-3">
          <LinkRow
            label="Purpose"
            current={purpose ?? ''}
            links={[
              link(null, 'All purposes'),
              ...service.purposes.map((each) => link(each.purpose, each.purpose)),
            ]}
          />
        </div>
      )}
      <Chart
        label={`Decisions of ${service.name} by reason`}
        summary={summary}
        stepName={stepNames[asked.step]}
        data={questionChartData(asked, purpose)}
        empty={{
          title: 'Nothing was asked in this time',
          text: 'What a service asks is counted, and is here a minute later. Take a longer time above.',
        }}
      />
    </Card>
  )
}
