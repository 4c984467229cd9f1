import { Readable } from 'node:stream'
import { AssentError } from '../../domain/errors.ts'
import { FrameWriter, type StateHead } from '../../replica/frames.ts'
import { toSentHead } from '../../replica/pages.ts'
import type { DatabaseAddress } from '../database-address.ts'
import { connect, endWhereStuck } from './connect.ts'
import { copyOut, identifiersQuery, statesQuery } from './copy-out.ts'
import { type EventRow, eventColumns, toEvent } from './event-rows.ts'
import { type HeadRow, headQuery, toHead } from './log-source.ts'

const log = 0
const stuckMs = 30_000
const configAtOnce = 200

/**
 * Everything that fills an index, as of one moment, in frames. States and identifiers are the bytes of the database's
 * own COPY: this process looks at none of them, and reads no faster than the stream is read. A reader that stops for
 * half a minute is cut off, so that it does not hold the database's snapshot.
 */
export function openStateStream(serve: DatabaseAddress, fingerprint: string): Readable {
  return Readable.from(frames(serve, fingerprint), { objectMode: false })
}

async function* frames(serve: DatabaseAddress, fingerprint: string): AsyncIterable<Buffer> {
  const writer = new FrameWriter()
  const client = await connect(serve)
  const stopWatching = endWhereStuck(client, stuckMs)
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const row = (await client.query<HeadRow>(headQuery, [log])).rows[0]
    const head = toHead(row)
    if (row?.state_seq !== head.seq) {
      throw new AssentError('log_unavailable', 'The states are not those of the log’s end.')
    }
    const said: StateHead = { format: 3, fingerprint, ...toSentHead(head) }
    yield* writer.frame('head', json(said))
    const { rows: config } = await client.query<EventRow>(
      `SELECT ${eventColumns} FROM events WHERE log = ${log} AND subject_id IS NULL ORDER BY seq`,
    )
    for (let at = 0; at < config.length; at += configAtOnce) {
      yield* writer.frame('config', json(config.slice(at, at + configAtOnce).map(toEvent)))
    }
    const { rows: shapes } = await client.query<{ id: number; shape: string }>(
      'SELECT id, shape FROM state_shapes',
    )
    yield* writer.frame('shapes', json(shapes.map(({ id, shape }) => [id, shape])))
    for await (const chunk of copyOut(client, statesQuery)) yield* writer.frame('states', chunk)
    for await (const chunk of copyOut(client, identifiersQuery)) yield* writer.frame('identifiers', chunk)
    yield writer.end()
  } finally {
    stopWatching()
    await client.end()
  }
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value))
