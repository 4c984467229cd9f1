import { impossible } from './errors.ts'
import type { ConfigBody, ConfigEvent } from './events.ts'
import { lineageOf, type PurposeKey, parentOf } from './ids.ts'
import { isMaterialChange } from './material-change.ts'
import type { CompiledNotice, CompiledPurpose, Policy } from './policy.ts'
import { noRecalls, withRecall } from './recall.ts'

/** The organisation's policy after one more configuration event. Pure; the events were checked when published. */
export function foldPolicy(policy: Policy | undefined, event: ConfigEvent): Policy {
  const { body } = event
  const asOf = { seq: event.seq, asOfMs: Math.max(policy?.asOfMs ?? 0, event.recordedAtMs) }
  if (body.act === 'organisation_published') {
    if (policy !== undefined) return { ...policy, ...asOf, organisation: body.definition }
    return {
      ...asOf,
      organisationId: event.organisationId,
      organisation: body.definition,
      purposes: new Map(),
      regimes: new Map(),
      properties: new Map(),
      notices: new Map(),
      experiences: new Map(),
      releases: new Map(),
      assessments: new Map(),
      keys: new Map(),
      recalls: noRecalls,
    }
  }
  if (policy === undefined) return impossible(`${body.act} before its organisation`)
  const now = { ...policy, ...asOf }
  switch (body.act) {
    case 'property_published':
      return { ...now, properties: put(policy.properties, body.definition.key, body.definition) }
    case 'regime_published': {
      const { version, definition } = body
      return {
        ...now,
        regimes: put(policy.regimes, definition.key, {
          version,
          definition,
          publishedAtMs: event.recordedAtMs,
        }),
      }
    }
    case 'purpose_published':
      return { ...now, purposes: withVersion(policy.purposes, event, body) }
    case 'purpose_retired': {
      const purpose = policy.purposes.get(body.purpose) ?? impossible(`no purpose ${body.purpose}`)
      return {
        ...now,
        purposes: compiled(put(policy.purposes, body.purpose, { ...purpose, isRetired: true })),
      }
    }
    case 'notice_published': {
      const { definition, sha256 } = body
      const before = (policy.notices.get(definition.key) ?? []).map((notice) =>
        notice.untilMs === null ? { ...notice, untilMs: event.recordedAtMs } : notice,
      )
      const published: CompiledNotice = {
        definition,
        sha256,
        publishedSeq: event.seq,
        publishedAtMs: event.recordedAtMs,
        untilMs: null,
        isInvalidated: false,
      }
      return { ...now, notices: put(policy.notices, definition.key, [...before, published]) }
    }
    case 'notice_withdrawn':
      return withNotice(now, body.notice, body.version, (notice) => ({
        ...notice,
        untilMs: notice.untilMs ?? event.recordedAtMs,
      }))
    case 'notice_invalidated':
      return withNotice(now, body.notice, body.version, (notice) => ({ ...notice, isInvalidated: true }))
    case 'experience_published': {
      const { version, definition, rules = [] } = body
      const published = {
        ...{ definition, version, rules, publishedSeq: event.seq },
        publishedAtMs: event.recordedAtMs,
      }
      const before = policy.experiences.get(definition.key) ?? []
      return { ...now, experiences: put(policy.experiences, definition.key, [...before, published]) }
    }
    case 'release_published': {
      const { release: id, title, author, approvers, sha256 } = body
      const published = {
        ...{ id, title, author, approvers, sha256, seq: event.seq },
        ...{ lastSeq: event.seq + body.events, publishedAtMs: event.recordedAtMs },
      }
      return { ...now, releases: put(policy.releases, id, published) }
    }
    case 'consents_invalidated': {
      const { scope, reason } = body
      const { seq, recordedAtMs } = event
      const struck = { ...now, recalls: withRecall(policy.recalls, { seq, scope, reason, recordedAtMs }) }
      if (scope.kind !== 'notice') return struck
      return withNotice(struck, scope.key, scope.version, (notice) => ({ ...notice, isInvalidated: true }))
    }
    case 'assessment_approved': {
      const approved = { ...body.definition, approvedAtMs: event.recordedAtMs }
      return { ...now, assessments: put(policy.assessments, approved.key, approved) }
    }
    case 'assessment_revoked':
      return { ...now, assessments: without(policy.assessments, body.assessment) }
    case 'key_created':
      return {
        ...now,
        keys: put(policy.keys, body.definition.id, {
          ...body.definition,
          createdAtMs: event.recordedAtMs,
          endsAtMs: null,
        }),
      }
    case 'key_expires': {
      const key = policy.keys.get(body.key) ?? impossible(`no key ${body.key}`)
      return { ...now, keys: put(policy.keys, body.key, { ...key, endsAtMs: body.atMs }) }
    }
    case 'key_revoked':
      return { ...now, keys: without(policy.keys, body.key) }
  }
}

