import type { Decisions } from '../../decisions/decisions.ts'
import { AssentError } from '../../domain/errors.ts'
import type { Usage } from './create-usage.ts'
import { KeyUses } from './key-uses.ts'
import { UsageCounts } from './usage-counts.ts'

/**
 * Counts for `/metrics` on a node that stores nothing. Answers of a run must be kept, so they are not given here: throws
 * `node_only_decides`.
 */
export function createCountsOnly(decisions: Pick<Decisions, 'policy'>): Usage {
  const counts = new UsageCounts(
    (organisationId, purpose) => decisions.policy(organisationId)?.purposes.has(purpose) ?? false,
  )
  return {
    counts,
    uses: new KeyUses(),
    decided({ organisationId, name }, _, { question, run }, { decision }) {
      if (run !== null) {
        throw new AssentError('node_only_decides', 'Answers of a run are kept: ask the node that writes.')
      }
      counts.count(organisationId, name, question.purpose, decision.reason)
    },
    counted({ organisationId, name }, purpose, reason) {
      counts.count(organisationId, name, purpose, reason)
      return null
    },
    keep: () => undefined,
    flush: async () => undefined,
    close: async () => undefined,
  }
}
