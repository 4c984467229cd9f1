import { AssentApiError, type AssentClient, problemOf } from '../client.ts'
import { type Position, readRevision } from '../revision.ts'
import { type Moment, momentNow } from './moment.ts'

/** Everything of a question but whom it is about and when the data was collected. */
export type Terms = {
  readonly purpose: string
  readonly property?: string | null | undefined
  readonly categories?: readonly string[] | null | undefined
  readonly recipient?: string | null | undefined
  readonly regime?: string | null | undefined
  readonly source_purpose?: string | null | undefined
}

/** What is decided about one id for each collection time; see `POST /v1/resolve`. */
export type SpanRecord = {
  /** One for each span. */
  readonly reasons: readonly string[]
  /** Where each begins; the first at minus infinity. */
  readonly fromMs: readonly number[]
  /** For data without a collection time, where one is demanded. */
  readonly withoutTime: string
  readonly isInvalid: boolean
  /** More spans than a record holds. */
  readonly isTooMany: boolean
  /** Until when data of a permitted span may be used; 0 where none is permitted. */
  readonly useUntilMs: number
  /** `sub_…`; null for nobody. */
  readonly subject: string | null
}

export type Resolution = {
  /** What each record was decided at, or later. */
  readonly at: Position
  readonly decidedAtMs: number
  readonly permits: ReadonlySet<string>
  readonly records: readonly SpanRecord[]
  readonly sent: Moment
  readonly received: Moment
}

const recordBytes = 56

/** Resolves ids of one namespace. Rejects where the answer is not whole. */
export async function resolveSpans(
  exchange: AssentClient['exchange'],
  terms: Terms,
  namespace: string,
  ids: readonly string[],
  timeoutMs: number,
): Promise<Resolution> {
  const sent = momentNow()
  const body = ids.map((id) => `${id}\n`).join('')
  const headers = { 'Content-Type': 'text/plain', Accept: 'application/octet-stream' }
  const path = `/v1/resolve?${toQuery(terms, namespace)}`
  const { response, bytes } = await exchange('POST', path, body, { headers, timeoutMs })
  if (!response.ok) throw problemOf(response, problemIn(bytes))
  const at = readRevision(response.headers.get('assent-revision'))
  const decidedAtMs = Date.parse(response.headers.get('assent-decided-at') ?? '')
  const names = (response.headers.get('assent-reasons') ?? '').split(',')
  const permits = new Set((response.headers.get('assent-permits') ?? '').split(','))
  const isWhole = bytes.byteLength === ids.length * recordBytes
  if (at === undefined || Number.isNaN(decidedAtMs) || !isWhole) {
    throw new AssentApiError(0, 'unreachable', 'What was received does not resolve the ids that were sent.')
  }
  const view = new DataView(bytes)
  const records = ids.map((_, n) => readRecord(view, n * recordBytes, names))
  return { at, decidedAtMs, permits, records, sent, received: momentNow() }
}

function toQuery(terms: Terms, namespace: string): string {
  const query = new URLSearchParams({ purpose: terms.purpose, namespace, with_subject: 'true' })
  for (const name of ['property', 'recipient', 'regime', 'source_purpose'] as const) {
    const value = terms[name]
    if (value !== undefined && value !== null) query.set(name, value)
  }
  for (const category of terms.categories ?? []) query.append('category', category)
  return query.toString()
}

function readRecord(view: DataView, start: number, names: readonly string[]): SpanRecord {
  const flags = view.getUint8(start + 5)
  const count = view.getUint8(start + 6)
  const reasons: string[] = []
  const fromMs: number[] = []
  for (let n = 0; n < count; n++) {
    reasons.push(nameOf(names, view.getUint8(start + n)))
    fromMs.push(n === 0 ? Number.NEGATIVE_INFINITY : readTime(view, start + 8 * n))
  }
  let subject = ''
  for (let n = 40; n < recordBytes; n++)
    subject += view
      .getUint8(start + n)
      .toString(16)
      .padStart(2, '0')
  return {
    reasons,
    fromMs,
    withoutTime: nameOf(names, view.getUint8(start + 4)),
    isInvalid: (flags & 2) !== 0,
    isTooMany: (flags & 4) !== 0,
    useUntilMs: readTime(view, start + 32),
    subject: /^0+$/.test(subject) ? null : `sub_${subject}`,
  }
}

const readTime = (view: DataView, at: number) => Number(view.getBigInt64(at, true))

function nameOf(names: readonly string[], code: number): string {
  const name = names[code]
  if (name === undefined || name === '') {
    throw new AssentApiError(0, 'unreachable', `The reason ${code} has no name.`)
  }
  return name
}

function problemIn(bytes: ArrayBuffer): Record<string, unknown> {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return {}
  }
}
