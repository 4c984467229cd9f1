import { createHash } from 'node:crypto'
import { setImmediate as giveWay } from 'node:timers/promises'
import type { SubjectSpans } from '../decisions/decisions.ts'
import { AssentError } from '../domain/errors.ts'
import type { SubjectId } from '../domain/ids.ts'
import { formatRevision, type Revision } from '../domain/revision.ts'
import type { KnownIdentifier } from '../ledger/known-identifiers.ts'
import type { SnapshotFormat } from './format.ts'
import { joinKey } from './join-key.ts'
import { type SnapshotRow, toRow } from './snapshot-row.ts'

/** Synchronous work gives way after this long. */
const sliceMs = 5

/** What a snapshot came to. */
export type SnapshotTotals = {
  readonly rows: number
  readonly identifiers: number
  readonly bytes: number
  /** Of all bytes, hex. */
  readonly sha256: string
  /** Every row was decided at a revision and a time between these. */
  readonly revision: { readonly from: Revision; readonly to: Revision }
  readonly decidedAtMs: { readonly from: number; readonly to: number }
  /** When the first of the rows runs out; null without a permit. */
  readonly useUntilMs: number | null
}

/**
 * Decides about every identifier, a row for each span of collection times, and hands the bytes to `send`, in memory
 * that does not grow with their number. Throws `not_ready` where this node can no longer answer, or its log began
 * again: then what was sent must not pass for a snapshot.
 */
export async function takeSnapshot(options: {
  readonly identifiers: AsyncIterable<KnownIdentifier>
  readonly spansOf: (subjectId: SubjectId) => SubjectSpans | undefined
  /** The revision before the first identifier was read. */
  readonly from: Revision
  readonly nowMs: number
  readonly exportKey: Uint8Array
  readonly purpose: string
  readonly property: string | null
  /** Whether spans that are denied have rows too. */
  readonly isWithDenied: boolean
  readonly format: SnapshotFormat
  readonly send: (bytes: Uint8Array) => Promise<void>
}): Promise<SnapshotTotals> {
  const { from, format, purpose, property, exportKey } = options
  const sha256 = createHash('sha256')
  let [rows, bytes, identifiers, useUntilMs] = [0, 0, 0, Number.POSITIVE_INFINITY]
  let [to, fromMs, toMs] = [from, options.nowMs, options.nowMs]
  let waiting: SnapshotRow[] = []
  const flush = async (part: Uint8Array) => {
    sha256.update(part)
    bytes += part.length
    if (part.length > 0) await options.send(part)
  }

  let sliceEndsAt = performance.now() + sliceMs
  for await (const { namespace, id, subjectId } of options.identifiers) {
    const decided = options.spansOf(subjectId)
    // Stored, but not applied here yet: what she refused may not be known either.
    if (decided === undefined) continue
    const { spans, revision, nowMs } = decided
    if (revision.epoch !== from.epoch || revision.log !== from.log) throw unanswerable()
    ;[to, toMs] = [revision, nowMs]
    if (identifiers === 0) fromMs = nowMs
    identifiers += 1
    let about: Parameters<typeof toRow>[0] | undefined
    for (const span of spans) {
      const { allowed, reason } = span.decision
      if (reason === 'stale' || reason === 'recovering') throw unanswerable()
      if (!allowed && !options.isWithDenied) continue
      about ??= {
        subject_type: namespace,
        subject_key: joinKey(exportKey, namespace, id),
        purpose,
        property,
        revision: formatRevision(revision),
        subject: subjectId,
      }
      const row = toRow(about, span)
      if (row.use_until !== null) useUntilMs = Math.min(useUntilMs, row.use_until)
      waiting.push(row)
      rows += 1
    }
    if (waiting.length >= format.rowsAtOnce) {
      await flush(format.write(waiting))
      waiting = []
    }
    if (performance.now() > sliceEndsAt) {
      await giveWay()
      sliceEndsAt = performance.now() + sliceMs
    }
  }
  if (waiting.length > 0) await flush(format.write(waiting))
  await flush(format.end())
  return {
    rows,
    identifiers,
    bytes,
    sha256: sha256.digest('hex'),
    revision: { from, to },
    decidedAtMs: { from: fromMs, to: toMs },
    useUntilMs: Number.isFinite(useUntilMs) ? useUntilMs : null,
  }
}

const unanswerable = () =>
  new AssentError('not_ready', 'This node cannot answer now; the snapshot was broken off.')
