import { findNotice } from './find-notice.ts'
import type { Policy } from './policy.ts'
import { isValid } from './rows.ts'
import type { EarlierGrant, Grant } from './state.ts'

/**
 * What a recall strikes. All consents given under an experience's or a notice's version, before or after it; through an
 * API key or with an import, those recorded before it.
 */
export type RecallScope =
  | { readonly kind: 'experience'; readonly key: string; readonly version: number }
  | { readonly kind: 'import'; readonly id: string }
  | { readonly kind: 'key'; readonly id: string }
  | { readonly kind: 'notice'; readonly key: string; readonly version: number }

/** Where a yes came from, beside its notice. */
export type GrantOrigin = {
  /** The banner or layout it was said in. */
  readonly experience: { readonly key: string; readonly version: number } | null
  /** The API key it came through; null for a person's own device and for members. */
  readonly via: string | null
  /** `importMark` of the import it was brought with. */
  readonly importMark: number | null
}

/** One recall that stands. */
export type Recall = {
  /** Its event: of key and import, it strikes what was recorded before. */
  readonly seq: number
  readonly scope: RecallScope
  readonly reason: string
  readonly recordedAtMs: number
}

/** An organisation's recalls, by what they strike. Of several for one key or import, the latest. */
export type CompiledRecalls = {
  /** By `experienceName`. */
  readonly experiences: ReadonlyMap<string, Recall>
  readonly keys: ReadonlyMap<string, Recall>
  /** By `importMark`. */
  readonly imports: ReadonlyMap<number, Recall>
  /** In the order of the log, those of notices too. */
  readonly all: readonly Recall[]
}

export const noRecalls: CompiledRecalls = {
  experiences: new Map(),
  keys: new Map(),
  imports: new Map(),
  all: [],
}

export const experienceName = ({ key, version }: { readonly key: string; readonly version: number }) =>
  `${version} ${key}`

/**
 * An import's reference as a number below 2^48, which is what states hold of it: references are as many as callers
 * like, and each in full would be a shape of its own. Two that meet are struck together.
 */
export function importMark(reference: string): number {
  return hash24(reference, 0x811c_9dc5) * 0x100_0000 + hash24(reference, 0x0100_0193)
}

/** FNV-1a of the UTF-16 units, folded to 24 bits. */
function hash24(text: string, seed: number): number {
  let hash = seed
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    hash = Math.imul(hash ^ (unit & 0xff), 0x0100_0193)
    hash = Math.imul(hash ^ (unit >>> 8), 0x0100_0193)
  }
  return ((hash >>> 24) ^ hash) & 0xff_ffff
}

/** The policy's recalls after one more. */
export function withRecall(recalls: CompiledRecalls, recall: Recall): CompiledRecalls {
  const { scope } = recall
  const next = { ...recalls, all: [...recalls.all, recall] }
  switch (scope.kind) {
    case 'experience': {
      const name = experienceName(scope)
      if (recalls.experiences.has(name)) return next
      return { ...next, experiences: new Map(recalls.experiences).set(name, recall) }
    }
    case 'key':
      return { ...next, keys: new Map(recalls.keys).set(scope.id, recall) }
    case 'import':
      return { ...next, imports: new Map(recalls.imports).set(importMark(scope.id), recall) }
    case 'notice':
      return next
  }
}

/**
 * The first position that no recall of these origins strikes: 0 where none does, infinity where all of them are struck
 * for good.
 */
export function struckBefore({ recalls }: Policy, origin: GrantOrigin | null): number {
  if (origin === null || recalls.all.length === 0) return 0
  const { experience, via, importMark: mark } = origin
  if (experience !== null && recalls.experiences.has(experienceName(experience))) {
    return Number.POSITIVE_INFINITY
  }
  const byKey = via === null ? 0 : (recalls.keys.get(via)?.seq ?? 0)
  const byImport = mark === null ? 0 : (recalls.imports.get(mark)?.seq ?? 0)
  return Math.max(byKey, byImport)
}

/** Whether a yes was struck: by itself, with its notice, or by a recall of where it came from. */
export function isStruck(policy: Policy, grant: Grant | EarlierGrant): boolean {
  if (grant.isInvalidated || grant.seq < struckBefore(policy, grant.origin)) return true
  return findNotice(policy, grant.noticeKey, grant.noticeVersion)?.isInvalidated === true
}

/** Whether a yes may still be relied on to have lifted a refusal; its expiry is a question of the day it is asked. */
export function holds(policy: Policy, grant: Grant): boolean {
  return isValid(grant) && !isStruck(policy, grant)
}

/** Whether nobody but guardians said yes in this run. */
export function byGuardians({ actor, run }: Grant): boolean {
  return actor === 'guardian' && run.every(({ byGuardian }) => byGuardian)
}

/** The recall that struck a yes, for people who ask why; undefined where it was struck by itself. */
export function recallOf({ recalls }: Policy, grant: Grant): Recall | undefined {
  return recalls.all.find(({ scope, seq }) => isMeant(scope, seq, grant))
}

/** Where a yes came from; null where nothing is known, as of those recorded before it was kept. */
export function originOf(body: {
  readonly experience?: { readonly key: string; readonly version: number } | null
  readonly via?: string | null
  readonly importId?: string | null
}): GrantOrigin | null {
  const { experience = null, via = null, importId = null } = body
  if (experience === null && via === null && importId === null) return null
  return {
    experience: experience && { key: experience.key, version: experience.version },
    via,
    importMark: importId === null ? null : importMark(importId),
  }
}

/** Whether a recall of this scope, at a position, means this yes; infinity for one that is yet to come. */
export function isMeant(scope: RecallScope, beforeSeq: number, grant: Grant): boolean {
  switch (scope.kind) {
    case 'notice':
      return scope.key === grant.noticeKey && scope.version === grant.noticeVersion
    case 'experience':
      return scope.key === grant.origin?.experience?.key && scope.version === grant.origin.experience.version
    case 'key':
      return scope.id === grant.origin?.via && grant.seq < beforeSeq
    case 'import':
      return importMark(scope.id) === grant.origin?.importMark && grant.seq < beforeSeq
  }
}
