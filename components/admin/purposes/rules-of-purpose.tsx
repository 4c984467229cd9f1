import Link from 'next/link'
import type { ReactNode } from 'react'
import type { PurposeListed } from '../../../lib/client/client.ts'
import type { RegimeListed } from '../../../lib/client/regime-types.ts'
import { Cell, ColumnHead, Table } from '../../ui/table.tsx'
import { gpcRefuses, resolveRule } from '../regimes/resolve-rule.ts'
import { RuleBadge } from '../regimes/rule-badge.tsx'

/** What each regime says of one purpose. */
export function RulesOfPurpose({
  purpose,
  regimes,
}: {
  readonly purpose: PurposeListed
  readonly regimes: readonly RegimeListed[]
}): ReactNode {
  return (
    <Table caption="Rule by regime" isStacked>
      <thead>
        <tr>
          {['Regime', 'Rule', 'Legal basis', 'Also', 'Said of'].map((name) => (
            <ColumnHead key={name}>{name}</ColumnHead>
          ))}
        </tr>
      </thead>
      <tbody>
        {regimes.map((regime) => {
          const { rule, basis, optInBelowAge, of } = resolveRule(regime, purpose.key)
          const also = [
            ...(optInBelowAge === undefined ? [] : [`opt-in below ${optInBelowAge}`]),
            ...(gpcRefuses(regime, purpose) ? ['GPC refuses it'] : []),
          ]
          return (
            <tr key={regime.key}>
              <Cell label="Regime">
                <Link className="link" href={`/admin/regimes/${encodeURIComponent(regime.key)}`}>
                  {regime.key}
                </Link>
              </Cell>
              <Cell label="Rule">
                <RuleBadge rule={rule} />
              </Cell>
              <Cell label="Legal basis">{basis.replaceAll('_', ' ')}</Cell>
              <Cell label="Also" className="text-ink-soft">
                {also.join(', ') || '—'}
              </Cell>
              <Cell label="Said of" className="text-ink-soft">
                {of === purpose.key ? 'the purpose itself' : of === null ? 'all others' : of}
              </Cell>
            </tr>
          )
        })}
      </tbody>
    </Table>
  )
}
