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

/** The purpose and its ancestors, nearest first. */
export function lineageOf(purpose: PurposeKey): readonly PurposeKey[] {
  const parent = parentOf(purpose)
  return parent === undefined ? [purpose] : [purpose, ...lineageOf(parent)]
}
