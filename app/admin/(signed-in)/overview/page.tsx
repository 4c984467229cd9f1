import type { Metadata } from 'next'
import { type ReactNode, Suspense } from 'react'
import { LinkRow } from '../../../../components/admin/link-row.tsx'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { CoverageTable, Renewals } from '../../../../components/overview/coverage-table.tsx'
import { answersChart, delaysChart } from '../../../../components/overview/overview-charts.ts'
import type { ConsentsOverview, Coverage } from '../../../../components/overview/overview-types.ts'
import {
  type OverviewQuery,
  overviewHref,
  overviewRanges,
  readOverviewQuery,
} from '../../../../components/overview/overview-view.ts'
import { PurposeRates } from '../../../../components/overview/purpose-rates.tsx'
import { Card, CardHeader } from '../../../../components/ui/card.tsx'
import { Chart } from '../../../../components/ui/chart.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { Skeleton } from '../../../../components/ui/skeleton.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'
import type { AssentClient } from '../../../../lib/client/client.ts'

export const metadata: Metadata = { title: 'Overview' }

const dayMs = 86_400_000

/** How people answer, how soon they take a yes back, where that leaves each purpose, and whom to ask anew. */
export default async function OverviewPage({
  searchParams,
}: {
  readonly searchParams: Promise<OverviewQuery>
}): Promise<ReactNode> {
  const { api } = await requireMember('audit:read')
  const { range, property, purpose } = readOverviewQuery(await searchParams)
  const from = new Date(Date.now() - range.days * dayMs).toISOString()
  const asked = new URLSearchParams({ from, step: range.step, ...(property === null ? {} : { property }) })
  const [overview, { properties }] = await Promise.all([
    api.call<ConsentsOverview>('GET', `/v1/overview/consents?${asked}`),
    api.properties(),
  ])
  const current =
    overview.series.find((each) => each.purpose === purpose) ??
    [...overview.series].sort((a, b) => b.totals.asked - a.totals.asked)[0]
  const { bounds_ms, purposes } = overview.withdraw_delays
  const delays = purposes.find((each) => each.purpose === current?.purpose)?.counts ?? []
  const title = current === undefined || current.purpose === '' ? 'browser signals' : current.purpose
  return (
    <>
      <RoomTitle title="Overview">
        How people answer, and where that leaves each purpose. Counts only: nobody is in them.
      </RoomTitle>
      <div className="flex flex-wrap justify-between gap-x-6">
        <LinkRow
          label="Time"
          current={range.id}
          links={overviewRanges.map(({ id, name }) => ({
            ...{ id, name },
            href: overviewHref({ range: id, property, purpose }),
          }))}
        />
        <LinkRow
          label="Property"
          current={property ?? ''}
          links={[{ key: '', name: 'All properties' }, ...properties].map(({ key, name }) => ({
            ...{ id: key, name },
            href: overviewHref({ range: range.id, property: key === '' ? null : key, purpose }),
          }))}
        />
      </div>
      <div className="grid gap-6">
        {overview.is_current ? null : (
          <p role="status" className="text-sm text-caution">
            The newest events are still being counted.
          </p>
        )}
        {current === undefined ? (
          <Card>
            <EmptyState title="Nobody was asked in this time">
              Once people choose, here stands how many said yes, how many took it back, and how soon.
            </EmptyState>
          </Card>
        ) : (
          <>
            <Card className="overflow-hidden">
              <CardHeader title="Purposes" description={`Over the last ${range.name.toLowerCase()}.`} />
              <PurposeRates
                overview={overview}
                current={current.purpose}
                hrefOf={(key) => overviewHref({ range: range.id, property, purpose: key })}
              />
            </Card>
            <Card className="overflow-hidden">
              <CardHeader title={`Answers: ${title}`} description={`By ${range.step}, in UTC.`} />
              <Chart
                label={`Answers to ${title} by ${range.step}`}
                summary={`${current.totals.granted} yes, ${current.totals.refused} no, ${current.totals.withdrawn} taken back.`}
                stepName={range.step === 'day' ? 'Day' : 'Week'}
                data={answersChart(current, overview)}
                empty={{ title: 'Nothing was said', text: 'Nobody answered this in the time.' }}
              />
            </Card>
            <Card className="overflow-hidden">
              <CardHeader
                title={`How long a yes stood: ${title}`}
                description="Until it was taken back. Minutes tell of a mistake, months of a change of mind."
              />
              <Chart
                label={`How long a yes to ${title} stood before it was taken back`}
                summary={`${delays.reduce((sum, count) => sum + count, 0)} were taken back.`}
                stepName="Stood"
                data={delaysChart(bounds_ms, delays)}
                empty={{ title: 'No yes was taken back', text: 'In this time nobody withdrew.' }}
              />
            </Card>
          </>
        )}
        <Suspense fallback={<Skeleton className="h-64 w-full" />}>
          <CoverageCards api={api} />
        </Suspense>
      </div>
    </>
  )
}

/** Comes after the rest: everybody is counted, now and whatever the time chosen. */
async function CoverageCards({ api }: { readonly api: AssentClient }): Promise<ReactNode> {
  const { coverage } = await api.call<{ coverage: readonly Coverage[] }>('GET', '/v1/overview/coverage')
  return (
    <>
      <Card className="overflow-hidden">
        <CardHeader title="What needs renewal" description="Consents, as of now." />
        <Renewals coverage={coverage} />
      </Card>
      <Card className="overflow-hidden">
        <CardHeader
          title="Coverage"
          description="Everybody known, by purpose and by the regimes they were seen under, as of now."
        />
        {coverage.length === 0 ? (
          <EmptyState title="Nobody is known yet">The first choice a person makes counts here.</EmptyState>
        ) : (
          <CoverageTable coverage={coverage} />
        )}
      </Card>
    </>
  )
}
