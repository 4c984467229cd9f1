import { canonicalJson } from './canonical-json.ts'
import type { NoticeDefinition } from './definitions.ts'
import type { ConfigBody, ConfigEvent } from './events.ts'
import { foldPolicy } from './fold-policy.ts'
import type { EventId } from './ids.ts'
import type { Policy } from './policy.ts'
import { inOrder, type NoticeDraft, type ReleaseItem } from './release.ts'
import { symmetryRules } from './symmetry-rules.ts'

/** SHA-256 of a text, hex; the domain has no cryptography of its own. */
export type Sha256 = (text: string) => string

/**
 * What a release publishes under `policy`, in order: each item with the version after the last, `next` resolved. An
 * item that cannot be published is there all the same; `complaintsOf` says what is wrong with it.
 */
export function bodiesOf(
  policy: Policy,
  items: readonly ReleaseItem[],
  sha256: Sha256,
): readonly { readonly item: ReleaseItem; readonly body: ConfigBody }[] {
  const travelling = new Set(items.flatMap(({ kind, key }) => (kind === 'purpose' ? [key] : [])))
  const nextOf = (purpose: string) => (policy.purposes.get(purpose)?.currentVersion ?? 0) + 1
  const noticeOf = (draft: NoticeDraft): NoticeDefinition => ({
    ...draft,
    version: (policy.notices.get(draft.key)?.length ?? 0) + 1,
    purposes: draft.purposes.map((entry) => ({
      ...entry,
      // Where the purpose does not travel, there is no such version, and the check says so.
      version:
        entry.version === 'next'
          ? travelling.has(entry.purpose)
            ? nextOf(entry.purpose)
            : 0
          : entry.version,
    })),
  })
  const bodyOf = (item: ReleaseItem): ConfigBody => {
    switch (item.kind) {
      case 'organisation':
        return { act: 'organisation_published', definition: item.definition }
      case 'property':
        return { act: 'property_published', definition: item.definition }
      case 'regime': {
        const version = (policy.regimes.get(item.key)?.version ?? 0) + 1
        return { act: 'regime_published', version, definition: item.definition }
      }
      case 'purpose': {
        const { material, ...definition } = item.definition
        const body = { act: 'purpose_published', version: nextOf(item.key), definition } as const
        return material === true ? { ...body, material } : body
      }
      case 'assessment':
        return { act: 'assessment_approved', definition: item.definition }
      case 'notice': {
        const definition = noticeOf(item.definition)
        return { act: 'notice_published', sha256: sha256(canonicalJson(definition)), definition }
      }
      case 'experience': {
        const version = (policy.experiences.get(item.key)?.length ?? 0) + 1
        const rules = symmetryRules.map(({ rule }) => rule)
        return { act: 'experience_published', version, definition: item.definition, rules }
      }
      case 'purpose_retirement':
        return { act: 'purpose_retired', purpose: item.key }
    }
  }
  return inOrder(items).map((item) => ({ item, body: bodyOf(item) }))
}

/** The policy as it would be after one more event, recorded at `atMs` or later. */
export function afterBody(policy: Policy, body: ConfigBody, atMs = policy.asOfMs): Policy {
  const recordedAtMs = Math.max(policy.asOfMs, atMs)
  const event: ConfigEvent = {
    ...{ id: 'evt_candidate' as EventId, organisationId: policy.organisationId, subjectId: null },
    ...{ seq: policy.seq + 1, recordedAtMs, occurredAtMs: recordedAtMs, body },
  }
  return foldPolicy(policy, event)
}

/** The policy as it would be if a release of these items were published now. They must pass `checkRelease`. */
export function candidatePolicy(policy: Policy, items: readonly ReleaseItem[], sha256: Sha256): Policy {
  return bodiesOf(policy, items, sha256).reduce((standing, { body }) => afterBody(standing, body), policy)
}
