import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Breadcrumb } from '../../../../../../components/admin/breadcrumb.tsx'
import { FlipReport } from '../../../../../../components/admin/flip-report.tsx'
import { FlipReportState } from '../../../../../../components/admin/flip-report-state.tsx'
import { MakeFlipReport } from '../../../../../../components/admin/make-flip-report.tsx'
import { RoomTitle } from '../../../../../../components/admin/room-title.tsx'
import { Card } from '../../../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../../../components/ui/empty-state.tsx'
import { requireMember } from '../../../../../../lib/auth/require-member.ts'
import { AssentApiError } from '../../../../../../lib/client/client.ts'
import { releaseFlips } from '../../../../../../lib/client/flip-report.ts'

export const metadata: Metadata = { title: 'Flip report' }

/** What a release would change in the answers, before it goes live. */
export default async function FlipsPage({
  params,
}: {
  readonly params: Promise<{ readonly id: string }>
}): Promise<ReactNode> {
  const { api, scopes } = await requireMember('config:read')
  const { id } = await params
  const flips = await releaseFlips(api, decodeURIComponent(id)).catch(orNotFound)
  const mayMake = scopes.includes('config:write')
  return (
    <>
      <Breadcrumb href={`/admin/releases/${encodeURIComponent(id)}`}>Release</Breadcrumb>
      <div className="flex flex-wrap items-start justify-between gap-x-6">
        <RoomTitle title="Flip report">
          Questions of the last 30 days, decided again as the release would have it.
        </RoomTitle>
        {mayMake ? (
          <div className="mb-6">
            <MakeFlipReport release={id} state={flips.state} />
          </div>
        ) : null}
      </div>
      <div className="grid gap-6">
        {flips.state === 'none' ? (
          <Card>
            <EmptyState title="No report was made yet">
              Real questions that your services asked are decided twice: under what is in force, and under the
              release. What turns from no to yes needs two people; what turns from yes to no stops a service.
              Submitting the release for review makes a report by itself.
            </EmptyState>
          </Card>
        ) : (
          <FlipReportState flips={flips} />
        )}
        {flips.report === null ? null : <FlipReport report={flips.report} />}
      </div>
    </>
  )
}

function orNotFound(error: unknown): never {
  if (error instanceof AssentApiError && (error.status === 404 || error.status === 400)) notFound()
  throw error
}
