import { type Change, differenceOf } from './difference.ts'
import { changesOf, type PurposeWidening } from './material-change.ts'
import type { Policy } from './policy.ts'
import type { ItemKind, ReleaseItem } from './release.ts'
import { bodiesOf, type Sha256 } from './release-bodies.ts'
import { standingOf } from './release-standing.ts'

/** What one item of a release changes of what is in force. */
export type ItemDifference = {
  readonly kind: ItemKind
  readonly key: string
  /** 0 where nothing is in force, null for what has no versions. */
  readonly versionBefore: number | null
  readonly versionAfter: number | null
  readonly isNew: boolean
  readonly changes: readonly Change[]
  /** Of a purpose: what it would allow beyond what people agreed to. */
  readonly widenings: readonly PurposeWidening[]
  /** Of a purpose: people who agreed to the version before must be asked anew. */
  readonly isMaterial: boolean
}

/** The one difference of a release against what is in force: every changed leaf of every item, in publication’s order. */
export function releaseDifference(
  policy: Policy,
  items: readonly ReleaseItem[],
  sha256: Sha256,
): readonly ItemDifference[] {
  return bodiesOf(policy, items, sha256).map(({ item, body }) => {
    const { kind, key } = item
    const { version, definition } = standingOf(policy, kind, key)
    const before = policy.purposes.get(key)
    const last = kind === 'purpose' ? before?.versions.at(-1) : undefined
    const widenings = last === undefined || item.kind !== 'purpose' ? [] : changesOf(last, item.definition)
    const isDeclared = last !== undefined && item.kind === 'purpose' && item.definition.material === true
    return {
      ...{ kind, key, versionBefore: version, versionAfter: version === null ? null : version + 1 },
      isNew: definition === null,
      changes: [
        ...(item.kind === 'purpose_retirement'
          ? []
          : differenceOf(definition ?? undefined, shownOf(item, body))),
        ...(isDeclared ? [{ path: '/material', before: false, after: true }] : []),
        ...retirement(kind, before?.isRetired ?? false),
      ],
      widenings,
      isMaterial: widenings.length > 0 || isDeclared,
    }
  })
}

/** The definition as it would be published, with the versions that `next` stands for. */
function shownOf(item: ReleaseItem, body: ReturnType<typeof bodiesOf>[number]['body']): unknown {
  if (body.act === 'notice_published') {
    const { version: _, ...definition } = body.definition
    return definition
  }
  return body.act === 'purpose_published' ? body.definition : item.definition
}

function retirement(kind: ItemKind, isRetired: boolean): readonly Change[] {
  if (kind === 'purpose_retirement' && !isRetired) {
    return [{ path: '/is_retired', before: false, after: true }]
  }
  if (kind === 'purpose' && isRetired) return [{ path: '/is_retired', before: true, after: false }]
  return []
}
