import { statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import type { FilterSummary } from '../../client/client.ts'
import { readChanges } from './changes.ts'
import { KeptSubjects } from './kept-subjects.ts'
import { pickLines, placesMissing, readLines, streamOf } from './lines.ts'
import { type Run, roundsMax, tooManyChanges } from './run.ts'
import type { Sent } from './send-filter.ts'

/** As many lines are decided in well under a second: what is recorded meanwhile is as what is recorded just after. */
const lastMax = 50_000

/** What the server permitted of some lines: they lie at `path`. */
export type Passed = { readonly path: string; readonly sent: Sent; readonly summary: FilterSummary }

/** Sends lines through the server; what comes back lies aside under `name`. */
export type Pass = (input: Readable, name: string, bytes: number | undefined) => Promise<Passed>

/**
 * Makes what was permitted true of the log's end. The lines of `kept` but those whose places are `removed` are
 * permitted as of `upTo`: whoever's state changed up to there was decided about again, after that. It ends where the
 * feed tells of nobody in them, or when it has told so often that what it last told has been done. Throws where
 * configuration keeps changing, or where the node that decides stays behind the one that tells.
 */
export async function recheck(
  run: Run,
  first: Passed,
  pass: Pass,
): Promise<{
  kept: Passed
  removed: ReadonlySet<number>
  denied: Readonly<Record<string, number>>
  to: string
  upTo: string
  /** When the first of them is to be asked about again; null where the server does not say. */
  useUntil: string | null
}> {
  const { client, aside, progress } = run
  const denied = { ...first.summary.denied }
  let useUntil = first.summary.use_until ?? null
  const count = (summary: FilterSummary) => {
    if (useUntil !== null && (summary.use_until ?? useUntil) < useUntil) useUntil = summary.use_until!
    for (const [reason, n] of Object.entries(summary.denied)) denied[reason] = (denied[reason] ?? 0) + n
  }
  let kept = first
  let removed = new Set<number>()
  let subjects: KeptSubjects | undefined
  let after = first.summary.revision.from
  let to = first.summary.revision.to
  for (let round = 1; ; round++) {
    const changes = await readChanges(client, after)
    const upTo = changes.to
    const done = { kept, removed, denied, to, upTo, useUntil }
    if (changes.subjects.size === 0 && !changes.isConfiguration) return done
    progress.phase('checking')
    if (changes.isConfiguration) {
      if (round > roundsMax) throw tooManyChanges()
      const gone = removed
      const lines = streamOf(pickLines(kept.path, (place) => !gone.has(place)))
      kept = await pass(lines, `kept-${round}`, statSync(kept.path).size)
      removed = new Set()
      subjects = undefined
      count(kept.summary)
      to = kept.summary.revision.to
      after = kept.summary.revision.from
      continue
    }
    subjects ??= await KeptSubjects.read(run, kept.path, aside.path(`subjects-${round}`))
    const affected = await subjects.find(changes.subjects)
    for (const place of removed) affected.delete(place)
    if (affected.size === 0) return done
    const { path } = kept
    const lines = () => pickLines(path, (place) => affected.has(place))
    const again = await pass(streamOf(lines()), 'again', undefined)
    const places = [...affected].sort((a, b) => a - b)
    for (const n of await placesMissing(lines(), readLines(again.path))) removed.add(places[n]!)
    count(again.summary)
    to = again.summary.revision.to
    // What was decided before the feed's end may be old by now; everyone else is as she was up to there.
    after = earlier(again.summary.revision.from, upTo)
    if (round < roundsMax) continue
    if (after !== upTo || affected.size > lastMax) throw tooManyChanges()
    return { ...done, to, useUntil }
  }
}

/** Of two places in one log. */
function earlier(one: string, other: string): string {
  const seqOf = (revision: string) => Number(revision.slice(revision.lastIndexOf(':') + 1))
  return seqOf(one) < seqOf(other) ? one : other
}
