import type { ReactNode } from 'react'
import { compareWords } from '../admin/compare-words.ts'
import { Pieces } from '../admin/text-differences.tsx'
import { Badge } from '../ui/badge.tsx'
import { kindName } from './release-table.tsx'
import type { ItemDifference, LeafChange } from './release-types.ts'

const widened: Readonly<Record<string, string>> = {
  category_added: 'more data',
  recipient_added: 'another recipient',
  controller_added: 'another controller',
  transfer_added: 'another country',
  retention_longer: 'kept longer',
  basis_changed: 'another legal basis',
  automated_decisions_added: 'automated decisions',
  sale_or_sharing_added: 'sale or sharing',
  confirmation_added: 'a yes must be confirmed',
}

/** What one item changes of what is in force: a line for each thing that is not the same any more. */
export function ItemDifferenceView({ item }: { readonly item: ItemDifference }): ReactNode {
  return (
    <div>
      <p className="flex flex-wrap items-center gap-2 text-sm">
        {item.is_new ? <Badge tone="accent">new</Badge> : null}
        {item.version_before === null || item.is_new ? null : (
          <span className="text-ink-soft tabular-nums">
            version {item.version_before} → {item.version_after}
          </span>
        )}
        {item.is_material ? <Badge tone="caution">asks everyone anew</Badge> : null}
        {item.widenings.map(({ kind }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one kind may be there more than once
          <Badge key={index} tone="caution">
            {widened[kind] ?? kind}
          </Badge>
        ))}
      </p>
      {item.changes.length === 0 ? (
        <p className="mt-2 text-sm text-ink-soft">
          The same as what is in force{item.kind === 'property' ? '' : ', under a new number'}.
        </p>
      ) : (
        <ul aria-label={`Changes of ${kindName(item.kind)} ${item.key}`} className="mt-2 grid gap-2">
          {item.changes.map((change) => (
            <li key={change.path} className="min-w-0 rounded-control border px-3 py-2">
              <p className="font-mono text-xs text-ink-faint wrap-anywhere">{change.path || '/'}</p>
              <Leaf change={change} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Leaf({ change: { path, before, after } }: { readonly change: LeafChange }): ReactNode {
  if (typeof before === 'string' && typeof after === 'string') {
    // A path of /texts/de/… says which language divides its words.
    const locale = /^\/(?:texts|name|description)\/([A-Za-z-]+)/.exec(path)?.[1] ?? 'en'
    return (
      <p lang={locale} className="text-sm whitespace-pre-wrap wrap-anywhere">
        <Pieces pieces={compareWords(before, after, locale)} />
      </p>
    )
  }
  return (
    <div className="grid gap-1 text-sm">
      {before === undefined ? null : (
        <del className="bg-negative-soft text-negative whitespace-pre-wrap wrap-anywhere">
          {shown(before)}
        </del>
      )}
      {after === undefined ? null : (
        <ins className="bg-positive-soft text-positive whitespace-pre-wrap wrap-anywhere">{shown(after)}</ins>
      )}
    </div>
  )
}

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))
