import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'

/** What `subjectVisitors` reads. */
export const statesQuery = 'SELECT organisation_id, subject_id, seq, packed FROM subject_states'
export const identifiersQuery = 'SELECT organisation_id, digest, subject_id FROM identifiers'

/** A query's rows as the bytes of a COPY in binary. */
export function copyOut(client: pg.Client, query: string): AsyncIterable<Buffer> {
  return client.query(copyTo(`COPY (${query}) TO STDOUT (FORMAT binary)`)) as AsyncIterable<Buffer>
}
