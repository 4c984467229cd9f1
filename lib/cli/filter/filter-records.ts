import { createWriteStream, existsSync, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FilterSummary } from '../../client/client.ts'
import { CommandFailed, exitCodes, usage } from '../exit-codes.ts'
import { digestOutput } from '../tables/digest-files.ts'
import { resolveIds } from '../tables/resolve-ids.ts'
import { Head, hintsOfLines } from './line-hints.ts'
import { pickLines, streamOf } from './lines.ts'
import { linesToTable } from './lines-to-table.ts'
import { type Pass, recheck } from './recheck.ts'
import { markMoment, momentPath, readFiles } from './record-input.ts'
import { writeRefused } from './refused-lines.ts'
import type { Outcome } from './report.ts'
import type { Run } from './run.ts'
import { meter, type Sent, sendFilter } from './send-filter.ts'

/**
 * NDJSON, byte for byte and in constant memory: the server decides every line. Where the change feed shows that
 * someone's state changed since, the lines about her go through the server once more, until nobody's did meanwhile;
 * on a site where that never ends, until the last change that was read has been decided about. What is written as a
 * table is made of the permitted lines afterwards. Answers what was done, and the path of the output.
 */
export async function filterRecords(run: Run): Promise<{ outcome: Outcome; path: string }> {
  const { options, aside, progress, client } = run
  const inputs = await readableTwice(run)
  const startedAt = new Date().toISOString()
  const isNow = options.collectedAt.kind === 'now'
  const moment = markMoment(isNow ? await serverTime(run) : startedAt)
  const whole = meter()
  const query = queryOf(run)

  const pass: Pass = async (input, name, all) => {
    const path = aside.path(name)
    const sent = await sendFilter(run.connection, query, input, createWriteStream(path), (bytes) =>
      progress.show(all === undefined ? undefined : bytes / all, `${(bytes / 1e6).toFixed(1)} MB`),
    )
    const summary = await client.filterSummary(sent.filterId)
    verify(summary, sent)
    return { path, sent, summary }
  }

  progress.phase('filtering')
  const source = openInput(inputs)
  const head = new Head()
  const metered = source.stream.pipe(whole.stream).pipe(head)
  source.stream.on('error', (error) => metered.destroy(error))
  const first = await pass(isNow ? metered.pipe(moment.mark()) : metered, 'kept', source.bytes)
  const checked = await recheck(run, first, pass)
  const { kept, removed } = checked
  const isTouched = isNow || removed.size > 0
  const written = isTouched
    ? await writeKept(kept.path, removed, isNow ? moment.unmark() : undefined, aside.path('written'))
    : undefined
  const lines = written?.path ?? kept.path
  const { summary } = first
  const permitted = kept.summary.permitted - removed.size
  if (options.denied !== undefined) {
    const refused = aside.path('denied.ndjson')
    await writeRefused(inputs, lines, refused, summary.records - permitted)
    const { deniedFormat: format } = options
    const target = { path: aside.path(`denied.${format}`), format, partitionBy: [] }
    if (format !== 'ndjson') await linesToTable(run, refused, inputs, target)
  }
  const { to, partitionBy } = options
  const path = to === 'ndjson' ? lines : aside.path(partitionBy.length > 0 ? 'table' : `table.${to}`)
  if (to !== 'ndjson') await linesToTable(run, lines, inputs, { path, format: to, partitionBy })
  return {
    path,
    outcome: {
      id: summary.id,
      records: summary.records,
      permitted,
      unknown: summary.unknown,
      denied: checked.denied,
      broken: summary.broken,
      brokenTotal: summary.broken_total,
      removedSince: summary.permitted - permitted,
      input: whole.result(),
      output: to === 'ndjson' ? (written?.digest ?? kept.sent.output) : await digestOutput(path),
      revision: { from: summary.revision.from, to: checked.to, checked_up_to: checked.upTo },
      startedAt,
      decidedAt: new Date().toISOString(),
      useUntil: checked.useUntil,
      hints: summary.unknown * 2 > summary.records ? await hintsOfLines(run, head.lines()) : [],
    },
  }
}

/** The server's clock, by which a record of this moment is one of this moment. */
async function serverTime({ connection, options }: Run): Promise<string> {
  const query = new URLSearchParams({ purpose: options.purpose, namespace: options.subjects[0]!.namespace })
  const { decidedAt } = await resolveIds(connection, query, Readable.from([]), async () => () => undefined)
  return decidedAt
}

function queryOf({ options }: Run): URLSearchParams {
  const { collectedAt } = options
  const query = new URLSearchParams({
    purpose: options.purpose,
    collected_at: collectedAt.kind === 'path' ? collectedAt.path : momentPath,
  })
  if (options.contentUsage !== undefined) query.set('content_usage', options.contentUsage)
  for (const { namespace, path } of options.subjects) query.append('subject', `${namespace}:${path}`)
  for (const [name, value] of options.terms) query.append(name, value)
  return query
}

/** Standard input is kept in a file where what it holds is needed again. */
async function readableTwice({ options, aside }: Run): Promise<readonly string[]> {
  const { inputs, denied, to } = options
  if (inputs[0] !== '-' || (denied === undefined && to === 'ndjson')) return inputs
  const path = aside.path('input.ndjson')
  await pipeline(process.stdin, createWriteStream(path))
  return [path]
}

function openInput(inputs: readonly string[]): { stream: Readable; bytes: number | undefined } {
  if (inputs[0] === '-') return { stream: process.stdin, bytes: undefined }
  for (const path of inputs) if (!existsSync(path)) throw usage(`There is no file ${path}.`)
  return { stream: readFiles(inputs), bytes: inputs.reduce((sum, path) => sum + statSync(path).size, 0) }
}

function verify(summary: FilterSummary, { output }: Sent): void {
  if (summary.complete && summary.sha256_out === output.sha256) return
  throw new CommandFailed(
    exitCodes.unavailable,
    'What arrived is not what the server sent. Nothing was written.',
  )
}

async function writeKept(
  from: string,
  removed: ReadonlySet<number>,
  unmark: NodeJS.ReadWriteStream | undefined,
  path: string,
) {
  const digest = meter()
  const lines = streamOf(pickLines(from, (place) => !removed.has(place)))
  const steps = unmark === undefined ? [digest.stream] : [unmark, digest.stream]
  await pipeline([lines, ...steps, createWriteStream(path)])
  return { path, digest: digest.result() }
}
