/** A name in SQL. */
export const name = (text: string) => `"${text.replaceAll('"', '""')}"`

/** A text in SQL. */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`

export const list = (texts: readonly string[]) => `[${texts.map(literal).join(', ')}]`
