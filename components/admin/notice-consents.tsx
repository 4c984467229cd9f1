import type { ReactNode } from 'react'
import type { NoticeConsents } from '../../lib/client/client.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { Cell, ColumnHead, Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { languageName } from './language-name.ts'

const figure = (count: number) => count.toLocaleString('en-GB')

/** What each number means, in the order of the columns. */
const columns = [
  { name: 'in_force', title: 'In force', means: 'can be relied on now' },
  { name: 'superseded', title: 'Superseded', means: 'the purpose has widened since; ask again' },
  { name: 'run_out', title: 'Run out', means: 'past their time' },
  { name: 'void', title: 'Void', means: 'struck, not provable, or given by someone who could not' },
] as const

/** How many consents rest on a version: in sum, then by purpose and language. */
export function NoticeConsentTable({ counted }: { readonly counted: NoticeConsents }): ReactNode {
  const { consents, as_of, revision } = counted
  return (
    <>
      <dl className="grid grid-cols-2 gap-px border-y bg-line lg:grid-cols-4">
        {columns.map(({ name, title, means }) => (
          <div key={name} className="bg-surface px-5 py-4">
            <dt className="text-xs text-ink-soft">{title}</dt>
            <dd className="mt-0.5 text-2xl font-semibold tracking-tight tabular-nums">
              {figure(counted[name])}
            </dd>
            <dd className="mt-0.5 text-xs text-ink-soft">{means}</dd>
          </div>
        ))}
      </dl>
      {consents.length === 0 ? (
        <EmptyState title="No consent rests on these words">
          Once someone says yes having been shown this version, the yes is counted here, by purpose and
          language. One that is taken back leaves at once.
        </EmptyState>
      ) : (
        <Table caption="Consents by purpose and language" isStacked>
          <thead>
            <tr>
              <ColumnHead>Purpose</ColumnHead>
              <ColumnHead>Shown in</ColumnHead>
              {columns.map(({ name, title }) => (
                <ColumnHead key={name} className="text-right">
                  {title}
                </ColumnHead>
              ))}
            </tr>
          </thead>
          <tbody>
            {consents.map((each) => (
              <tr key={`${each.purpose} ${each.purpose_version} ${each.locale}`}>
                <Cell>
                  <span className="font-medium">{each.purpose}</span> {each.purpose_version || ''}
                </Cell>
                <Cell label="Shown in" className="whitespace-nowrap">
                  {languageName(each.locale)}
                </Cell>
                {columns.map(({ name, title }) => (
                  <Cell
                    label={title}
                    key={name}
                    className={`text-right tabular-nums ${each[name] === 0 ? 'text-ink-faint' : ''}`}
                  >
                    {figure(each[name])}
                  </Cell>
                ))}
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      <p className="px-5 py-3 text-xs text-ink-soft">
        Counted exactly, as of revision {revision}, <Time at={as_of} hasSeconds />. A yes for two sites counts
        twice.
      </p>
    </>
  )
}
