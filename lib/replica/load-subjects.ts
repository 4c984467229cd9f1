import type { LoadTarget } from '../decisions/log-source.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { CopiedRow } from './copied-rows.ts'

/**
 * What puts copied rows into an index: states as (organisation, subject, seq, packed), identifiers as (organisation,
 * digest, subject).
 */
export function subjectVisitors(into: LoadTarget): {
  readonly state: (row: CopiedRow) => void
  readonly identifier: (row: CopiedRow) => void
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
  const digest = new Int32Array(4)
  const packed: number[] = []
  return {
    state(row) {
      row.uuid(1, id)
      row.int8Array(3, packed)
      into.state(organisationOf(row), id, row.int8(2), packed)
    },
    identifier(row) {
      row.digest(1, digest)
      row.uuid(2, id)
      into.identifier(organisationOf(row), digest, id)
    },
  }
}
