import type { Experience, ExperiencePurpose, PurposeChoice, PurposeState } from './experience.ts'

type Asked = Pick<Experience, 'purposes'>

/** Asked purposes a person answers one by one: those without an asked parent. AI training has its own place. */
export function questions(experience: Asked, kind: 'ai_training' | 'other'): readonly ExperiencePurpose[] {
  const asked = experience.purposes.filter((purpose) => purpose.is_asked)
  const keys = new Set(asked.map((purpose) => purpose.key))
  return asked.filter(
    (purpose) =>
      purpose.is_ai_training === (kind === 'ai_training') && !(purpose.parent && keys.has(purpose.parent)),
  )
}

/** The asked purposes below `key`, which its question names and its answer covers. */
export function partsOf(experience: Asked, key: string): readonly ExperiencePurpose[] {
  return experience.purposes.filter((purpose) => purpose.is_asked && purpose.key.startsWith(`${key}.`))
}

/**
 * What a yes to `key` also needs, because it could not act without: the asked purposes above it, and whatever else they
 * cover. Empty for a purpose that has none above it.
 */
export function alsoNeeded(experience: Asked, key: string): readonly ExperiencePurpose[] {
  const top = experience.purposes.find((purpose) => purpose.is_asked && key.startsWith(`${purpose.key}.`))
  if (top === undefined) return []
  return [top, ...partsOf(experience, top.key)].filter(
    (purpose) => purpose.key !== key && !purpose.key.startsWith(`${key}.`),
  )
}

/**
 * What answering one question says. A yes names the parts that were named with it, so that an earlier no to a
 * part does not make the yes void; a no to the whole covers its parts by itself. A no that takes back a yes is a
 * withdrawal.
 */
export function answer(
  experience: Asked,
  key: string,
  isYes: boolean,
  state: PurposeState,
): readonly PurposeChoice[] {
  if (!isYes) return [{ purpose: key, act: state === 'granted' ? 'withdraw' : 'deny' }]
  return [key, ...partsOf(experience, key).map((part) => part.key)].map((purpose) => ({
    purpose,
    act: 'grant',
  }))
}
