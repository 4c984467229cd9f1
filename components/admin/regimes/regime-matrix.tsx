import { Radio } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { PurposeListed } from '../../../lib/client/client.ts'
import type { RegimeListed } from '../../../lib/client/regime-types.ts'
import { Table } from '../../ui/table.tsx'
import { purposeName } from '../purpose-name.ts'
import { gpcRefuses, resolveRule } from './resolve-rule.ts'
import { RuleBadge } from './rule-badge.tsx'

const first =
  'sticky left-0 z-10 border-b bg-surface px-5 py-3 text-left align-top font-normal max-md:max-w-40'

/** What each regime says of each purpose: one look, no prose. The first column stays while the rest is scrolled. */
export function RegimeMatrix({
  purposes,
  regimes,
}: {
  readonly purposes: readonly PurposeListed[]
  readonly regimes: readonly RegimeListed[]
}): ReactNode {
  return (
    <Table caption="Rules by purpose and regime">
      <thead>
        <tr>
          <th
            scope="col"
            className="sticky left-0 z-10 border-y bg-sunken px-5 py-2 text-left text-xs font-medium text-ink-soft"
          >
            Purpose
          </th>
          {regimes.map(({ key }) => (
            <th
              key={key}
              scope="col"
              className="border-y bg-sunken px-5 py-2 text-left text-xs font-medium whitespace-nowrap"
            >
              <Link className="link" href={`/admin/regimes/${encodeURIComponent(key)}`}>
                {key}
              </Link>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {purposes.map((purpose) => (
          <tr key={purpose.key}>
            <th scope="row" className={first}>
              <div style={{ paddingLeft: `${(purpose.key.split('.').length - 1) * 0.75}rem` }}>
                <Link className="link" href={`/admin/purposes/${encodeURIComponent(purpose.key)}`}>
                  {purposeName(purpose)}
                </Link>
                <p className="font-mono text-xs break-all text-ink-faint">{purpose.key}</p>
              </div>
            </th>
            {regimes.map((regime) => (
              <td key={regime.key} className="min-w-44 border-b px-5 py-3 align-top">
                <RuleCell regime={regime} purpose={purpose} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

function RuleCell({
  regime,
  purpose,
}: {
  readonly regime: RegimeListed
  readonly purpose: PurposeListed
}): ReactNode {
  const { rule, basis, optInBelowAge, of } = resolveRule(regime, purpose.key)
  return (
    <>
      <RuleBadge rule={rule} />
      <p className="mt-1 text-xs text-ink-soft">{basis.replaceAll('_', ' ')}</p>
      {optInBelowAge === undefined ? null : (
        <p className="text-xs text-ink-soft">opt-in below {optInBelowAge}</p>
      )}
      {gpcRefuses(regime, purpose) ? (
        <p className="flex items-center gap-1 text-xs text-ink-soft">
          <Radio aria-hidden className="size-3.5" /> GPC refuses it
        </p>
      ) : null}
      {of === purpose.key ? null : (
        <p className="text-xs text-ink-faint">{of === null ? 'as all others' : `as ${of}`}</p>
      )}
    </>
  )
}
