import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { startFilledServer } from './filled-server.ts'
import { startMs } from './population.ts'
import { cpuMicros } from './processes.ts'
import { add, figure, isQuick } from './rows.ts'

/** What filtering one file took. */
export type ParquetRun = {
  readonly records: number
  readonly people: number
  readonly megabytes: number
  readonly seconds: number
  /** Of the server's, of all of it. */
  readonly serverCpuSeconds: number
  readonly permitted: number
}

/**
 * Filters a Parquet file by `./assent filter`, from the command to its end: as many records as are asked for, five
 * about each of the people the server knows, in no order, half collected before their grants, with a prompt, an answer
 * and a rating in each.
 */
async function filterParquet(records: number, runs: number): Promise<readonly ParquetRun[]> {
  const people = records / 5
  const dir = mkdtempSync(join(tmpdir(), 'assent-parquet-'))
  const server = await startFilledServer(people)
  try {
    const input = join(dir, 'in.parquet')
    const bytes = await makeParquet(input, records, people)
    const env = {
      ...process.env,
      ASSENT_URL: `http://127.0.0.1:${server.port}`,
      ASSENT_API_KEY: server.keys[0],
    }
    const report = join(dir, 'run.json')
    const args = [
      ...['filter', input, '--purpose', 'ai_training', '--subject', 'user:user_id'],
      ...['--collected-at', 'collected_at', '--out', join(dir, 'out.parquet'), '--report', report],
    ]
    const all: ParquetRun[] = []
    for (let run = 0; run < runs; run++) {
      const cpuBefore = cpuMicros(server.pid)
      const began = performance.now()
      await promisify(execFile)('./assent', args, { env })
      const seconds = (performance.now() - began) / 1_000
      const { permitted } = JSON.parse(readFileSync(report, 'utf8')) as { permitted: number }
      if (permitted < records / 10 || permitted > records / 2)
        throw new Error(`${permitted} of ${records} permitted`)
      const serverCpuSeconds = (cpuMicros(server.pid) - cpuBefore) / 1e6
      all.push({ records, people, megabytes: bytes / 1e6, seconds, serverCpuSeconds, permitted })
    }
    return all
  } finally {
    await server.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function makeParquet(path: string, records: number, people: number): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:')
  const duck = await instance.connect()
  const dayMs = 86_400_000
  await duck.run(
    `COPY (SELECT i AS id, 'user_' || lpad(CAST(1 + (i * 7919) % ${people} AS VARCHAR), 8, '0') AS user_id,
       make_timestamptz((${startMs - dayMs} + CAST(hash(i) % ${2 * dayMs - 3_600_000} AS BIGINT)) * 1000) AS collected_at,
       'a prompt, number ' || (i % 100000) AS prompt, 'an answer to number ' || (hash(i) % 100000) AS response, i % 5 AS rating
     FROM range(${records}) r(i)) TO '${path}' (FORMAT parquet)`,
  )
  const rows = (
    await duck.runAndReadAll(`SELECT sum(total_compressed_size) FROM parquet_metadata('${path}')`)
  ).getRows()
  duck.closeSync()
  instance.closeSync()
  return Number(rows[0]![0])
}

/** The command line over one file. */
export async function benchParquet(): Promise<void> {
  for (const run of await filterParquet(isQuick ? 2_000_000 : 10_000_000, isQuick ? 1 : 3)) {
    add({
      what: `Parquet file of ${figure(run.records)} records about ${figure(run.people)} people, filtered by the command line`,
      ...{ ours: run.seconds, unit: 's', bound: '≤ 6 s for 10,000,000' },
      isMet: run.seconds <= 6 && run.records >= 10_000_000,
      more: { MB: run.megabytes, 'server CPU s': run.serverCpuSeconds, permitted: run.permitted },
    })
  }
}
