import type { Metadata } from 'next'
import type { ReactNode } from 'react'
import { RegimeCards } from '../../../../components/admin/regimes/regime-cards.tsx'
import { RegimeMatrix } from '../../../../components/admin/regimes/regime-matrix.tsx'
import { RuleLegend } from '../../../../components/admin/regimes/rule-badge.tsx'
import { RoomTitle } from '../../../../components/admin/room-title.tsx'
import { ButtonLink } from '../../../../components/ui/button.tsx'
import { Card, CardHeader } from '../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../components/ui/empty-state.tsx'
import { requireMember } from '../../../../lib/auth/require-member.ts'

export const metadata: Metadata = { title: 'Regimes' }

/** The jurisdictions' rules side by side: a purpose a line, a regime a column. */
export default async function RegimesPage(): Promise<ReactNode> {
  const { api } = await requireMember('config:read')
  const [{ regimes }, listed] = await Promise.all([api.regimes(), api.purposes()])
  const purposes = listed.purposes
    .filter((purpose) => !purpose.is_retired)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  return (
    <>
      <div className="flex flex-wrap items-start justify-between gap-x-6">
        <RoomTitle title="Regimes">
          What the law of each place asks for. Where several apply to a person, the strictest counts.
        </RoomTitle>
        <ButtonLink className="mb-6" variant="outline" href="/admin/simulator">
          Try it on a person
        </ButtonLink>
      </div>
      {regimes.length === 0 ? (
        <Card>
          <EmptyState title="No regime is published">
            A regime says what the law of a place asks for: which purposes need a yes first, from which age a
            person may say it, how long it lasts. Without one, everything is prohibited.
          </EmptyState>
        </Card>
      ) : (
        <div className="grid gap-6">
          <section aria-label="Regimes at a glance">
            <h2 className="sr-only">At a glance</h2>
            <RegimeCards regimes={regimes} purposes={purposes} />
          </section>
          <Card className="overflow-hidden">
            <CardHeader
              title="Rules, purpose by purpose"
              description="What each regime asks before data may be used, and on which legal basis."
            />
            <div className="px-5 pb-4">
              <RuleLegend />
            </div>
            <RegimeMatrix regimes={regimes} purposes={purposes} />
          </Card>
        </div>
      )}
    </>
  )
}
