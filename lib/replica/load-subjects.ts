import type { LoadTarget } from '../decisions/log-source.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { CopiedRow } from './copied-rows.ts'

/** Enough for memory to bring their places side by side. */
const identifiersAtOnce = 64

/**
 * What puts copied rows into an index: states as (organisation, subject, seq, packed), identifiers as (organisation,
 * digest, subject).
 */
export function subjectVisitors(into: LoadTarget): {
  readonly state: (row: CopiedRow) => void
  readonly identifier: (row: CopiedRow) => void
  /** After the last identifier: they are put in many at once. */
  readonly end: () => void
} {
  const organisations = new Map<string, OrganisationId>()
  const words = new Int32Array(4)
  const lastWords = new Int32Array(4)
  let last: OrganisationId | undefined
  /** Rows of one organisation mostly follow each other: texts are made for the first of them. */
  const organisationOf = (row: CopiedRow) => {
    row.uuid(0, words)
    const isLast =
      words[0] === lastWords[0] &&
      words[1] === lastWords[1] &&
      words[2] === lastWords[2] &&
      words[3] === lastWords[3]
    if (isLast && last !== undefined) return last
    lastWords.set(words)
    const at = row.offsets[0]!
    const id = `org_${row.buffer.toString('hex', at, at + 16)}` as OrganisationId
    last = organisations.get(id) ?? id
    organisations.set(id, last)
    return last
  }
  const id = new Int32Array(4)
  const packed = { bytes: new Uint8Array(0), from: 0, to: 0 }
  const digests = new Int32Array(4 * identifiersAtOnce)
  const ids = new Int32Array(4 * identifiersAtOnce)
  let count = 0
  let whose: OrganisationId | undefined
  const end = () => {
    if (whose !== undefined && count > 0) into.identifiers(whose, digests, ids, count)
    count = 0
  }
  return {
    state(row) {
      row.uuid(1, id)
      row.span(3, packed)
      into.state(organisationOf(row), id, row.int8(2), packed)
    },
    identifier(row) {
      const organisationId = organisationOf(row)
      if (count === identifiersAtOnce || organisationId !== whose) end()
      whose = organisationId
      row.digest(1, digests, 4 * count)
      row.uuid(2, ids, 4 * count)
      count += 1
    },
    end,
  }
}
