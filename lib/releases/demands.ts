import { checkRelease } from '../domain/check-release.ts'
import { AssentError } from '../domain/errors.ts'
import type { Policy } from '../domain/policy.ts'
import { type Approvals, itemsOf, sha256 } from './approvals.ts'
import { demandReport } from './flip-report.ts'
import type { ReleaseAct, ReleaseState, StoredRelease } from './release-store.ts'

/** Nothing waits for its time any more. */
export const unscheduled = { publishAtMs: null, scheduledBy: null, publishError: null } as const

export function act(name: ReleaseAct, release: StoredRelease, more: Readonly<Record<string, string>> = {}) {
  return { act: { act: name, detail: { release: release.id, ...more } } }
}

/** Throws `release_state` unless it is in one of these states. */
export function demand(release: StoredRelease, states: readonly ReleaseState[], what: string): void {
  if (release.state === 'published' || release.state === 'discarded') closed(release)
  if (states.includes(release.state)) return
  throw new AssentError(
    'release_state',
    `It is ${release.state}; a release ${what} while it is ${states.join(', ')}.`,
    { members: { state: release.state } },
  )
}

/** What is published or discarded stays. */
export function closed({ state }: StoredRelease): never {
  throw new AssentError('release_state', `It is ${state}, and stays as it is. Open another release.`, {
    members: { state },
  })
}

/** Throws `release_incomplete`, which carries everything at once. */
export function demandComplete(policy: Policy, release: StoredRelease): void {
  const { complaints, lacking } = checkRelease(policy, itemsOf(release), sha256)
  if (complaints.length === 0 && lacking.length === 0) return
  const said = [
    ...complaints.map(({ key, message }) => (key === null ? message : `${key}: ${message}`)),
    ...lacking.map(({ purpose, kind, source }) => `${purpose}: no ${kind} assessment is linked (${source})`),
  ]
  throw new AssentError('release_incomplete', `It cannot be published as it is. ${said.join('; ')}.`, {
    members: { complaints, lacking },
  })
}

/** Throws `flip_report_needed` without a report, `approval_missing` where fewer approvals count than are needed. */
export function demandApproved({ needed, approvers, flips }: Approvals, nowMs: number): void {
  demandReport(flips, nowMs)
  if (approvers.length >= needed) return
  const why = flips.hasNewYes
    ? ' It turns some no into a yes, which takes two people who have seen the report.'
    : ''
  throw new AssentError(
    'approval_missing',
    `${needed} approval${needed === 1 ? ' is' : 's are'} needed, and ${approvers.length} count: of members, owner or officer, who neither wrote nor edited it.${why}`,
    { members: { needed, approvers } },
  )
}

/** As of one that is another organisation’s. */
export function notFound(): never {
  throw new AssentError('not_found', 'There is no such release, or nothing of it under this name.')
}
