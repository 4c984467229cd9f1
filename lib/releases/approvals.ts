import { createHash } from 'node:crypto'
import { approvalsNeeded } from '../domain/approvals-needed.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { Policy } from '../domain/policy.ts'
import { contentOf, type ReleaseItem } from '../domain/release.ts'
import { baseOf } from '../domain/release-standing.ts'
import { type FlipsRead, readFlips } from './flip-report.ts'
import type {
  ApprovalTerms,
  ReleaseState,
  StoredApproval,
  StoredItem,
  StoredRelease,
} from './release-store.ts'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The items that would be published. */
export function itemsOf({ items }: { readonly items: readonly StoredItem[] }): readonly ReleaseItem[] {
  return items.flatMap(({ kind, key, definition }) =>
    definition === null ? [] : [{ kind, key, definition } as ReleaseItem],
  )
}

/** What an approval is of: the items, and what is in force that they build on. */
export type Content = { readonly sha256: string; readonly baseSha256: string }

export function contentHashes(policy: Policy, items: readonly ReleaseItem[]): Content {
  return { sha256: sha256(canonicalJson(contentOf(items))), baseSha256: sha256(baseOf(policy, items)) }
}

/** Why an approval does not count. */
export type VoidBecause =
  | 'withdrawn'
  /** An item was edited, added or taken out since. */
  | 'items_changed'
  /** What is in force has changed: the release would do something else than was shown. */
  | 'base_changed'
  /** She is the author, has edited it, or made the API key that did. */
  | 'own_work'
  /** It was given before a report showed what is now a yes. */
  | 'before_report'
  /** She is no owner or officer any more. */
  | 'may_not_approve'

export type JudgedApproval = StoredApproval & { readonly voidBecause: VoidBecause | null }

export type Approvals = {
  readonly content: Content
  readonly needed: number
  readonly flips: FlipsRead
  readonly judged: readonly JudgedApproval[]
  /** Those that count, each approver once. */
  readonly approvers: readonly string[]
}

/** Why this member may not approve this release; null where she may. */
export function barTo(release: StoredRelease, terms: ApprovalTerms, approver: string): VoidBecause | null {
  if (!terms.mayApprove.includes(approver)) return 'may_not_approve'
  const workers = [release.author, ...release.editors]
  const isOwnWork = workers.some((name) => name === approver || terms.keyMakers.get(name) === approver)
  return isOwnWork ? 'own_work' : null
}

/** Which approvals count, under what is in force now, and how many are needed. */
export function judgeApprovals(release: StoredRelease, terms: ApprovalTerms, policy: Policy): Approvals {
  const content = contentHashes(policy, itemsOf(release))
  const flips = readFlips(release.flips, content, terms)
  const judged = release.approvals.map((approval) => {
    const voidBecause = approval.isWithdrawn
      ? 'withdrawn'
      : approval.sha256 !== content.sha256
        ? 'items_changed'
        : approval.baseSha256 !== content.baseSha256
          ? 'base_changed'
          : approval.atMs < flips.newYesKnownMs
            ? 'before_report'
            : barTo(release, terms, approval.approver)
    return { ...approval, voidBecause } as const
  })
  const approvers = judged.filter(({ voidBecause }) => voidBecause === null).map(({ approver }) => approver)
  return {
    content,
    needed: approvalsNeeded({
      setting: terms.fourEyes,
      mayApprove: terms.mayApprove.length,
      hasNewYes: flips.hasNewYes,
      isAuthorMember: release.author.startsWith('member:'),
    }),
    flips,
    judged,
    approvers: [...new Set(approvers)].sort(),
  }
}

/** The state as it is: in review and approved follow from the approvals that count now. */
export function stateNow(state: ReleaseState, { needed, approvers }: Approvals): ReleaseState {
  if (state !== 'in_review' && state !== 'approved') return state
  return approvers.length >= Math.max(needed, 1) ? 'approved' : 'in_review'
}
