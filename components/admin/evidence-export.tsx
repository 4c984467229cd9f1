import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { apiQuery, type EvidenceQuery } from './evidence-view.ts'

/** The rows that are filtered, as a file. It is an act of its own, so it is sent, not linked to. */
export function EvidenceExport({ query }: { readonly query: EvidenceQuery }): ReactNode {
  return (
    <form action="/admin/evidence/export" method="post" className="flex flex-wrap gap-2">
      {[...apiQuery(query)]
        .filter(([name]) => name !== 'order')
        .map(([name, value]) => (
          <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
        ))}
      {(['csv', 'ndjson'] as const).map((format) => (
        <Button key={format} type="submit" name="format" value={format} variant="outline" size="small">
          Export {format.toUpperCase()}
        </Button>
      ))}
    </form>
  )
}
