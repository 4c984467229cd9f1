import type { FilledServer } from './filled-server.ts'
import { load } from './load.ts'
import { c15tSubjects, measureC15t, measureSelect } from './measure-peers.ts'
import { questionsOver } from './questions.ts'
import { add, seconds } from './rows.ts'

/** One decision beside what others would use instead, over the same PostgreSQL. */
export async function comparePeers(server: FilledServer): Promise<void> {
  const { port, subjects, keys, database } = server
  const next = questionsOver('/v1/check', subjects, keys)
  await load({ port, connections: 32, durationMs: 2_000, next }) // warm
  const ours = await load({ port, connections: 32, durationMs: seconds(8), next })
  const select = await measureSelect(database, subjects, seconds(8))
  const { checks, writes } = await measureC15t(database, seconds(8))
  const row = (what: string, reference: number, least: number) => {
    const ratio = ours.perSecond / reference
    add({
      what,
      ...{ ours: ours.perSecond, unit: '/s', reference, ratio },
      ...{ bound: `≥ ${least}×`, isMet: ratio >= least },
    })
  }
  const size = `${c15tSubjects.toLocaleString('en')} subjects`
  row(`one decision beside c15t's GET /consents/check, ${size}`, checks.perSecond, 500)
  row('one decision beside a prepared SELECT through pg', select.perSecond, 1)
  console.log(
    `         c15t records ${writes.perSecond} choices/s over 256 connections: ${JSON.stringify(writes.byStatus)}`,
  )
}
