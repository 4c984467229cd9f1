import type {
  AssessmentDefinition,
  ExperienceDefinition,
  NoticeDefinition,
  NoticePurpose,
  OrganisationDefinition,
  PropertyDefinition,
  PurposeDefinition,
  RegimeDefinition,
} from './definitions.ts'
import type { PurposeKey } from './ids.ts'

/** In the order of publication: what others refer to comes first. */
export const itemKinds = [
  'organisation',
  'property',
  'regime',
  'purpose',
  'assessment',
  'notice',
  'experience',
  'purpose_retirement',
] as const
export type ItemKind = (typeof itemKinds)[number]

/** A purpose as it is drafted; `material` where an officer says that people must be asked anew. */
export type PurposeDraft = PurposeDefinition & { readonly material?: true }

/** A notice as it is drafted: its own version comes with publication, as does that of a purpose that travels with it. */
export type NoticeDraft = Omit<NoticeDefinition, 'version' | 'purposes'> & {
  readonly purposes: readonly (Omit<NoticePurpose, 'version'> & { readonly version: number | 'next' })[]
}

/** A purpose that ends: nothing may rest on it any more. */
export type RetirementDraft = { readonly purpose: PurposeKey }

/** One thing a release would publish. `key` is its definition's own. */
export type ReleaseItem = { readonly key: string } & (
  | { readonly kind: 'organisation'; readonly definition: OrganisationDefinition }
  | { readonly kind: 'property'; readonly definition: PropertyDefinition }
  | { readonly kind: 'regime'; readonly definition: RegimeDefinition }
  | { readonly kind: 'purpose'; readonly definition: PurposeDraft }
  | { readonly kind: 'assessment'; readonly definition: AssessmentDefinition }
  | { readonly kind: 'notice'; readonly definition: NoticeDraft }
  | { readonly kind: 'experience'; readonly definition: ExperienceDefinition }
  | { readonly kind: 'purpose_retirement'; readonly definition: RetirementDraft }
)

/** The key that a definition of this kind says of itself. */
export function keyOf(kind: ItemKind, definition: ReleaseItem['definition']): string {
  if (kind === 'purpose_retirement') return (definition as RetirementDraft).purpose
  return (definition as { readonly key: string }).key
}

/**
 * Publication's order: by kind, then by key, so that parents come before their children. An experience that is compared to
 * another comes after those that are not.
 */
export function inOrder(items: readonly ReleaseItem[]): readonly ReleaseItem[] {
  const rank = (item: ReleaseItem) =>
    2 * itemKinds.indexOf(item.kind) +
    Number(item.kind === 'experience' && item.definition.comparedTo !== undefined)
  return [...items].sort((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

/** What an approval is of: the items as JSON, in their order. Its canonical form is hashed. */
export function contentOf(items: readonly ReleaseItem[]): object {
  return inOrder(items).map(({ kind, key, definition }) => ({ kind, key, definition }))
}
