const names = ['ad_storage', 'ad_user_data', 'ad_personalization', 'analytics_storage'] as const

/** The signals that a yes to a purpose grants. */
export type Mapping = Readonly<Record<string, readonly string[]>>
export type Signals = Readonly<Record<string, 'granted' | 'denied'>>

/** The mapping of a tag. One that cannot be read grants nothing, and says so. */
export function readMapping(text: string | undefined): Mapping {
  try {
    const mapping = JSON.parse(text ?? '') as Mapping
    if (Object.values(mapping).every(Array.isArray)) return mapping
    throw new TypeError('each purpose needs a list of signals')
  } catch (error) {
    console.error('Assent: data-consent-mode cannot be read, so every signal stays denied.', error)
    return {}
  }
}

/** Each signal is granted where some purpose names it, and every purpose that names it has a yes. */
export function signalsOf(mapping: Mapping, hasYes: (purpose: string) => boolean): Signals {
  const all = new Set<string>([...names, ...Object.values(mapping).flat()])
  return Object.fromEntries(
    [...all].map((signal) => {
      const purposes = Object.keys(mapping).filter((purpose) => mapping[purpose]!.includes(signal))
      return [signal, purposes.length > 0 && purposes.every(hasYes) ? 'granted' : 'denied']
    }),
  )
}
