import type { ReactNode } from 'react'
import type { PurposeVersions as Versions } from '../../../lib/client/releases.ts'
import { Badge } from '../../ui/badge.tsx'
import { Time } from '../../ui/time.tsx'

type Version = Versions['versions'][number]

/** Every version, newest first: what it widened, whether people had to be asked anew, and who approved it. */
export function PurposeVersions({ purpose }: { readonly purpose: Versions }): ReactNode {
  return (
    <ol className="text-sm">
      {[...purpose.versions].reverse().map((each) => (
        <li key={each.version} className="border-t px-5 py-3">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h3 className="font-medium">Version {each.version}</h3>
            {each.version === purpose.version && !purpose.is_retired ? (
              <Badge tone="positive">in force</Badge>
            ) : null}
            {each.is_material && each.version > 1 ? <Badge tone="caution">asked anew</Badge> : null}
            <span className="text-ink-soft">
              <Time at={each.published_at} />, in event {each.published_seq}
            </span>
          </div>
          <p className="mt-1 text-ink-soft">{changeText(each)}</p>
          {each.release === null ? null : (
            <p className="text-xs text-ink-soft">
              Release “{each.release.title}”, by {nameOf(purpose, each.release.author)}
              {each.release.approved_by.length === 0
                ? ''
                : `, approved by ${each.release.approved_by.map((name) => nameOf(purpose, name)).join(', ')}`}
            </p>
          )}
        </li>
      ))}
    </ol>
  )
}

const nameOf = ({ people }: Versions, name: string) => people[name] ?? name

function changeText(version: Version): string {
  if (version.version === 1) return 'The first.'
  if (version.widenings.length > 0) {
    return `Wider than before: ${version.widenings.map(wideningText).join('; ')}.`
  }
  return version.is_declared_material
    ? 'Not wider than before, but an officer had people asked anew.'
    : 'Not wider than before: a yes to the version before still holds.'
}

function wideningText({ kind, added, from, to }: Version['widenings'][number]): string {
  const words = kind.replaceAll('_', ' ')
  if (added !== undefined) return `${words}: ${String(added)}`
  if (from === undefined) return words
  return `${words}: from ${String(from)} to ${to === null ? 'no bound' : String(to)}`
}
