import type { ReactNode } from 'react'
import { Time } from '../ui/time.tsx'
import type { Release } from './release-types.ts'

const because: Readonly<Record<NonNullable<Release['approvals'][number]['void_because']>, string>> = {
  withdrawn: 'taken back',
  items_changed: 'does not count: it was edited since',
  base_changed: 'does not count: what is in force has changed since',
  before_report: 'does not count: given before the report that shows a no become a yes',
  own_work: 'does not count: she edited it since',
  may_not_approve: 'does not count: no longer an owner or officer',
}

/** How many must approve, and who has; an approval that does not count says why. */
export function ReleaseApprovals({ release }: { readonly release: Release }): ReactNode {
  const { approvals, approvals_needed: needed, approvers, people, has_new_yes: hasNewYes, state } = release
  return (
    <div className="grid gap-3 text-sm">
      <p>
        {state === 'published'
          ? approvers.length === 0
            ? 'It was published without: nobody else could approve then.'
            : `Approved by ${approvers.map((name) => people[name] ?? name).join(', ')}.`
          : needed === 0
            ? 'None is needed while nobody else is an owner or officer.'
            : `${approvers.length} of ${needed} that ${needed === 1 ? 'is' : 'are'} needed, by people who did not write it.`}
        {hasNewYes ? ' It turns some no into a yes, which takes two people.' : ''}
      </p>
      {approvals.length === 0 ? null : (
        <ul className="grid gap-2">
          {approvals.map(({ approver, at, void_because }) => (
            <li key={`${approver} ${at}`} className={void_because === null ? '' : 'text-ink-soft'}>
              <span className="wrap-anywhere">{people[approver] ?? approver}</span>, <Time at={at} />
              {void_because === null ? null : <p className="text-xs">{because[void_because]}</p>}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
