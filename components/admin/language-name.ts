const names = new Intl.DisplayNames(['en-GB'], { type: 'language' })

/** A BCP 47 tag's name in an officer's words: `German`; the tag itself where there is no name. */
export function languageTitle(tag: string): string {
  try {
    return names.of(tag) ?? tag
  } catch {
    return tag
  }
}

/** The name with its tag: `German (de)`. */
export function languageName(tag: string): string {
  const name = languageTitle(tag)
  return name === tag ? tag : `${name} (${tag})`
}
