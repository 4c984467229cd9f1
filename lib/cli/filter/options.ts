import { parseArgs } from 'node:util'
import { usage } from '../exit-codes.ts'
import { type Format, formatOf, formatOfInput, isFormat } from './formats.ts'

export const filterHelp = `assent filter <in… | -> --purpose <key> --subject <namespace:path> --collected-at <path> [options]

  in and out are NDJSON, CSV or Parquet, by their names (.ndjson .csv .tsv .parquet) or --from and --to;
  in may be several files, a pattern such as 'data/*.parquet', or a directory with partitions (day=2026-06-01/…)
  --subject user:user_id        may be given more than once, all must permit; in NDJSON paths may be lists: user:people[].id
  --collected-at <path>         when each record was collected
    --unit <s|ms|us|ns>         …as a whole number since 1970          --timezone <UTC|Europe/Berlin>  …without a zone
  --collected-now <reason>      instead: everything was collected at this very moment, and why that is so
  --out <file | directory/>     without it, standard output            --partition-by <column>
  --denied <file>               what may not be used, and why          --report <file>   what was done, as JSON
  --max-unknown <5% | 100>      write nothing if more records are about people nobody recorded
  --delimiter <character>       --no-header (CSV)                      --memory <4GB> for tables, the rest goes to disk
  --content-usage <path>        what its publisher said of each record's use; a column of text in tables
  --property <key>   --category <key>   --recipient <name>   --regime <key>   --source-purpose <key>

Exit: 0 all decided, 2 usage, 3 broken lines left out, 4 a guard tripped, 5 unreachable, stale or cut off.`

export type CollectedAt =
  | {
      readonly kind: 'path'
      readonly path: string
      readonly unit: TimeUnit | undefined
      readonly timezone: string | undefined
    }
  /** The waiver: all records are of this moment. */
  | { readonly kind: 'now'; readonly reason: string }

export const timeUnits = ['s', 'ms', 'us', 'ns'] as const
export type TimeUnit = (typeof timeUnits)[number]

export type FilterOptions = {
  /** Paths and patterns, or one `-`. */
  readonly inputs: readonly string[]
  readonly from: Format
  readonly to: Format
  readonly purpose: string
  /** The rest of the question, as the API's parameters. */
  readonly terms: readonly (readonly [name: string, value: string])[]
  /** `namespace:path`, read where the records are read. */
  readonly subjects: readonly { readonly namespace: string; readonly path: string }[]
  readonly collectedAt: CollectedAt
  /** Where a record holds what its publisher said of its use. */
  readonly contentUsage: string | undefined
  readonly out: string | undefined
  readonly denied: string | undefined
  readonly deniedFormat: Format
  readonly report: string | undefined
  readonly maxUnknown: ((counts: { unknown: number; records: number }) => boolean) | undefined
  readonly partitionBy: readonly string[]
  readonly csv: { readonly delimiter: string | undefined; readonly hasHeader: boolean | undefined }
  readonly memory: string | undefined
}

/** Reads the command's arguments; what cannot be read is a usage error that says what is wrong. */
export function readOptions(args: readonly string[]): FilterOptions {
  const { values, positionals: inputs } = parse(args)
  const { purpose, subject } = values
  if (inputs.length === 0 || !purpose || !subject) throw usage(filterHelp)
  if (inputs.length > 1 && inputs.includes('-')) throw usage('Standard input (-) cannot be mixed with files.')
  const from = format('from', values.from) ?? formatOfInput(inputs[0]!)
  const to = format('to', values.to) ?? (values.out === undefined ? undefined : formatOf(values.out, from))
  return {
    inputs,
    from,
    to: to ?? from,
    purpose,
    terms: [
      ...(values.category ?? []).map((each) => ['category', each] as const),
      ...(['property', 'recipient', 'regime', 'source-purpose'] as const).flatMap((name) =>
        values[name] === undefined ? [] : [[name.replace('-', '_'), values[name]] as const],
      ),
    ],
    subjects: subject.map(readSubject),
    collectedAt: readCollectedAt(values),
    contentUsage: values['content-usage'],
    out: values.out,
    denied: values.denied,
    deniedFormat: values.denied === undefined ? (to ?? from) : formatOf(values.denied, to ?? from),
    report: values.report,
    maxUnknown: guardOf(values['max-unknown']),
    partitionBy: values['partition-by'] ?? [],
    csv: {
      delimiter: values.delimiter === '\\t' ? '\t' : values.delimiter,
      hasHeader: values['no-header'] === true ? false : undefined,
    },
    memory: values.memory,
  }
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
        'collected-now': text,
        'content-usage': text,
        unit: text,
        timezone: text,
        from: text,
        to: text,
        out: text,
        denied: text,
        report: text,
        'max-unknown': text,
        'partition-by': list,
        delimiter: text,
        'no-header': { type: 'boolean' },
        memory: text,
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

function format(option: string, text: string | undefined): Format | undefined {
  if (text === undefined || isFormat(text)) return text
  throw usage(`--${option} is ndjson, csv or parquet.`)
}

function readSubject(text: string): { namespace: string; path: string } {
  const colon = text.indexOf(':')
  if (colon < 1 || colon === text.length - 1) {
    throw usage(`--subject is namespace:path, such as user:user_id; this is ${text}.`)
  }
  return { namespace: text.slice(0, colon), path: text.slice(colon + 1) }
}

function readCollectedAt(values: ReturnType<typeof parse>['values']): CollectedAt {
  const { 'collected-at': path, 'collected-now': reason, unit, timezone } = values
  if (path !== undefined && reason !== undefined) {
    throw usage(
      '--collected-at and --collected-now exclude each other: either the records say when, or all are of now.',
    )
  }
  if (reason !== undefined) {
    if (reason.trim() === '') throw usage('--collected-now needs a reason in words; the report keeps it.')
    return { kind: 'now', reason }
  }
  if (!path) {
    throw usage(
      `--collected-at is missing: it names what says when a record was collected. A yes covers data from then on only.\n\n${filterHelp}`,
    )
  }
  if (unit !== undefined && !timeUnits.includes(unit as TimeUnit)) throw usage('--unit is s, ms, us or ns.')
  return { kind: 'path', path, unit: unit as TimeUnit | undefined, timezone }
}

/** `5%` of the records, or a number of them. */
function guardOf(text: string | undefined): FilterOptions['maxUnknown'] {
  if (text === undefined) return undefined
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text)
  if (match === null) throw usage('--max-unknown is a number of records, or a share such as 5%.')
  const bound = Number(match[1])
  return match[2] === '%'
    ? ({ unknown, records }) => unknown > (bound / 100) * records
    : ({ unknown }) => unknown > bound
}
