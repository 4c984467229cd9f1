import Link from 'next/link'
import type { ReactNode } from 'react'
import type { PurposeListed } from '../../../lib/client/client.ts'
import type { RegimeListed, RuleWord } from '../../../lib/client/regime-types.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/card.tsx'
import { daysText } from './days-text.ts'
import { placeName } from './place-names.ts'
import { resolveRule } from './resolve-rule.ts'
import { ruleTexts } from './rule-badge.tsx'

const fills: Readonly<Record<RuleWord, string>> = {
  prohibited: 'bg-negative',
  opt_in: 'bg-positive',
  opt_out: 'bg-caution',
  notice_only: 'bg-edge',
}
const order = ['prohibited', 'opt_in', 'opt_out', 'notice_only'] as const

/** Every regime at a glance: where it holds, how strict it is, how long a yes lasts, whether the signal counts. */
export function RegimeCards({
  regimes,
  purposes,
}: {
  readonly regimes: readonly RegimeListed[]
  readonly purposes: readonly PurposeListed[]
}): ReactNode {
  return (
    <ul className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      {regimes.map((regime) => (
        <li key={regime.key}>
          <Card className="flex h-full flex-col gap-3 p-5">
            <div>
              <h3 className="flex flex-wrap items-baseline gap-x-2 text-base font-semibold">
                <Link className="link" href={`/admin/regimes/${encodeURIComponent(regime.key)}`}>
                  {regime.key}
                </Link>
                <span className="text-xs font-normal text-ink-faint">version {regime.version}</span>
              </h3>
              <p className="text-sm text-ink-soft">{regime.name}</p>
            </div>
            <p className="text-sm">{territoriesText(regime.territories ?? [])}</p>
            <RuleBar regime={regime} purposes={purposes} />
            <p className="mt-auto flex flex-wrap gap-1">
              <Badge>a yes lasts {daysText(regime.consentLifetimeDays)}</Badge>
              <Badge>
                {regime.gpc.counts || regime.gpc.purposes.length > 0 ? 'GPC counts' : 'GPC not counted'}
              </Badge>
            </p>
          </Card>
        </li>
      ))}
    </ul>
  )
}

function RuleBar({
  regime,
  purposes,
}: {
  readonly regime: RegimeListed
  readonly purposes: readonly PurposeListed[]
}): ReactNode {
  const rules = purposes.map(({ key }) => resolveRule(regime, key).rule)
  const counts = order.flatMap((rule) => {
    const count = rules.filter((each) => each === rule).length
    return count === 0 ? [] : [{ rule, count }]
  })
  return (
    <div>
      <div aria-hidden className="flex h-2 gap-0.5 overflow-hidden rounded-full">
        {counts.map(({ rule, count }) => (
          <span key={rule} className={fills[rule]} style={{ flexGrow: count }} />
        ))}
      </div>
      <p className="mt-1 text-xs text-ink-soft">
        {counts.map(({ rule, count }) => `${count} ${ruleTexts[rule].name}`).join(' · ')}
      </p>
    </div>
  )
}

function territoriesText(territories: readonly string[]): string {
  if (territories.length === 0) return 'Claims no place'
  if (territories.length <= 3) return territories.map(placeName).join(' · ')
  return `${territories.slice(0, 2).map(placeName).join(', ')} and ${territories.length - 2} more`
}
