import type pg from 'pg'
import type { LoadTarget } from '../../decisions/log-source.ts'
import { AssentError } from '../../domain/errors.ts'
import { CopiedRows } from '../../replica/copied-rows.ts'
import { subjectVisitors } from '../../replica/load-subjects.ts'
import { cut, endWhereStuck } from './connect.ts'
import { copyOut, identifiersQuery, statesQuery } from './copy-out.ts'

/** Below so many pages of 8 KiB a second connection costs more than it saves. */
const halvedFrom = 1_000

/**
 * States and identifiers, which are many. Synchronous by chunk; between chunks others have their turn. PostgreSQL gives
 * one connection what one core of it can: a long table is read by halves of its pages, over `client` and over a second
 * connection that sees the same moment. Rejects `log_unavailable` where the database breaks off.
 */
export async function loadSubjects(
  client: pg.Client,
  open: () => Promise<pg.Client>,
  into: LoadTarget,
  halvedFromPages = halvedFrom,
): Promise<void> {
  const visitors = subjectVisitors(into)
  for (const [table, query, visit] of [
    ['subject_states', statesQuery, visitors.state],
    ['identifiers', identifiersQuery, visitors.identifier],
  ] as const) {
    const { rows } = await client.query<{ pages: number }>(
      `SELECT pg_relation_size('${table}')::float8 / current_setting('block_size')::float8 AS pages`,
    )
    const { pages } = rows[0]!
    if (pages < halvedFromPages) await copyInto(client, query, visit)
    else {
      const middle = `'(${Math.floor(pages / 2)},0)'::tid`
      const second = await openAtSameMoment(client, open)
      const halves = [
        copyInto(client, `${query} WHERE ctid < ${middle}`, visit),
        copyInto(second, `${query} WHERE ctid >= ${middle}`, visit),
      ]
      try {
        await Promise.all(halves)
      } catch (error) {
        // Half a table is none: nothing more may go into this index.
        for (const each of [client, second]) cut(each)
        await Promise.allSettled(halves)
        throw error
      } finally {
        await second.end()
      }
    }
  }
}

async function openAtSameMoment(client: pg.Client, open: () => Promise<pg.Client>): Promise<pg.Client> {
  const { rows } = await client.query<{ moment: string }>('SELECT pg_export_snapshot() AS moment')
  const second = await open()
  try {
    await second.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await second.query(`SET TRANSACTION SNAPSHOT '${rows[0]!.moment}'`)
    return second
  } catch (error) {
    await second.end()
    throw error
  }
}

async function copyInto(
  client: pg.Client,
  query: string,
  visit: ConstructorParameters<typeof CopiedRows>[0],
): Promise<void> {
  const rows = new CopiedRows(visit)
  const stopWatching = endWhereStuck(client)
  try {
    for await (const chunk of copyOut(client, query)) rows.push(chunk)
  } finally {
    stopWatching()
  }
  if (!rows.isComplete()) throw new AssentError('log_unavailable', 'The database broke off.')
}