function put<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key, value: Value): ReadonlyMap<Key, Value> {
  return new Map(map).set(key, value)
}

function without<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> {
  const copy = new Map(map)
  copy.delete(key)
  return copy
}

function withNotice(
  policy: Policy,
  key: string,
  version: number,
  change: (notice: CompiledNotice) => CompiledNotice,
): Policy {
  const versions = (policy.notices.get(key) ?? []).map((notice) =>
    notice.definition.version === version ? change(notice) : notice,
  )
  return { ...policy, notices: put(policy.notices, key, versions) }
}

function withVersion(
  purposes: ReadonlyMap<PurposeKey, CompiledPurpose>,
  { seq, recordedAtMs: atMs }: ConfigEvent,
  { definition, material }: Extract<ConfigBody, { act: 'purpose_published' }>,
): ReadonlyMap<PurposeKey, CompiledPurpose> {
  const before = purposes.get(definition.key)
  const versions = [...(before?.versions ?? []), definition]
  const last = before?.versions.at(-1)
  const isDeclaredMaterial = last !== undefined && material === true
  const isMaterial = last !== undefined && (isDeclaredMaterial || isMaterialChange(last, definition))
  const published: CompiledPurpose = {
    key: definition.key,
    isRetired: false,
    currentVersion: versions.length,
    materialVersion: before === undefined ? 1 : isMaterial ? versions.length : before.materialVersion,
    versions,
    publications: [...(before?.publications ?? []), { seq, atMs, isMaterial, isDeclaredMaterial }],
    needsCollectedAt: false,
    saleOrSharing: false,
    needsConfirmation: false,
    children: [],
  }
  return compiled(new Map(purposes).set(definition.key, published))
}

/** Flags hold for descendants too, and some for ancestors, so every purpose is compiled again. */
function compiled(all: ReadonlyMap<PurposeKey, CompiledPurpose>): ReadonlyMap<PurposeKey, CompiledPurpose> {
  return new Map([...all].map(([key, purpose]) => [key, compile(all, key, purpose)]))
}

function compile(
  all: ReadonlyMap<PurposeKey, CompiledPurpose>,
  key: PurposeKey,
  purpose: CompiledPurpose,
): CompiledPurpose {
  const current = lineageOf(key).flatMap((ancestor) => all.get(ancestor)?.versions.at(-1) ?? [])
  return {
    ...purpose,
    needsCollectedAt: current.some(({ needsCollectedAt }) => needsCollectedAt),
    saleOrSharing: current.some(({ saleOrSharing }) => saleOrSharing),
    needsConfirmation:
      current.some(({ needsConfirmation }) => needsConfirmation === true) ||
      [...all.values()].some(
        (part) =>
          part.key.startsWith(`${key}.`) &&
          !part.isRetired &&
          part.versions.at(-1)?.needsConfirmation === true,
      ),
    children: [...all.keys()].filter((other) => parentOf(other) === key).sort(),
  }
}
