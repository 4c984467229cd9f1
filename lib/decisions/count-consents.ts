import { setImmediate as afterOthers } from 'node:timers/promises'
import { AssentError, impossible } from '../domain/errors.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { Policy } from '../domain/policy.ts'
import type { Revision } from '../domain/revision.ts'
import type { ConsentIndex } from './consent-index.ts'
import type { ConsentCounts } from './decisions.ts'

/** About a millisecond's worth, outside the caches. */
const subjectsAtOnce = 4_096

/**
 * Counts to the end, a part in each turn of the event loop, so that questions wait for a millisecond at most. Where the
 * organisation's policy changes meanwhile, it begins again: how long a yes lasts may have changed. `index` throws
 * `not_ready` where there is none.
 */
export async function countConsents(
  organisationId: OrganisationId,
  of: {
    readonly index: () => ConsentIndex
    readonly timeOf: (policy: Policy) => number
    readonly revision: () => Revision
  },
): Promise<ConsentCounts> {
  const index = of.index()
  const policyNow = () =>
    index.organisations.get(organisationId)?.policy ?? impossible('an organisation without policy')
  for (;;) {
    const policy = policyNow()
    const nowMs = of.timeOf(policy)
    const tally = index.beginTally(organisationId, policy, nowMs)
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
