const names = new Intl.DisplayNames(['en-GB'], { type: 'language' })

/** A BCP 47 tag in an officer's words: `German (de)`. */
export function languageName(tag: string): string {
  try {
    const name = names.of(tag)
    return name === undefined || name === tag ? tag : `${name} (${tag})`
  } catch {
    return tag
  }
}
