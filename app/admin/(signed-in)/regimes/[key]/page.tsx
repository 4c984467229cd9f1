import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { Breadcrumb } from '../../../../../components/admin/breadcrumb.tsx'
import { orNotFound } from '../../../../../components/admin/or-not-found.ts'
import { RegimeFacts } from '../../../../../components/admin/regimes/regime-facts.tsx'
import { RegimeVersions } from '../../../../../components/admin/regimes/regime-versions.tsx'
import { RuleTable } from '../../../../../components/admin/regimes/rule-table.tsx'
import { RoomTitle } from '../../../../../components/admin/room-title.tsx'
import { EditInRelease } from '../../../../../components/releases/edit-in-release.tsx'
import { Badge } from '../../../../../components/ui/badge.tsx'
import { ButtonLink } from '../../../../../components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '../../../../../components/ui/card.tsx'
import { requireMember } from '../../../../../lib/auth/require-member.ts'

type Props = { readonly params: Promise<{ readonly key: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${decodeURIComponent((await params).key)}: regime` }
}

/** One regime: where it holds, what it says of each purpose, and what its versions changed. */
export default async function RegimePage({ params }: Props): Promise<ReactNode> {
  const { api, scopes } = await requireMember('config:read')
  const key = decodeURIComponent((await params).key)
  const [regime, listed] = await Promise.all([api.regime(key).catch(orNotFound), api.purposes()])
  const purposes = listed.purposes
    .filter((purpose) => !purpose.is_retired)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  return (
    <>
      <Breadcrumb href="/admin/regimes">Regimes</Breadcrumb>
      <div className="flex flex-wrap items-start justify-between gap-x-6">
        <RoomTitle title={regime.name}>
          <span className="font-mono">{regime.key}</span>, version {regime.version}{' '}
          {regime.is_own ? <Badge tone="accent">always applies</Badge> : null}
        </RoomTitle>
        <div className="mb-6 flex flex-wrap gap-2">
          {scopes.includes('config:write') ? <EditInRelease kind="regime" itemKey={key} /> : null}
          <ButtonLink variant="outline" href={simulatorAt(regime.territories?.[0])}>
            Try it on a person
          </ButtonLink>
        </div>
      </div>
      <div className="grid gap-6">
        <Card>
          <CardHeader title="What it asks" />
          <CardBody>
            <RegimeFacts regime={regime} />
          </CardBody>
        </Card>
        <Card className="overflow-hidden">
          <CardHeader
            title="Rules"
            description="A part of a purpose follows it, unless something else is said of the part."
          />
          <RuleTable regime={regime} purposes={purposes} />
        </Card>
        <Card className="overflow-hidden">
          <CardHeader title="Versions" description="What each changed. A published version never changes." />
          <RegimeVersions regime={regime} />
        </Card>
      </div>
    </>
  )
}

/** Someone where the regime holds, to begin with. */
function simulatorAt(territory: string | undefined): string {
  if (territory === undefined) return '/admin/simulator'
  const place = `country=${territory.slice(0, 2)}${territory.length > 2 ? `&region=${territory}` : ''}`
  return `/admin/simulator?${place}`
}
