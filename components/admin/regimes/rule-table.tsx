import Link from 'next/link'
import type { ReactNode } from 'react'
import type { PurposeListed } from '../../../lib/client/client.ts'
import type { RegimeRules } from '../../../lib/client/regime-types.ts'
import { Cell, ColumnHead, Table } from '../../ui/table.tsx'
import { purposeName } from '../purpose-name.ts'
import { gpcRefuses, resolveRule } from './resolve-rule.ts'
import { RuleBadge } from './rule-badge.tsx'

/** What one regime says of every purpose, its parts included. */
export function RuleTable({
  regime,
  purposes,
}: {
  readonly regime: RegimeRules
  readonly purposes: readonly PurposeListed[]
}): ReactNode {
  return (
    <Table caption={`Rules of ${regime.key}`} isStacked>
      <thead>
        <tr>
          {['Purpose', 'Rule', 'Legal basis', 'Also', 'Said of'].map((name) => (
            <ColumnHead key={name}>{name}</ColumnHead>
          ))}
        </tr>
      </thead>
      <tbody>
        {purposes.map((purpose) => {
          const { rule, basis, optInBelowAge, of } = resolveRule(regime, purpose.key)
          const also = [
            ...(optInBelowAge === undefined ? [] : [`opt-in below ${optInBelowAge}`]),
            ...(gpcRefuses(regime, purpose) ? ['GPC refuses it'] : []),
          ]
          return (
            <tr key={purpose.key}>
              <Cell label="Purpose">
                <div style={{ paddingLeft: `${(purpose.key.split('.').length - 1) * 0.75}rem` }}>
                  <Link className="link" href={`/admin/purposes/${encodeURIComponent(purpose.key)}`}>
                    {purposeName(purpose)}
                  </Link>
                </div>
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
