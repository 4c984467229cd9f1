import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FilterSummary } from '../../client/client.ts'
import { CommandFailed, exitCodes, usage } from '../exit-codes.ts'
import { resolveIds } from '../tables/resolve-ids.ts'
import { readChanges } from './changes.ts'
import { markMoment, momentPath, readFiles } from './record-input.ts'
import type { Outcome } from './report.ts'
import { type Run, roundsMax, tooManyChanges } from './run.ts'
import { meter, type Sent, sendFilter } from './send-filter.ts'

/**
 * NDJSON, byte for byte and in constant memory: the server decides every line. Where the change feed shows that
 * someone's state changed since, what was kept goes through the server once more, until nothing changed meanwhile.
 * Answers what was done, and the path of the permitted lines.
 */
export async function filterRecords(run: Run): Promise<{ outcome: Outcome; path: string }> {
  const { options, aside, progress, client } = run
  const startedAt = new Date().toISOString()
  const isNow = options.collectedAt.kind === 'now'
  const moment = markMoment(isNow ? await serverTime(run) : startedAt)
  const whole = meter()
  const query = queryOf(run)

  async function pass(input: Readable, name: string, all: number | undefined) {
    const path = aside.path(name)
    const sent = await sendFilter(run.connection, query, input, createWriteStream(path), (bytes) =>
      progress.show(all === undefined ? undefined : bytes / all, `${(bytes / 1e6).toFixed(1)} MB`),
    )
    const summary = await client.filterSummary(sent.filterId)
    verify(summary, sent)
    return { path, sent, summary }
  }

  progress.phase('filtering')
  const source = openInput(options.inputs)
  const metered = source.stream.pipe(whole.stream)
  source.stream.on('error', (error) => metered.destroy(error))
  const first = await pass(isNow ? metered.pipe(moment.mark()) : metered, 'kept-0', source.bytes)
  let last = first
  const denied = { ...first.summary.denied }
  let changes = await readChanges(client, first.summary.revision.from)
  for (let round = 1; changes.subjects.size > 0 || changes.isConfiguration; round++) {
    if (round > roundsMax) throw tooManyChanges()
    progress.phase('checking')
    last = await pass(createReadStream(last.path), `kept-${round}`, statSync(last.path).size)
    for (const [reason, count] of Object.entries(last.summary.denied)) {
      denied[reason] = (denied[reason] ?? 0) + count
    }
    changes = await readChanges(client, last.summary.revision.from)
  }
  const kept = isNow ? await takeOut(last.path, aside.path('kept'), moment.unmark()) : undefined
  const { summary } = first
  return {
    path: kept?.path ?? last.path,
    outcome: {
      id: summary.id,
      records: summary.records,
      permitted: last.summary.permitted,
      unknown: summary.unknown,
      denied,
      broken: summary.broken,
      brokenTotal: summary.broken_total,
      removedSince: summary.permitted - last.summary.permitted,
      input: whole.result(),
      output: kept?.digest ?? last.sent.output,
      revision: { from: summary.revision.from, to: last.summary.revision.to, checked_up_to: changes.to },
      startedAt,
      decidedAt: new Date().toISOString(),
      useUntil: null,
      hints: [],
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
  for (const { namespace, path } of options.subjects) query.append('subject', `${namespace}:${path}`)
  for (const [name, value] of options.terms) query.append(name, value)
  return query
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

async function takeOut(from: string, path: string, unmark: NodeJS.ReadWriteStream) {
  const digest = meter()
  await pipeline(createReadStream(from), unmark, digest.stream, createWriteStream(path))
  return { path, digest: digest.result() }
}
