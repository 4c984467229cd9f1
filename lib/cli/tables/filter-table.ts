import { createWriteStream, rmSync, statSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { parseInstant } from '../../domain/parse-instant.ts'
import { CommandFailed, exitCodes, usage } from '../exit-codes.ts'
import { type Changes, readChanges } from '../filter/changes.ts'
import type { Outcome } from '../filter/report.ts'
import { type Run, roundsMax, tooManyChanges } from '../filter/run.ts'
import { askEach } from './ask-each.ts'
import { collectedAtSql, type TimeSql } from './collected-at.ts'
import { withheldSql } from './content-usage.ts'
import { brokenNames, type DecideSql, decideSql } from './decide-sql.ts'
import { digestFiles, digestOutput } from './digest-files.ts'
import { Duck } from './duck.ts'
import { hintsOf } from './hints.ts'
import { People } from './people.ts'
import { unknownBit } from './record-table.ts'
import type { ResolveHead } from './resolve-ids.ts'
import { openSource, type TableSource } from './table-source.ts'
import { Tally } from './tally.ts'
import { columnsSql, writeTable } from './write-table.ts'

/**
 * CSV and Parquet: everyone in the table is resolved once, and DuckDB joins what is decided about each with the
 * records, by subject and time. Before the output has its name, the change feed is read from the revision that was
 * resolved at; where someone in the table changed since, she is resolved again and the output is made again.
 * Answers what was done, and where the output lies.
 */
export async function filterTable(run: Run): Promise<{ outcome: Outcome; path: string }> {
  const duck = await Duck.open(run.aside.directory, run.options.memory)
  try {
    return await new TableFilter(run, duck).filter()
  } finally {
    duck.close()
  }
}

type Counts = Pick<Outcome, 'records' | 'permitted' | 'unknown' | 'denied' | 'broken' | 'brokenTotal'> & {
  readonly useUntilMs: number
}

class TableFilter {
  readonly #run: Run
  readonly #duck: Duck
  readonly #tally: Tally

  constructor(run: Run, duck: Duck) {
    this.#run = run
    this.#duck = duck
    this.#tally = new Tally(duck)
  }

  async filter(): Promise<{ outcome: Outcome; path: string }> {
    const { options, progress, client } = this.#run
    const startedAt = new Date().toISOString()
    progress.phase('reading')
    const source = await openSource(this.#duck, options, await this.#inputs(), (share) =>
      progress.show(share),
    )
    const before = stampsOf(source.files)
    const people = await People.find(this.#run, this.#duck, source)
    // The server works on its own core now; DuckDB took all of them.
    const digest = digestFiles(source.files)
    digest.catch(() => undefined)
    let time = await collectedAtSql(this.#duck, source, options.collectedAt, parseInstant)
    progress.phase('resolving')
    let head = await people.resolve()
    const from = head.revision
    if (options.collectedAt.kind === 'now') time = momentOf(head)
    const hints = await hintsOf(this.#run, this.#duck, people)

    const path = this.#run.aside.path(this.#partitions(source).length > 0 ? 'kept' : `kept.${options.to}`)
    let counts = await this.#make(source, people, time, head, path)
    const first = counts
    let changes = await readChanges(client, from)
    for (let round = 1; await this.#isToBeMadeAgain(changes, people, counts, head); round++) {
      if (round > roundsMax) throw tooManyChanges()
      if (changes.isConfiguration || this.#isOver(counts, head)) head = await people.resolve()
      if (options.collectedAt.kind === 'now') time = momentOf(head)
      counts = await this.#make(source, people, time, head, path)
      changes = await readChanges(client, changes.to)
    }
    const input = await digest
    if (stampsOf(source.files) !== before) {
      throw changedMeanwhile()
    }
    const { useUntilMs, ...counted } = counts
    return {
      path,
      outcome: {
        id: undefined,
        ...counted,
        removedSince: Math.max(0, first.permitted - counts.permitted),
        input,
        output: await digestOutput(path),
        revision: { from, to: changes.to, checked_up_to: changes.to },
        startedAt,
        decidedAt: head.decidedAt,
        useUntil: Number.isFinite(useUntilMs) ? new Date(useUntilMs).toISOString() : null,
        hints,
      },
    }
  }

  /** Standard input is kept in a file: it is read more than once. */
  async #inputs(): Promise<readonly string[]> {
    const { options, aside } = this.#run
    if (options.inputs[0] !== '-') return options.inputs
    const path = aside.path(`input.${options.from}`)
    await pipeline(process.stdin, createWriteStream(path))
    return [path]
  }

  async #make(
    source: TableSource,
    people: People,
    time: TimeSql,
    head: ResolveHead,
    path: string,
  ): Promise<Counts> {
    const { options, progress } = this.#run
    progress.phase('deciding')
    const hasAsked = await askEach(this.#run, this.#duck, people.slots, time, head)
    const withheld = await withheldSql(this.#duck, source, options)
    const decide = decideSql(source, people.slots, time, head, {
      hasAsked,
      shapeOf: people.shapeOf,
      withheld,
    })
    progress.phase('writing')
    this.#tally.begin(head.permits)
    const written = await this.#write(source, decide, path)
    const counts = this.#counts(head, source)
    const [row] = await this.#duck.rows<{ n: bigint }>('SELECT count(*) AS n FROM source')
    const isWhole = counts.records - source.rejected === Number(row!.n) && counts.permitted === written
    if (!isWhole) throw changedMeanwhile()
    if (options.denied !== undefined) await this.#writeDenied(source, decide, head, counts)
    return counts
  }

  #counts({ reasons, permits }: ResolveHead, source: TableSource): Counts {
    const denied: Record<string, number> = {}
    const unreadable = new Map<string, number>()
    let [records, permitted, unknown] = [source.rejected, 0, 0]
    for (const [place, count] of this.#tally.counts.entries()) {
      if (count === 0) continue
      const code = place % unknownBit
      records += count
      const brokenName = brokenNames[code]
      const reason = reasons[code]
      if (brokenName !== undefined) unreadable.set(brokenName, (unreadable.get(brokenName) ?? 0) + count)
      else if (reason === undefined) throw new Error('a record was decided without a reason')
      else if (permits.has(code)) permitted += count
      else denied[reason] = (denied[reason] ?? 0) + count
      if (brokenName === undefined && place >= unknownBit) unknown += count
    }
    const broken = [...unreadable].map(([code, count]) => ({ code, count }))
    if (source.rejected > 0) broken.push({ code: 'csv_line_broken', count: source.rejected })
    const brokenTotal = broken.reduce((sum, { count }) => sum + count, 0)
    return { records, permitted, unknown, denied, broken, brokenTotal, useUntilMs: this.#tally.useUntilMs }
  }

  #partitions(source: TableSource): readonly string[] {
    const { partitionBy, out } = this.#run.options
    if (partitionBy.length > 0) return partitionBy
    return out?.endsWith('/') ? source.partitions : []
  }

  async #write(source: TableSource, { from, tally }: DecideSql, path: string): Promise<number> {
    const { options, progress } = this.#run
    const select = `SELECT ${columnsSql(source, options.to)} FROM ${from} WHERE ${tally} = 1`
    const target = { path, format: options.to, partitionBy: this.#partitions(source) }
    rmSync(path, { recursive: true, force: true })
    return writeTable(this.#duck, source, select, target, (share) => progress.show(share))
  }

  async #writeDenied(source: TableSource, decide: DecideSql, { reasons }: ResolveHead, counts: Counts) {
    const { options, aside, progress } = this.#run
    const column = source.columns.some((each) => each.name === 'reason') ? 'denied_reason' : 'reason'
    const names = [
      ...reasons.map((reason, code) => `WHEN ${code} THEN '${reason}'`),
      ...Object.entries(brokenNames).map(([code, broken]) => `WHEN ${code} THEN '${broken}'`),
    ]
    const format = options.deniedFormat
    const select = `SELECT ${columnsSql(source, format)}, CASE (${decide.code}) ${names.join(' ')} END AS ${column} FROM ${decide.from} WHERE NOT (${decide.isPermitted})`
    const target = { path: aside.path(`denied.${format}`), format, partitionBy: [] }
    const written = await writeTable(this.#duck, source, select, target, (share) => progress.show(share))
    if (written !== counts.records - counts.permitted - source.rejected) {
      throw changedMeanwhile()
    }
  }

  /** Whether the time has come, by the server's clock, at which a yes of the output ends. */
  #isOver({ useUntilMs }: Counts, { decidedAt, receivedAt }: ResolveHead): boolean {
    return useUntilMs <= (parseInstant(decidedAt) ?? Date.now()) + performance.now() - receivedAt
  }

  async #isToBeMadeAgain(
    changes: Changes,
    people: People,
    counts: Counts,
    head: ResolveHead,
  ): Promise<boolean> {
    if (changes.isConfiguration || this.#isOver(counts, head)) return true
    if (changes.subjects.size === 0) return false
    this.#run.progress.phase('checking')
    return people.resolveAgain(changes.subjects)
  }
}

const changedMeanwhile = () =>
  new CommandFailed(exitCodes.guard, 'The input changed while it was read. Nothing was written.')

const momentOf = ({ decidedAt }: ResolveHead): TimeSql => ({
  sql: `CAST(${parseInstant(decidedAt) ?? Date.now()} AS BIGINT)`,
  join: '',
})

/** Sizes and times of files, to see that nobody wrote to them meanwhile. */
function stampsOf(files: readonly string[]): string {
  try {
    return files.map((path) => `${statSync(path).size} ${statSync(path).mtimeMs}`).join('\n')
  } catch (error) {
    throw usage(`The input cannot be read: ${(error as Error).message}`)
  }
}
