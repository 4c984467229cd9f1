import type pg from 'pg'
import { withdrawDelayBoundsMs } from '../../domain/withdraw-delays.ts'
import type { EvidenceProjection } from '../../jobs/evidence-projection.ts'
import type { DatabaseAddress } from '../database-address.ts'
import { connect } from '../ledger/connect.ts'
import { addActs, addEvents, factsVersion } from './facts.ts'

/** A step is some hundred milliseconds' worth; on a machine that is busy, a while. */
const statementMs = 60_000

type Progress = { seq: number; version: number; head: number }

const progressOf = `
  SELECT p.seq, p.version, h.seq AS head, EXISTS (SELECT FROM admin_acts_pending) AS "hasActs"
  FROM evidence_progress p JOIN log_heads h ON h.log = p.log WHERE p.log = 0`

/** The log of evidence in rows. Whoever moves it on holds the lock of its row of progress. */
export function createEvidenceProjection(serve: DatabaseAddress): EvidenceProjection {
  let connected: Promise<pg.Client> | undefined

  async function onConnection<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    connected ??= connect(serve, statementMs)
    const own = connected
    try {
      return await work(await own)
    } catch (error) {
      // Whether it was committed is not known: the next transaction reads how far it came.
      connected = undefined
      void own.then((client) => client.end()).catch(() => undefined)
      throw error
    }
  }

  const inTransaction = <T>(work: (client: pg.Client, progress: Progress) => Promise<T>): Promise<T> =>
    onConnection(async (client) => {
      await client.query('BEGIN')
      const { rows } = await client.query<Progress>(`${progressOf} FOR UPDATE OF p`)
      const done = await work(client, rows[0]!)
      await client.query('COMMIT')
      return done
    })

  return {
    async step(limit) {
      // Nothing to do is told without a write.
      const { rows } = await onConnection((client) =>
        client.query<Progress & { hasActs: boolean }>(progressOf),
      )
      const { seq: reached, head: end, hasActs } = rows[0]!
      if (reached >= end && !hasActs) return { added: 0, seq: reached, eventsBehind: 0, actsWait: false }
      return inTransaction(async (client, { seq, head }) => {
        const to = Math.min(seq + limit, head)
        let added = 0
        if (to > seq) {
          const { rows } = await client.query<{ added: number }>(addEvents, [seq, to, withdrawDelayBoundsMs])
          added += rows[0]!.added
          await client.query('UPDATE evidence_progress SET seq = $1 WHERE log = 0', [to])
        }
        const acts = (await client.query<{ added: number }>(addActs, [limit])).rows[0]!.added
        return { added: added + acts, seq: to, eventsBehind: head - to, actsWait: acts === limit }
      })
    },
    renew: () =>
      inTransaction(async (client, { version }) => {
        if (version === factsVersion) return
        await client.query('TRUNCATE evidence_log, evidence_facets, consent_days, withdraw_delays')
        // An act that is committed between the two is found by the second; one that is committed later waits by itself.
        await client.query('DELETE FROM admin_acts_pending')
        await client.query(
          'INSERT INTO admin_acts_pending SELECT position FROM admin_acts ON CONFLICT DO NOTHING',
        )
        await client.query('UPDATE evidence_progress SET seq = 0, version = $1 WHERE log = 0', [factsVersion])
      }),
    async close() {
      const client = await connected?.catch(() => undefined)
      await client?.end().catch(() => undefined)
    },
  }
}
