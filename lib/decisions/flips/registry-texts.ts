import type { Policy } from '../../domain/policy.ts'

const before = new WeakMap<Policy, ReadonlySet<string>>()

/**
 * Every text of an organisation's configuration that a question can name: keys of purposes, properties, regimes and
 * categories, and the recipients of any version of a purpose.
 */
export function registryTexts(policy: Policy): ReadonlySet<string> {
  const made = before.get(policy)
  if (made !== undefined) return made
  const texts = new Set<string>([
    ...policy.purposes.keys(),
    ...policy.properties.keys(),
    ...policy.regimes.keys(),
    ...policy.organisation.categories.map(({ key }) => key),
  ])
  for (const { versions } of policy.purposes.values()) {
    for (const { recipients, categories } of versions) {
      for (const text of [...recipients, ...categories]) texts.add(text)
    }
  }
  before.set(policy, texts)
  return texts
}
