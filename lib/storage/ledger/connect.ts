import type { Socket } from 'node:net'
import pg from 'pg'
import type { DatabaseAddress } from '../database-address.ts'

const int8 = 20

/** 64-bit integers as numbers: positions and milliseconds stay far below 2^53. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === int8 ? Number : pg.types.getTypeParser(oid, format as 'text'),
} as pg.CustomTypesConfig

/**
 * A connection of its own. Losing it rejects what is under way, and nothing else. With `timeoutMs` the server gives
 * up a statement after that time, and the client one that is not answered at all after `unansweredMs`.
 */
export async function connect(
  address: DatabaseAddress,
  timeoutMs?: number,
  unansweredMs = 5 * (timeoutMs ?? 0),
): Promise<pg.Client> {
  const client = new pg.Client({
    ...address,
    types,
    keepAlive: true,
    connectionTimeoutMillis: 2_000,
    ...(timeoutMs === undefined
      ? {}
      : { statement_timeout: timeoutMs, lock_timeout: timeoutMs, query_timeout: unansweredMs }),
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** A pool for reading what people ask to see. */
export function openPool(address: DatabaseAddress): pg.Pool {
  const pool = new pg.Pool({
    ...address,
    types,
    max: 5,
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
  })
  pool.on('error', () => undefined)
  return pool
}

/**
 * Cuts a connection over which nothing has come for `stuckMs`: a COPY has no time-out of its own, and a connection can
 * be dead without saying so. Answers how to stop watching.
 */
export function endWhereStuck(client: pg.Client, stuckMs: number): () => void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  let seen = stream.bytesRead
  const timer = setInterval(() => {
    if (stream.bytesRead === seen) stream.destroy(new Error('nothing came from the database any more'))
    seen = stream.bytesRead
  }, stuckMs)
  return () => clearInterval(timer)
}
