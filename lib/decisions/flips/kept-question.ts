import type { OrganisationId, SubjectId } from '../../domain/ids.ts'
import type { Policy } from '../../domain/policy.ts'
import type { Question } from '../decisions.ts'
import { registryTexts } from './registry-texts.ts'

/** A key of the registry as it is; whatever else a caller wrote only as its digest. */
export type KeptText = string | { readonly digest: string }

/** All that is needed to ask a question again about the subject it was about: no identifier, and no text of the caller. */
export type KeptQuestion = {
  readonly purpose: KeptText
  /** Further subjects of the record, by their random ids; null for one nobody knew. */
  readonly others: readonly (SubjectId | null)[]
  /** Milliseconds; null where the question named none, and was about data of its moment. */
  readonly collectedAtMs: number | null
  readonly demandsCollectedAt: boolean
  readonly property: KeptText | null
  readonly categories: readonly KeptText[] | null
  readonly recipient: KeptText | null
  readonly regime: KeptText | null
  readonly sourcePurpose: KeptText | null
}

/** A question with more of these is answered like any other, but not kept. */
const othersMax = 16
const categoriesMax = 32

/** The digest, 32 hex digits, of a text that is no key of the registry: one for a text and an organisation. */
export type DigestOf = (organisationId: OrganisationId, text: string) => string

/** A question as it may be kept; null where it is too long to, or rests on more than is kept. */
export function keepQuestion(
  {
    organisationId,
    policy,
  }: { readonly organisationId: OrganisationId; readonly policy: Policy | undefined },
  question: Question,
  digestOf: DigestOf,
  others: readonly (SubjectId | null)[],
): KeptQuestion | null {
  const { collectedAtMs, demandsCollectedAt, property, categories, recipient, regime, sourcePurpose } =
    question
  // What a publisher said is not kept with it, and the answer would not be the same without.
  if (question.contentUsage !== undefined) return null
  if (others.length > othersMax || (categories !== null && categories.length > categoriesMax)) return null
  const known = policy === undefined ? undefined : registryTexts(policy)
  const kept = (text: string): KeptText =>
    known?.has(text) ? text : { digest: digestOf(organisationId, text) }
  const orNull = (text: string | null) => (text === null ? null : kept(text))
  return {
    ...{ purpose: kept(question.purpose), others, collectedAtMs, demandsCollectedAt },
    ...{ property: orNull(property), categories: categories === null ? null : categories.map(kept) },
    ...{ recipient: orNull(recipient), regime: orNull(regime), sourcePurpose: orNull(sourcePurpose) },
  }
}

/** Everything of a question but whom it is about. */
export type AskedTerms = Omit<Question, 'subjects'>

/**
 * The question as it was asked. `textOf` knows the texts of digests that are keys of the registry by now, or would be;
 * any other stays a text that no registry can have.
 */
export function termsAgain(kept: KeptQuestion, textOf: (digest: string) => string | undefined): AskedTerms {
  const again = (text: KeptText): string =>
    typeof text === 'string' ? text : (textOf(text.digest) ?? `\u0000${text.digest}`)
  const orNull = (text: KeptText | null) => (text === null ? null : again(text))
  const { collectedAtMs, demandsCollectedAt, categories } = kept
  return {
    ...{ purpose: again(kept.purpose), collectedAtMs, demandsCollectedAt },
    ...{ property: orNull(kept.property), categories: categories === null ? null : categories.map(again) },
    ...{ recipient: orNull(kept.recipient), regime: orNull(kept.regime) },
    sourcePurpose: orNull(kept.sourcePurpose),
  }
}
