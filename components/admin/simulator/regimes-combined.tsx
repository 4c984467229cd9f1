import Link from 'next/link'
import type { ReactNode } from 'react'
import type { SimulateAnswer } from '../../../lib/client/regime-types.ts'
import { Badge } from '../../ui/badge.tsx'
import { Table } from '../../ui/table.tsx'
import { daysText } from '../regimes/days-text.ts'
import { placeName } from '../regimes/place-names.ts'
import { RuleBadge } from '../regimes/rule-badge.tsx'

type Regime = SimulateAnswer['regimes'][number]
type Dimension = {
  readonly id: Regime['decides'][number]
  readonly name: string
  readonly of: (regime: Regime) => ReactNode
}

const dimensions: readonly Dimension[] = [
  { id: 'rule', name: 'Rule', of: (regime) => <RuleAsked regime={regime} /> },
  {
    id: 'age',
    name: 'Agrees herself from',
    of: ({ consent_age: age }) => (age === null ? 'asks for no age' : `${age} years`),
  },
  { id: 'lifetime', name: 'A yes lasts', of: ({ consent_lifetime_days: days }) => daysText(days) },
  {
    id: 'gpc',
    name: 'GPC',
    of: ({ gpc_refuses: refuses }) => (refuses ? 'refuses this purpose' : 'does not refuse it'),
  },
]

/** Which regimes were combined, through which place each applies, and where each is the strictest. */
export function RegimesCombined({ regimes }: { readonly regimes: readonly Regime[] }): ReactNode {
  return (
    <Table caption="Regimes combined">
      <thead>
        <tr>
          <th
            scope="col"
            className="sticky left-0 z-10 border-y bg-sunken px-5 py-2 text-left text-xs font-medium text-ink-soft"
          >
            What is asked
          </th>
          {regimes.map(({ key, territory }) => (
            <th key={key} scope="col" className="border-y bg-sunken px-5 py-2 text-left text-xs font-medium">
              <Link className="link" href={`/admin/regimes/${encodeURIComponent(key)}`}>
                {key}
              </Link>
              <p className="font-normal whitespace-nowrap text-ink-soft">
                {territory === null ? 'always applies' : `through ${placeName(territory)}`}
              </p>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {dimensions.map(({ id, name, of }) => (
          <tr key={id}>
            <th
              scope="row"
              className="sticky left-0 z-10 border-b bg-surface px-5 py-3 text-left align-top font-normal text-ink-soft max-md:max-w-32"
            >
              {name}
            </th>
            {regimes.map((regime) => (
              <td key={regime.key} className="min-w-44 border-b px-5 py-3 align-top">
                {of(regime)}
                {regime.decides.includes(id) ? (
                  <p className="mt-1">
                    <Badge tone="accent">counts</Badge>
                  </p>
                ) : null}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

function RuleAsked({ regime }: { readonly regime: Regime }): ReactNode {
  const { rule, basis, rule_of: of, is_tightened_by_age: isTightened } = regime
  return (
    <>
      <RuleBadge rule={rule} />
      <p className="mt-1 text-xs text-ink-soft">{basis?.replaceAll('_', ' ') ?? 'not known: prohibited'}</p>
      <p className="text-xs text-ink-faint">
        {isTightened ? 'because of her age; ' : ''}
        {of === null ? 'as all others' : `said of ${of}`}
      </p>
    </>
  )
}
