import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Keys } from '../lib/auth/derive-keys.ts'
import { IdentifierDigest } from '../lib/domain/identifier-digest.ts'
import type { OrganisationId, SubjectId } from '../lib/domain/ids.ts'
import { toPackedBytes } from '../lib/domain/packed-bytes.ts'
import { SubjectKeys } from '../lib/ledger/subject-keys.ts'
import type { DatabaseAddress } from '../lib/storage/database-address.ts'
import { idOf, packedStates } from './population.ts'

const rowsAtOnce = 10_000

/**
 * Fills a database that the starter configuration was published in with subjects of one identifier and four purposes
 * each. For measuring only: it writes subjects, their keys, identifiers and states, as the ledger would, but no events
 * and no sealed identifiers; positions in the states point below the log's head. Nobody else may be writing.
 */
export async function fillDatabase(owner: DatabaseAddress, keys: Keys, subjects: number): Promise<void> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    const found = await client.query<{ id: string }>('SELECT id FROM organisations')
    const uuid = found.rows[0]!.id
    const shapes: string[] = []
    const organisationId = `org_${uuid.replaceAll('-', '')}` as OrganisationId
    const packed = packedStates(
      { config: () => undefined, shape: (_, json) => shapes.push(json) },
      organisationId,
    )
    const first = await client.query<{ id: number }>(
      'SELECT coalesce(max(id) + 1, 0) AS id FROM state_shapes',
    )
    if (first.rows[0]!.id !== 0) throw new Error('the database has states already')
    for (const [id, shape] of shapes.entries()) {
      await client.query('INSERT INTO state_shapes (id, shape) VALUES ($1, $2)', [id, shape])
    }
    // What refers to what is right by construction; checking it row by row would take most of the time.
    await client.query('SET session_replication_role = replica; SET synchronous_commit = off')
    await copySubjects(client, { uuid, organisationId, keys, subjects, packed })
    await client.query('ANALYZE')
    await client.query('CHECKPOINT')
  } finally {
    await client.end()
  }
}

type Filling = {
  readonly uuid: string
  readonly organisationId: OrganisationId
  readonly keys: Keys
  readonly subjects: number
  readonly packed: readonly (readonly number[])[]
}

async function copySubjects(client: pg.Client, filling: Filling): Promise<void> {
  const { uuid, organisationId, keys, subjects, packed } = filling
  const digests = new IdentifierDigest(keys.lookup)
  const wrapping = new SubjectKeys(keys.wrap)
  const hex = (bytes: Uint8Array) => `\\\\x${Buffer.from(bytes).toString('hex')}`
  const arrays = packed.map((values) => hex(toPackedBytes(values)))
  for (let done = 0; done < subjects; done += rowsAtOnce) {
    const [people, identifiers, states] = ['', '', ''].map(() => [] as string[]) as [
      string[],
      string[],
      string[],
    ]
    for (let n = done + 1; n <= Math.min(done + rowsAtOnce, subjects); n++) {
      const id = randomBytes(16).toString('hex')
      const digest = digests.bytes(organisationId, { namespace: 'user', id: idOf(n) })
      people.push(`${uuid}\t${id}\t${hex(wrapping.create(`sub_${id}` as SubjectId))}\n`)
      identifiers.push(`${uuid}\t${id}\tuser\t${hex(digest)}\n`)
      states.push(`${id}\t${uuid}\t1\t${arrays[Math.floor(Math.random() * arrays.length)]}\n`)
    }
    await copy(client, 'subjects (organisation_id, id, wrapped_key)', people)
    await copy(client, 'identifiers (organisation_id, subject_id, namespace, digest)', identifiers)
    await copy(client, 'subject_states (subject_id, organisation_id, seq, packed)', states)
  }
}

async function copy(client: pg.Client, into: string, rows: readonly string[]): Promise<void> {
  const stream = client.query(copyFrom(`COPY ${into} FROM STDIN`))
  stream.end(rows.join(''))
  await once(stream, 'finish')
}
