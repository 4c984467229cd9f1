import Link from 'next/link'
import type { ReactNode } from 'react'
import type { PurposeListed } from '../../../lib/client/client.ts'
import { Facts } from '../facts.tsx'
import { purposeName } from '../purpose-name.ts'
import { daysText } from '../regimes/days-text.ts'
import { placeName } from '../regimes/place-names.ts'

/** What a purpose uses, who gets it, for how long, on which basis; and its parts. */
export function PurposeFacts({
  purpose,
  parts,
}: {
  readonly purpose: PurposeListed
  readonly parts: readonly PurposeListed[]
}): ReactNode {
  const { categories, recipients, controllers, transfers, retentionDays, dpv } = purpose
  return (
    <Facts
      facts={[
        { name: 'What people read', value: <Languages of={purpose.description} /> },
        ...(purpose.necessity === undefined
          ? []
          : [{ name: 'Why it is needed', value: <Languages of={purpose.necessity} /> }]),
        { name: 'Data', value: categories.join(', ') || 'none' },
        { name: 'Recipients', value: recipients.join(', ') || 'nobody outside' },
        ...(controllers.length === 0 ? [] : [{ name: 'Controllers', value: controllers.join(', ') }]),
        {
          name: 'Leaves the EEA',
          value: transfers.length === 0 ? 'no' : `to ${transfers.map(placeOf).join(', ')}`,
        },
        {
          name: 'Kept',
          value:
            retentionDays === null
              ? 'without a bound'
              : `${daysText(retentionDays)} after the data was collected`,
        },
        { name: 'Basis', value: purpose.basis.replaceAll('_', ' ') },
        {
          name: 'Sale or sharing',
          value: purpose.saleOrSharing ? 'yes: the browser’s signal (GPC) can refuse it' : 'no',
        },
        {
          name: 'When collected',
          value: purpose.needsCollectedAt
            ? 'each question must say it'
            : 'a question may leave it out: then, just now',
        },
        {
          name: 'Confirmation',
          value:
            purpose.needsConfirmation === true
              ? 'a yes counts only once it was confirmed by mail'
              : 'a yes counts at once',
        },
        { name: 'Decides alone', value: purpose.automatedDecisions ? 'yes, about people' : 'no' },
        {
          name: 'Parts',
          value:
            parts.length === 0 ? (
              'none'
            ) : (
              <ul>
                {parts.map((child) => (
                  <li key={child.key}>
                    <Link className="link" href={`/admin/purposes/${encodeURIComponent(child.key)}`}>
                      {purposeName(child)}
                    </Link>{' '}
                    <span className="font-mono text-xs text-ink-faint">{child.key}</span>
                  </li>
                ))}
              </ul>
            ),
        },
        {
          name: 'Words of the DPV',
          value: dpv.length === 0 ? 'none' : <span className="font-mono text-xs">{dpv.join(' ')}</span>,
        },
      ]}
    />
  )
}

const placeOf = (code: string) => (/^[A-Z]{2}$/.test(code) ? placeName(code) : code)

function Languages({ of }: { readonly of: PurposeListed['description'] }): ReactNode {
  return (
    <dl className="grid gap-1">
      {Object.entries(of).map(([locale, text]) => (
        <div key={locale} className="flex gap-3">
          <dt className="shrink-0 font-mono text-xs leading-6 text-ink-faint">{locale}</dt>
          <dd lang={locale}>{text}</dd>
        </div>
      ))}
    </dl>
  )
}
