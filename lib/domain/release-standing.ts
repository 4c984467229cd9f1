import { canonicalJson } from './canonical-json.ts'
import type { Policy } from './policy.ts'
import { type ItemKind, inOrder, type ReleaseItem } from './release.ts'

/** What is in force where an item would go; null where there is nothing. Versions count from 1; null: it has none. */
export type Standing = {
  readonly version: number | null
  /** In the form of a draft, so that it can be compared and edited; null where nothing is in force. */
  readonly definition: ReleaseItem['definition'] | null
}

/** What an item of this kind and key builds on. A retired purpose is still the version that the next one follows. */
export function standingOf(policy: Policy, kind: ItemKind, key: string): Standing {
  switch (kind) {
    case 'organisation':
      return { version: null, definition: policy.organisation.key === key ? policy.organisation : null }
    case 'property':
      return { version: null, definition: policy.properties.get(key) ?? null }
    case 'regime': {
      const regime = policy.regimes.get(key)
      return { version: regime?.version ?? 0, definition: regime?.definition ?? null }
    }
    case 'purpose': {
      const purpose = policy.purposes.get(key)
      return { version: purpose?.currentVersion ?? 0, definition: purpose?.versions.at(-1) ?? null }
    }
    case 'assessment': {
      const standing = policy.assessments.get(key)
      if (standing === undefined) return { version: null, definition: null }
      const { approvedAtMs: _, ...definition } = standing
      return { version: null, definition }
    }
    case 'notice': {
      const last = policy.notices.get(key)?.at(-1)
      if (last === undefined) return { version: 0, definition: null }
      const { version, ...definition } = last.definition
      return { version, definition }
    }
    case 'experience': {
      const last = policy.experiences.get(key)?.at(-1)
      return { version: last?.version ?? 0, definition: last?.definition ?? null }
    }
    case 'purpose_retirement':
      return {
        version: null,
        definition: policy.purposes.get(key)?.isRetired === true ? { purpose: key } : null,
      }
  }
}

/**
 * What a release builds on, as canonical JSON. While it is the same, publishing the release does what its difference
 * shows.
 */
export function baseOf(policy: Policy, items: readonly ReleaseItem[]): string {
  return canonicalJson(
    inOrder(items).map(({ kind, key }) => ({
      ...{ kind, key, standing: standingOf(policy, kind, key) },
      // Whether it takes a retired purpose or a withdrawn notice back into use is part of what it does.
      isRetired: kind === 'purpose' && policy.purposes.get(key)?.isRetired === true,
      isInForce: kind === 'notice' && isInForce(policy, key),
    })),
  )
}

/** All that is in force, as a release would publish it: what is exported, edited, and compared with. */
export function itemsInForce(policy: Policy): readonly ReleaseItem[] {
  const of = (kind: ItemKind, keys: Iterable<string>) =>
    [...keys].flatMap((key) => {
      const { definition } = standingOf(policy, kind, key)
      return definition === null ? [] : [{ kind, key, definition } as ReleaseItem]
    })
  // Of a retired purpose nothing but that is in force.
  const inUse = new Map([...policy.purposes].filter(([, { isRetired }]) => !isRetired))
  const notices = [...policy.notices.keys()].filter((key) => isInForce(policy, key))
  return inOrder([
    ...of('organisation', [policy.organisation.key]),
    ...of('property', policy.properties.keys()),
    ...of('regime', policy.regimes.keys()),
    ...of('purpose', inUse.keys()),
    ...of('purpose_retirement', policy.purposes.keys()),
    ...of('assessment', policy.assessments.keys()),
    ...of('notice', notices),
    ...of('experience', policy.experiences.keys()),
  ])
}

function isInForce(policy: Policy, notice: string): boolean {
  const last = policy.notices.get(notice)?.at(-1)
  return last !== undefined && last.untilMs === null && !last.isInvalidated
}
