import { AssentApiError, type AssentClient, type FilterSummary, problemOf } from './client.ts'

/** What is asked of every record. Paths are those of `POST /v1/filter`: `user:author.id`, `user:people[].id`. */
export type FilterQuestion = {
  readonly purpose: string
  /** Namespace and path; all of several must permit. */
  readonly subject: string | readonly string[]
  /** The path of the collection time. */
  readonly collectedAt: string
  readonly property?: string
  readonly categories?: readonly string[]
  readonly recipient?: string
  readonly regime?: string
  readonly sourcePurpose?: string
  /** The path of what a record's publisher said of its use (`Content-Usage`). */
  readonly contentUsage?: string
}

/** The permitted records, once. */
export type Filtered<Item> = AsyncIterable<Item> & {
  /** What was done with all of them; throws before the end was reached. */
  report(): FilterSummary
}

type Context = {
  readonly baseUrl: string
  readonly headers: Readonly<Record<string, string>>
  readonly fetch: typeof fetch
  readonly call: AssentClient['call']
  /** How long the server may let us wait for a sign of life. */
  readonly timeoutMs: number
}

const chunkBytes = 65_536
/** A record is held back this long at most to go with others. */
const lingerMs = 5

/**
 * Streams records through `POST /v1/filter` and gives the permitted ones back in their order: objects as JSON reads
 * them back, text (a line of JSON each) as it was. No more is read from `records` than the server takes, and no more
 * from the server than the caller takes.
 *
 * **The iteration rejects** where the stream is cut, refused or stands still, and at its end where the server's own count
 * differs from what arrived: a loop that ends has seen everything. What it gave before is permitted, but not all.
 */
export function filterRecords<Item extends object | string>(
  context: Context,
  records: AsyncIterable<Item> | Iterable<Item>,
  question: FilterQuestion,
): Filtered<Item> {
  let summary: FilterSummary | undefined

  async function* run(): AsyncGenerator<Item, void, void> {
    const outgoing = sendable(records)
    const abort = new AbortController()
    const watch = watchForLife(context.timeoutMs, abort, outgoing)
    try {
      const response = await context
        .fetch(`${context.baseUrl}/v1/filter?${toQuery(question)}`, {
          method: 'POST',
          headers: { ...context.headers, 'Content-Type': 'application/x-ndjson' },
          body: outgoing.body,
          signal: abort.signal,
          // What comes back is read while the rest is still being sent.
          duplex: 'half',
        } as RequestInit)
        .catch((cause: unknown) => {
          throw outgoing.failure() ?? cutOff(cause)
        })
      if (!response.ok) {
        throw problemOf(response, (await response.json().catch(() => ({}))) as Record<string, unknown>)
      }
      let kept = 0
      for await (const line of readLines(response, watch)) {
        kept += 1
        yield (outgoing.isText() ? line : JSON.parse(line)) as Item
      }
      if (outgoing.failure() !== undefined) throw outgoing.failure()
      summary = await verify(context, response, outgoing.sent(), kept)
    } catch (error) {
      throw outgoing.failure() ?? (error instanceof AssentApiError ? error : cutOff(error))
    } finally {
      watch.stop()
      abort.abort()
      outgoing.close()
    }
  }

  const generator = run()
  return {
    [Symbol.asyncIterator]: () => generator,
    report() {
      if (summary === undefined) throw new Error('The filter has not come to its end.')
      return summary
    },
  }
}

/** The server's count against ours. */
async function verify({ call }: Context, response: Response, sent: number | undefined, kept: number) {
  const id = response.headers.get('assent-filter-id') ?? ''
  const summary = await call<FilterSummary>('GET', `/v1/filters/${encodeURIComponent(id)}`)
  if (summary.complete && summary.records === sent && summary.permitted === kept) return summary
  throw cutOff(new Error(`${kept} of ${summary.permitted} permitted records arrived, ${sent} were sent`))
}

