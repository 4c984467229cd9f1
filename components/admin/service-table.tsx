import Link from 'next/link'
import type { ReactNode } from 'react'
import type { ServiceListed } from '../../lib/client/client.ts'
import { Badge } from '../ui/badge.tsx'
import { asText } from '../ui/chart-data.ts'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'

/** A share in words: what is there is never 0 %, and what is not all never 100 %. */
export function shareOf(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %'
  if (part === whole) return '100 %'
  const percent = Math.round((100 * part) / whole)
  return percent < 1 ? '< 1 %' : percent > 99 ? '> 99 %' : `${percent} %`
}

/** Services as rows, the busiest first; each leads to its questions. */
export function ServiceTable({
  services,
  current,
  hrefOf,
}: {
  readonly services: readonly ServiceListed[]
  readonly current: string | undefined
  readonly hrefOf: (key: string) => string
}): ReactNode {
  return (
    <Table caption="Services" isStacked>
      <thead>
        <tr>
          <ColumnHead>Service</ColumnHead>
          <ColumnHead className="text-right">Decisions</ColumnHead>
          <ColumnHead className="text-right">Denied</ColumnHead>
          <ColumnHead>Purposes</ColumnHead>
          <ColumnHead>Last asked</ColumnHead>
        </tr>
      </thead>
      <tbody>
        {services.map((service) => (
          <tr key={service.key} className={service.key === current ? 'bg-sunken' : ''}>
            <Cell>
              <Link
                href={hrefOf(service.key)}
                scroll={false}
                className="link font-medium wrap-anywhere"
                aria-current={service.key === current ? 'true' : undefined}
              >
                {service.name}
              </Link>{' '}
              {service.state === 'live' ? null : <Badge>{service.state}</Badge>}
              {service.legal_entity === null ? null : (
                <p className="text-xs text-ink-soft">{service.legal_entity}</p>
              )}
            </Cell>
            <Cell label="Decisions" className="text-right tabular-nums">
              {asText(service.decisions)}
            </Cell>
            <Cell label="Denied" className="text-right whitespace-nowrap tabular-nums">
              {service.decisions === 0 ? '–' : shareOf(service.denied, service.decisions)}
            </Cell>
            <Cell label="Purposes">
              <ul className="grid gap-0.5 text-xs">
                {service.purposes.map(({ purpose, is_new }) => (
                  <li key={purpose}>
                    <code className="text-ink-soft">{purpose}</code>{' '}
                    {is_new ? <Badge tone="caution">new purpose</Badge> : null}
                  </li>
                ))}
              </ul>
            </Cell>
            <Cell label="Last asked">
              {service.last_asked_at === null ? (
                <span className="text-ink-soft">never</span>
              ) : (
                <Time at={service.last_asked_at} />
              )}
            </Cell>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}
