import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { FilterOptions } from './options.ts'

/** One file's or stream's content. */
export type Digest = { readonly bytes: number; readonly sha256: string }
export type FileDigest = Digest & { readonly path: string }

/** What a run did: what the report says, and the words on the terminal. */
export type Outcome = {
  readonly id: string | undefined
  readonly records: number
  readonly permitted: number
  /** Records whose first subject was never recorded. */
  readonly unknown: number
  readonly denied: Readonly<Record<string, number>>
  readonly broken: readonly { readonly line?: number; readonly code: string; readonly count?: number }[]
  readonly brokenTotal: number
  /** Permitted when they were read, and no longer when the feed was read before the output got its name. */
  readonly removedSince: number
  readonly input: Digest & { readonly files?: readonly FileDigest[] }
  readonly output: Digest & { readonly files?: readonly FileDigest[] }
  readonly revision: { readonly from: string; readonly to: string; readonly checked_up_to: string }
  readonly startedAt: string
  readonly decidedAt: string
  /** The earliest time after which a permitted record is to be asked about again. */
  readonly useUntil: string | null
  readonly hints: readonly string[]
}

/**
 * The report of a run, which is its manifest: the question, what went in and came out, by their digests, what was
 * decided, at which revisions, and until when that may be relied on. `complete` is always true: a run that was not
 * complete has no output, and no report.
 */
export function writeReport(path: string, options: FilterOptions, outcome: Outcome): void {
  const { collectedAt } = options
  const report = {
    format: 'assent-filter-report-1',
    complete: true,
    ...(outcome.id === undefined ? {} : { id: outcome.id }),
    purpose: options.purpose,
    question: {
      purpose: [options.purpose],
      subject: options.subjects.map(({ namespace, path: at }) => `${namespace}:${at}`),
      ...(collectedAt.kind === 'path' ? { collected_at: [collectedAt.path] } : {}),
      ...(options.contentUsage === undefined ? {} : { content_usage: [options.contentUsage] }),
      ...grouped(options.terms),
    },
    waiver:
      collectedAt.kind === 'now'
        ? { kind: 'collected_now', reason: collectedAt.reason, collected_at: outcome.decidedAt }
        : null,
    input: { path: options.inputs.join(' '), format: options.from, ...outcome.input },
    output: { path: options.out ?? '-', format: options.to, ...outcome.output },
    records: outcome.records,
    permitted: outcome.permitted,
    denied: outcome.denied,
    unknown: outcome.unknown,
    broken: outcome.broken,
    broken_total: outcome.brokenTotal,
    removed_since: outcome.removedSince,
    revision: outcome.revision,
    started_at: outcome.startedAt,
    decided_at: outcome.decidedAt,
    use_until: outcome.useUntil,
    hints: outcome.hints,
    sha256_out: outcome.output.sha256,
  }
  writeFileSync(resolve(path), `${JSON.stringify(report, null, 2)}\n`)
}

function grouped(terms: FilterOptions['terms']): Record<string, readonly string[]> {
  const all: Record<string, string[]> = {}
  for (const [name, value] of terms) all[name] = [...(all[name] ?? []), value]
  return all
}

/** What a person wants to know at the end, in lines. */
export function tell(outcome: Outcome): void {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const { records, permitted, denied, unknown, brokenTotal, broken, removedSince, hints } = outcome
  say(`${permitted} of ${records} records may be used.`)
  for (const [reason, count] of Object.entries(denied).sort((a, b) => b[1] - a[1])) {
    say(`${String(count).padStart(9)}  ${reason}`)
  }
  if (unknown > 0) say(`${unknown} records are about people nobody recorded.`)
  if (removedSince > 0)
    say(`${removedSince} of them were permitted at first and taken out again: someone said no meanwhile.`)
  for (const hint of hints) say(hint)
  if (brokenTotal === 0) return
  say(`${brokenTotal} lines could not be read and were left out:`)
  for (const { line, code, count } of broken.slice(0, 10)) {
    say(line === undefined ? `  ${count} × ${code}` : `  line ${line}: ${code}`)
  }
}
