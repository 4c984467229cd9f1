import type { FilterQuestion } from '../decisions/filter/record-filter.ts'
import { AssentError } from '../domain/errors.ts'
import type { Policy } from '../domain/policy.ts'

/** The parameters that ask a question about many subjects. */
export const termParameters = [
  'purpose',
  'property',
  'category',
  'regime',
  'recipient',
  'source_purpose',
] as const

/**
 * Reads a question's terms from a query. Throws `parameter_invalid`, `purpose_not_found`, `regime_not_found`,
 * `property_not_found`; a parameter that is not `known` too: one misspelt would make the answer wider than was asked.
 */
export function readTerms(
  query: URLSearchParams,
  known: ReadonlySet<string>,
  policy: Policy | undefined,
): FilterQuestion {
  for (const name of query.keys()) if (!known.has(name)) throw parameterInvalid(name, 'is not known')
  const purpose = oneOf(query, 'purpose')
  if (purpose === null) throw parameterInvalid('purpose', 'is missing')
  if (!policy?.purposes.has(purpose)) {
    throw new AssentError('purpose_not_found', `There is no purpose ${JSON.stringify(purpose)}.`)
  }
  const regime = oneOf(query, 'regime')
  if (regime !== null && !policy.regimes.has(regime)) {
    throw new AssentError('regime_not_found', `There is no regime ${JSON.stringify(regime)}.`)
  }
  const property = oneOf(query, 'property')
  if (property !== null && !policy.properties.has(property)) {
    throw new AssentError('property_not_found', `There is no property ${JSON.stringify(property)}.`)
  }
  const categories = query.getAll('category')
  return {
    purpose,
    property,
    regime,
    categories: categories.length === 0 ? null : categories,
    recipient: oneOf(query, 'recipient'),
    sourcePurpose: oneOf(query, 'source_purpose'),
  }
}

/** Null where the parameter is not given, or empty. */
export function oneOf(query: URLSearchParams, name: string): string | null {
  const values = query.getAll(name)
  if (values.length > 1) throw parameterInvalid(name, 'is given more than once')
  return values[0] === undefined || values[0] === '' ? null : values[0]
}

export function parameterInvalid(name: string, message: string): AssentError {
  return new AssentError('parameter_invalid', `The parameter ${name} ${message}.`)
}
