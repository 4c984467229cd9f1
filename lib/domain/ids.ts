declare const brand: unique symbol
type Brand<Name extends string> = string & { readonly [brand]: Name }

/** The controller; the tenant. `org_…` */
export type OrganisationId = Brand<'OrganisationId'>
/** A person or a device, opaque and random. `sub_…` */
export type SubjectId = Brand<'SubjectId'>
/** One appended fact. `evt_…` */
export type EventId = Brand<'EventId'>
/** A purpose's stable, dotted key: `ai_training.fine_tuning` is a child of `ai_training`. */
export type PurposeKey = string
/** A property's stable key. */
export type PropertyKey = string

/** The parent's key, or undefined for a root. */
export function parentOf(purpose: PurposeKey): PurposeKey | undefined {
  const dot = purpose.lastIndexOf('.')
  return dot < 0 ? undefined : purpose.slice(0, dot)
}

const lineages = new Map<PurposeKey, readonly PurposeKey[]>()
const lineagesMax = 10_000

/** The purpose and its ancestors, nearest first. Every decision asks several times, so answers are kept. */
export function lineageOf(purpose: PurposeKey): readonly PurposeKey[] {
  const known = lineages.get(purpose)
  if (known !== undefined) return known
  const parent = parentOf(purpose)
  const lineage = parent === undefined ? [purpose] : [purpose, ...lineageOf(parent)]
  // Questions name what they like: bounded.
  if (lineages.size < lineagesMax) lineages.set(purpose, lineage)
  return lineage
}
