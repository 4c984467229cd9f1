import type { ReactNode } from 'react'
import type { RegimeFound } from '../../../lib/client/regime-types.ts'
import { Badge } from '../../ui/badge.tsx'
import { Time } from '../../ui/time.tsx'
import { FactDifferences } from '../fact-differences.tsx'
import { compareRegimes } from './compare-regimes.ts'

/** Every version, newest first, with what changed against the one before. */
export function RegimeVersions({ regime }: { readonly regime: RegimeFound }): ReactNode {
  return (
    <ol>
      {[...regime.versions].reverse().map((each) => {
        const before = regime.versions.find(({ version }) => version === each.version - 1)
        const changed = before === undefined ? [] : compareRegimes(before.definition, each.definition)
        return (
          <li key={each.version} className="border-t">
            <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-5 py-3 text-sm">
              <h3 className="font-medium">Version {each.version}</h3>
              {each.version === regime.version ? <Badge tone="positive">in force</Badge> : null}
              <span className="text-ink-soft">
                <Time at={each.published_at} />, in event {each.published_seq}
              </span>
              <span className="text-ink-soft">
                {before === undefined
                  ? 'The first.'
                  : changed.length === 0
                    ? 'Nothing that it says has changed.'
                    : `Changed: ${changed.map(({ name }) => name.toLowerCase()).join(', ')}.`}
              </span>
            </div>
            {before === undefined ? null : (
              <FactDifferences
                rows={changed}
                names={[`version ${before.version}`, `version ${each.version}`]}
                level="h4"
              />
            )}
          </li>
        )
      })}
    </ol>
  )
}
