import { resolve } from 'node:path'
import { createClient } from '../../client/client.ts'
import type { Connection } from '../connection.ts'
import { CommandFailed, exitCodes, usage } from '../exit-codes.ts'
import { filterTable } from '../tables/filter-table.ts'
import { Aside, checkTarget, deliver } from './aside.ts'
import { readHead } from './changes.ts'
import { filterRecords } from './filter-records.ts'
import { type FilterOptions, readOptions } from './options.ts'
import { Progress } from './progress.ts'
import { tell, writeReport } from './report.ts'

/**
 * `assent filter`: what may be used, written aside and given its name only when it is complete, equal to what was
 * decided, and checked against what was recorded meanwhile.
 */
export async function filter(connection: Connection, args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  checkFit(options)
  const client = createClient({ baseUrl: connection.url, key: connection.key, timeoutMs: 60_000 })
  await readHead(client)
  const aside = new Aside(options.out)
  const progress = new Progress()
  try {
    const run = { connection, client, options, aside, progress }
    const { outcome, path } = await (options.from === 'ndjson' ? filterRecords(run) : filterTable(run))
    if (options.maxUnknown?.(outcome) === true) {
      throw new CommandFailed(
        exitCodes.guard,
        `${outcome.unknown} of ${outcome.records} records are about people nobody recorded: more than --max-unknown allows. Nothing was written.`,
      )
    }
    progress.end()
    if (options.denied !== undefined)
      await deliver(aside.path(`denied.${options.deniedFormat}`), options.denied)
    await deliver(path, options.out)
    if (options.report !== undefined) writeReport(options.report, options, outcome)
    tell(outcome)
    return outcome.brokenTotal > 0 ? exitCodes.broken : exitCodes.ok
  } finally {
    progress.end()
    aside.close()
  }
}

function checkFit(options: FilterOptions): void {
  const { from, to, out, partitionBy, collectedAt, denied } = options
  const isDirectory = out?.endsWith('/') === true || partitionBy.length > 0
  checkTarget(out, isDirectory)
  checkTarget(denied, false)
  if (partitionBy.length > 0 && out === undefined) throw usage('--partition-by needs --out, a directory.')
  if (from === 'ndjson') {
    if (isDirectory && to === 'ndjson') throw usage('NDJSON is written to one file.')
    if (collectedAt.kind === 'path' && (collectedAt.unit ?? collectedAt.timezone) !== undefined) {
      throw usage('--unit and --timezone are for CSV and Parquet; in NDJSON times are texts with a zone.')
    }
  }
  if (out !== undefined && denied !== undefined && resolve(out) === resolve(denied)) {
    throw usage('--out and --denied must be different files.')
  }
}
