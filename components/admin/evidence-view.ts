/** What the page's address says: which rows, and where in them. Days are in UTC, and `to` is in. */
export type EvidenceQuery = Readonly<
  Partial<
    Record<
      'from' | 'to' | 'actor' | 'purpose' | 'property' | 'kind' | 'order' | 'cursor',
      string | readonly string[]
    >
  >
>

export const filterNames = ['from', 'to', 'actor', 'purpose', 'property', 'kind', 'order'] as const

const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text)

/** Every value that is given and not empty, by name. */
function given(query: EvidenceQuery, name: keyof EvidenceQuery): readonly string[] {
  const value = query[name] ?? []
  return (typeof value === 'string' ? [value] : value).filter((each) => each !== '')
}

/** The first, for a field that shows one. */
export const shown = (query: EvidenceQuery, name: keyof EvidenceQuery) => given(query, name)[0] ?? ''

export const isFiltered = (query: EvidenceQuery) =>
  filterNames.some((name) => name !== 'order' && given(query, name).length > 0)

/** The filters as the API takes them: a day that is in becomes the beginning of the next. */
export function apiQuery(query: EvidenceQuery): URLSearchParams {
  const asked = new URLSearchParams()
  for (const name of filterNames) {
    for (const value of given(query, name)) {
      const isLastDay = name === 'to' && isDay(value)
      const nextDay = isLastDay ? new Date(Date.parse(value) + 86_400_000) : undefined
      asked.append(name, nextDay === undefined ? value : nextDay.toISOString())
    }
  }
  return asked
}

/** The address of the same rows at another place; without a cursor, of their first page. */
export function evidenceHref(query: EvidenceQuery, cursor?: string): string {
  const asked = new URLSearchParams()
  for (const name of filterNames) for (const value of given(query, name)) asked.append(name, value)
  if (cursor !== undefined) asked.set('cursor', cursor)
  return asked.size === 0 ? '/admin/evidence' : `/admin/evidence?${asked}`
}

/** A kind or act as it is read. */
export const inWords = (kind: string) => kind.replaceAll('_', ' ')

const actors: Readonly<Record<string, string>> = {
  ...{ subject: 'the person', guardian: 'a guardian', controller: 'the organisation' },
  ...{ import: 'an import', assent: 'Assent', visitor: 'a visitor of a room' },
}

/** Who did it, as it is read: by name where there is one. */
export function actorWords(actor: string | null, name?: string | null): string {
  if (actor === null) return ''
  return name ?? actors[actor] ?? actor
}