async function* readLines(response: Response, watch: Watch): AsyncGenerator<string, void, void> {
  const reader = response.body!.getReader()
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest = ''
  while (true) {
    watch.isReading(true)
    const { done, value } = await reader.read()
    watch.isReading(false)
    if (done) break
    const lines = (rest + decoder.decode(value, { stream: true })).split('\n')
    rest = lines.pop()!
    yield* lines
  }
  // We end every line.
  if (rest !== '' || decoder.decode() !== '') throw new Error('the last line was cut')
}

/** The records as a body that is read as fast as it is taken. */
function sendable<Item extends object | string>(records: AsyncIterable<Item> | Iterable<Item>) {
  const source =
    Symbol.asyncIterator in records ? records[Symbol.asyncIterator]() : records[Symbol.iterator]()
  const encoder = new TextEncoder()
  let pending: Promise<IteratorResult<Item>> | undefined
  let failure: unknown
  let count = 0
  let isText = false
  let isDone = false
  let isWaiting = false
  let takenAt = performance.now()

  const take = (): Promise<IteratorResult<Item>> => {
    pending ??= Promise.resolve(source.next())
    return pending
  }

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    takenAt = performance.now()
    let lines = ''
    let lingering: Promise<undefined> | undefined
    isWaiting = true
    try {
      while (lines.length < chunkBytes) {
        lingering ??= lines === '' ? undefined : after(lingerMs)
        const next = await (lingering === undefined ? take() : Promise.race([take(), lingering]))
        if (next === undefined) break
        pending = undefined
        if (next.done === true) {
          isDone = true
          break
        }
        isText = typeof next.value === 'string'
        lines += `${toLine(next.value)}\n`
        count += 1
      }
      if (lines !== '') controller.enqueue(encoder.encode(lines))
      if (isDone) controller.close()
    } catch (error) {
      failure = error
      controller.error(error)
    } finally {
      isWaiting = false
      takenAt = performance.now()
    }
  }

  return {
    body: new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 }),
    /** What the source threw. */
    failure: () => failure,
    /** All that there were; undefined before the end. */
    sent: () => (isDone ? count : undefined),
    isText: () => isText,
    /** Whether it is the source that keeps everybody waiting, and when the server last took something. */
    isWaiting: () => isWaiting,
    takenAt: () => takenAt,
    close() {
      // Not waited for: a source that is stuck would keep the error from the caller.
      if (!isDone) Promise.resolve(source.return?.()).catch(() => undefined)
    },
  }
}

function toLine(record: object | string): string {
  if (typeof record !== 'string') return JSON.stringify(record)
  if (record.trim() === '' || record.includes('\n')) throw new TypeError('A record is one line of JSON.')
  return record
}

type Watch = { isReading(is: boolean): void; stop(): void }

/** Breaks off where the server neither takes nor gives anything, while it is the server that we wait for. */
function watchForLife(
  timeoutMs: number,
  abort: AbortController,
  outgoing: { isWaiting(): boolean; takenAt(): number },
): Watch {
  let isReading = true
  let movedAt = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    if (!isReading || outgoing.isWaiting()) movedAt = now
    else if (now - Math.max(movedAt, outgoing.takenAt()) > timeoutMs)
      abort.abort(new Error('it stands still'))
  }, timeoutMs / 8)
  return {
    isReading(is) {
      isReading = is
      movedAt = performance.now()
    },
    stop: () => clearInterval(timer),
  }
}

function toQuery(question: FilterQuestion): string {
  const { subject, categories = [] } = question
  const query = new URLSearchParams({ purpose: question.purpose, collected_at: question.collectedAt })
  for (const each of typeof subject === 'string' ? [subject] : subject) query.append('subject', each)
  for (const each of categories) query.append('category', each)
  const { property, recipient, regime, sourcePurpose, contentUsage } = question
  for (const [name, value] of Object.entries({
    property,
    recipient,
    regime,
    source_purpose: sourcePurpose,
    content_usage: contentUsage,
  })) {
    if (value !== undefined) query.set(name, value)
  }
  return query.toString()
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms))
}

function cutOff(cause: unknown): AssentApiError {
  const words = cause instanceof Error ? cause.message : String(cause)
  return new AssentApiError(0, 'unreachable', `The filter was cut off: ${words}.`, cause)
}
