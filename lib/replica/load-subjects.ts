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
  const organisationOf = (row: CopiedRow) => {
    const at = row.offsets[0]!
    const key = row.buffer.toString('latin1', at, at + 16)
    const known = organisations.get(key)
    if (known !== undefined) return known
    const id = `org_${row.buffer.toString('hex', at, at + 16)}` as OrganisationId
    organisations.set(key, id)
    return id
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
