import { setImmediate as afterOthers } from 'node:timers/promises'
import { AssentError, impossible } from '../domain/errors.ts'
import type { OrganisationId, SubjectId } from '../domain/ids.ts'
import type { Policy } from '../domain/policy.ts'
import type { Revision } from '../domain/revision.ts'
import type { ConsentIndex } from './consent-index.ts'
import type { ConsentCounts, CoverageCounts } from './decisions.ts'
import type { Recalled, RecallScan } from './index/recall-scan.ts'
import type { Tally } from './index/tally.ts'

/** About a millisecond's worth, outside the caches. */
const subjectsAtOnce = 4_096

type Counting = {
  readonly index: () => ConsentIndex
  readonly timeOf: (policy: Policy) => number
  readonly revision: () => Revision
}

/** All consents of an organisation by what they rest on; see `countInTurns`. */
export async function countConsents(organisationId: OrganisationId, of: Counting): Promise<ConsentCounts> {
  return countInTurns(organisationId, of, (index, ...asOf) => index.beginTally(organisationId, ...asOf))
}

/** Where each purpose stands for an organisation's subjects; see `countInTurns`. */
export async function countCoverage(organisationId: OrganisationId, of: Counting): Promise<CoverageCounts> {
  return countInTurns(organisationId, of, (index, ...asOf) => index.beginCoverage(organisationId, ...asOf))
}

/**
 * Counts to the end, a part in each turn of the event loop, so that questions wait for a millisecond at most. Where the
 * organisation's policy changes meanwhile, it begins again: how long a yes lasts may have changed. `index` throws
 * `not_ready` where there is none.
 */
async function countInTurns<Counts>(
  organisationId: OrganisationId,
  of: Counting,
  begin: (index: ConsentIndex, policy: Policy, nowMs: number) => Tally<Counts>,
): Promise<{ readonly counts: Counts; readonly revision: Revision; readonly nowMs: number }> {
  const index = of.index()
  const policyNow = () =>
    index.organisations.get(organisationId)?.policy ?? impossible('an organisation without policy')
  for (;;) {
    const policy = policyNow()
    const nowMs = of.timeOf(policy)
    const tally = begin(index, policy, nowMs)
    try {
      for (;;) {
        if (of.index() !== index) throw new AssentError('not_ready', 'The index is being loaded.')
        if (policyNow() !== policy) break
        if (tally.advance(subjectsAtOnce)) return { counts: tally.result(), revision: of.revision(), nowMs }
        await afterOthers()
      }
    } finally {
      index.endTally(tally)
    }
  }
}

/** Looks at everyone, a part in each turn of the event loop, for what a recall means. `index` throws as above. */
export async function scanRecall(
  organisationId: OrganisationId,
  of: { readonly index: () => ConsentIndex; readonly timeOf: (policy: Policy) => number },
  recalled: Recalled,
  page?: { readonly after: SubjectId | null; readonly limit: number },
): Promise<RecallScan> {
  const index = of.index()
  const policy =
    index.organisations.get(organisationId)?.policy ?? impossible('an organisation without policy')
  const scan = index.beginRecallScan({ organisationId, policy, nowMs: of.timeOf(policy) }, recalled, page)
  while (!scan.advance(subjectsAtOnce)) {
    await afterOthers()
    if (of.index() !== index) throw new AssentError('not_ready', 'The index is being loaded.')
  }
  return scan
}

/** Calls for a key that come while one for it is under way share its answer. */
export function sharedByKey<Key, Value>(begin: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  const underWay = new Map<Key, Promise<Value>>()
  return (key) => {
    const known = underWay.get(key)
    if (known !== undefined) return known
    const own = begin(key).finally(() => underWay.delete(key))
    underWay.set(key, own)
    return own
  }
}
