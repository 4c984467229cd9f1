import type { NoticePurpose } from './definitions.ts'
import type { PropertyKey, PurposeKey } from './ids.ts'
import type { CompiledNotice, Policy } from './policy.ts'

/** A published version, withdrawn and invalidated ones included. */
export function findNotice(policy: Policy, key: string | null, version: number): CompiledNotice | undefined {
  return key === null ? undefined : policy.notices.get(key)?.[version - 1]
}

/** What a notice says of one purpose; undefined where it does not name it. */
export function namedIn(notice: CompiledNotice | undefined, purpose: PurposeKey): NoticePurpose | undefined {
  return notice?.definition.purposes.find((entry) => entry.purpose === purpose)
}

/**
 * The notice naming `purpose` that was in force at `atMs` and reaches `property`, or the whole organisation where it
 * is null. Of several, the one that had been in force longest.
 */
export function noticeInForce(
  policy: Policy,
  purpose: PurposeKey,
  property: PropertyKey | null,
  atMs: number,
): CompiledNotice | undefined {
  let found: CompiledNotice | undefined
  for (const versions of policy.notices.values()) {
    for (const notice of versions) {
      const reach = notice.definition.property
      if (notice.isInvalidated || (reach !== null && reach !== property)) continue
      if (atMs < notice.publishedAtMs || (notice.untilMs !== null && atMs >= notice.untilMs)) continue
      if (namedIn(notice, purpose) === undefined) continue
      if (found === undefined || notice.publishedSeq < found.publishedSeq) found = notice
    }
  }
  return found
}

/** Every published version that names one of these purposes. */
export function noticesNaming(policy: Policy, purposes: readonly PurposeKey[]): readonly CompiledNotice[] {
  return [...policy.notices.values()]
    .flat()
    .filter((notice) => purposes.some((purpose) => namedIn(notice, purpose) !== undefined))
}
