import type { ReactNode } from 'react'
import type { RegimeFound } from '../../../lib/client/regime-types.ts'
import { Badge } from '../../ui/badge.tsx'
import { Facts } from '../facts.tsx'
import { daysText } from './days-text.ts'
import { isNamed, placeName } from './place-names.ts'

/** Where a regime holds, for how long a yes lasts under it, what the browser's signal does, from which age who agrees. */
export function RegimeFacts({ regime }: { readonly regime: RegimeFound }): ReactNode {
  const { gpc, ageBands } = regime
  return (
    <Facts
      facts={[
        { name: 'Holds', value: <Territories regime={regime} /> },
        { name: 'A yes lasts', value: `${daysText(regime.consentLifetimeDays)}, then it has run out` },
        {
          name: 'GPC',
          value: gpc.counts
            ? 'The browser’s signal refuses every purpose that is a sale or sharing'
            : gpc.purposes.length > 0
              ? `The browser’s signal refuses ${gpc.purposes.join(', ')}`
              : 'The browser’s signal refuses nothing under this regime',
        },
        { name: 'Agrees herself', value: ageBands === null ? 'at any age' : <Ages bands={ageBands} /> },
      ]}
    />
  )
}

function Territories({ regime }: { readonly regime: RegimeFound }): ReactNode {
  const territories = [...(regime.territories ?? [])].sort((a, b) => placeName(a).localeCompare(placeName(b)))
  return (
    <>
      {regime.is_own ? <p>Everywhere: it is the organisation’s own, which always applies.</p> : null}
      {territories.length === 0 && !regime.is_own ? (
        <p>Nowhere by itself: it applies where a consent or a question names it.</p>
      ) : null}
      <ul className="flex flex-wrap gap-x-3 gap-y-1">
        {territories.map((code) => (
          <li key={code} className="whitespace-nowrap">
            {placeName(code)} <span className="font-mono text-xs text-ink-faint">{code}</span>{' '}
            {isNamed(code) ? null : <Badge tone="caution">no name known: is it right?</Badge>}
          </li>
        ))}
      </ul>
    </>
  )
}

function Ages({ bands }: { readonly bands: NonNullable<RegimeFound['ageBands']> }): ReactNode {
  const ages = [...new Set(Object.values(bands.countries))].sort((a, b) => a - b)
  return (
    <>
      <dl className="grid gap-y-1">
        {ages.map((age) => (
          <div key={age} className="flex gap-3">
            <dt className="shrink-0 tabular-nums">from {age}</dt>
            <dd className="text-ink-soft">
              {Object.entries(bands.countries)
                .filter(([, each]) => each === age)
                .map(([code]) => placeName(code))
                .sort()
                .join(', ')}
            </dd>
          </div>
        ))}
        <div className="flex gap-3">
          <dt className="shrink-0 tabular-nums">from {bands.default}</dt>
          <dd className="text-ink-soft">everywhere else</dd>
        </div>
      </dl>
      <p className="mt-1 text-xs text-ink-soft">
        {bands.unstated === 'capable'
          ? 'Who never stated her age counts as old enough.'
          : 'Who never stated her age cannot agree.'}
      </p>
    </>
  )
}
