import {
  createReadStream,
  createWriteStream,
  existsSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { createClient, type FilterSummary } from '../client/client.ts'
import type { Connection } from './connection.ts'
import { CommandFailed, exitCodes, usage } from './exit-codes.ts'
import { type Sent, sendFilter } from './send-filter.ts'

export const filterHelp = `assent filter <in.ndjson | -> --purpose <key> --subject <namespace:path> --collected-at <path> [options]

  --subject user:user_id        may be given more than once, paths may be lists: user:people[].id
  --out <file>                  without it, standard output
  --report <file>               what was done, as JSON
  --max-unknown <5% | 100>      write nothing if more records are about people nobody recorded
  --property <key>   --category <key>   --recipient <name>   --regime <key>   --source-purpose <key>

Exit: 0 all decided, 2 usage, 3 broken lines left out, 4 a guard tripped, 5 unreachable, stale or cut off.`

type Options = {
  readonly input: string
  readonly query: URLSearchParams
  readonly out: string | undefined
  readonly report: string | undefined
  readonly maxUnknown: ((summary: FilterSummary) => boolean) | undefined
}

/** `assent filter`: the output appears under its name only when it is complete and equal to the server's digest. */
export async function filter(connection: Connection, args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  const aside = `${options.out === undefined ? join(tmpdir(), 'assent-filter') : resolve(options.out)}.${process.pid}.part`
  const cleanUp = () => rmSync(aside, { force: true })
  const interrupt = () => {
    cleanUp()
    process.exit(130)
  }
  process.once('SIGINT', interrupt)
  try {
    const input = options.input === '-' ? process.stdin : createReadStream(options.input)
    const progress = progressOf(options.input)
    const sent = await sendFilter(
      connection,
      options.query,
      input as Readable,
      createWriteStream(aside),
      progress.show,
    )
    progress.end()
    const summary = await createClient({ baseUrl: connection.url, key: connection.key }).filterSummary(
      sent.filterId,
    )
    verify(summary, sent)
    if (options.maxUnknown?.(summary) === true) {
      throw new CommandFailed(
        exitCodes.guard,
        `${summary.unknown} of ${summary.records} records are about people nobody recorded: more than --max-unknown allows. Nothing was written.`,
      )
    }
    await deliver(aside, options.out)
    if (options.report !== undefined) writeReport(options, options.report, sent, summary)
    tell(summary)
    return summary.broken_total > 0 ? exitCodes.broken : exitCodes.ok
  } finally {
    process.off('SIGINT', interrupt)
    cleanUp()
  }
}

function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parse(args)
  const [input, ...more] = positionals
  const { purpose, subject, 'collected-at': collectedAt } = values
  if (input === undefined || more.length > 0 || !purpose || !subject || !collectedAt) throw usage(filterHelp)
  if (input !== '-' && !existsSync(input)) throw usage(`There is no file ${input}.`)
  if (values.out !== undefined && !existsSync(dirname(resolve(values.out)))) {
    throw usage(`There is no directory ${dirname(resolve(values.out))}.`)
  }
  const query = new URLSearchParams({ purpose, collected_at: collectedAt })
  for (const each of subject) query.append('subject', each)
  for (const each of values.category ?? []) query.append('category', each)
  for (const name of ['property', 'recipient', 'regime', 'source-purpose'] as const) {
    if (values[name] !== undefined) query.set(name.replace('-', '_'), values[name])
  }
  return { input, query, out: values.out, report: values.report, maxUnknown: guardOf(values['max-unknown']) }
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  const list = { type: 'string', multiple: true } as const
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        purpose: text,
        subject: list,
        'collected-at': text,
        out: text,
        report: text,
        'max-unknown': text,
        property: text,
        category: list,
        recipient: text,
        regime: text,
        'source-purpose': text,
      },
    })
  } catch (error) {
    throw usage(`${(error as Error).message}\n\n${filterHelp}`)
  }
}

/** `5%` of the records, or a number of them. */
function guardOf(text: string | undefined): Options['maxUnknown'] {
  if (text === undefined) return undefined
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text)
  if (match === null) throw usage('--max-unknown is a number of records, or a share such as 5%.')
  const bound = Number(match[1])
  return match[2] === '%'
    ? ({ unknown, records }) => unknown > (bound / 100) * records
    : ({ unknown }) => unknown > bound
}

function verify(summary: FilterSummary, { output }: Sent): void {
  if (summary.complete && summary.sha256_out === output.sha256) return
  throw new CommandFailed(
    exitCodes.unavailable,
    'What arrived is not what the server sent. Nothing was written.',
  )
}

async function deliver(aside: string, out: string | undefined): Promise<void> {
  if (out !== undefined) renameSync(aside, resolve(out))
  else await pipeline(createReadStream(aside), process.stdout, { end: false })
}

function writeReport(options: Options, path: string, sent: Sent, summary: FilterSummary): void {
  const { input, query, out } = options
  const report = {
    question: Object.fromEntries([...new Set(query.keys())].map((name) => [name, query.getAll(name)])),
    input: { path: input, ...sent.input },
    output: { path: out ?? '-', ...sent.output },
    ...summary,
  }
  writeFileSync(resolve(path), `${JSON.stringify(report, null, 2)}\n`)
}

function tell({ records, permitted, denied, unknown, broken_total, broken }: FilterSummary): void {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  say(`${permitted} of ${records} records may be used.`)
  for (const [reason, count] of Object.entries(denied).sort((a, b) => b[1] - a[1])) {
    say(`${String(count).padStart(9)}  ${reason}`)
  }
  if (unknown > 0) say(`${unknown} records are about people nobody recorded.`)
  if (broken_total === 0) return
  say(`${broken_total} lines could not be read and were left out:`)
  for (const { line, code } of broken.slice(0, 10)) say(`  line ${line}: ${code}`)
}

function progressOf(input: string) {
  const all = input === '-' ? undefined : statSync(input).size
  const startedAt = performance.now()
  let shownAt = 0
  return {
    show(bytes: number): void {
      if (!process.stderr.isTTY || performance.now() - shownAt < 100) return
      shownAt = performance.now()
      const share = all ? `${Math.floor((bytes / all) * 100)} % of ` : ''
      const rate = bytes / 1e6 / ((performance.now() - startedAt) / 1000)
      process.stderr.write(`\r${share}${((all ?? bytes) / 1e6).toFixed(1)} MB, ${rate.toFixed(1)} MB/s   `)
    },
    end: () => {
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
    },
  }
}
