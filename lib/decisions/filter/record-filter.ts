import type { Decision } from '../../domain/decision.ts'
import { AssentError } from '../../domain/errors.ts'
import { type Identifier, makeIdentifier } from '../../domain/identifier.ts'
import { parseInstant } from '../../domain/parse-instant.ts'
import type { DenyReason, PermitReason, Reason } from '../../domain/reasons.ts'
import { type Answer, findManyMax, type Moment, type PreparedQuestion, type Question } from '../decisions.ts'
import { Extractor, type Found } from './extract.ts'
import { PlainRecords } from './plain-records.ts'
import { type Line, LineSplitter } from './split-lines.ts'

export type BrokenCode =
  | 'line_too_long'
  | 'not_utf8'
  | 'not_json'
  | 'not_an_object'
  | 'duplicate_key'
  | 'subject_missing'
  | 'subject_invalid'
  | 'content_usage_invalid'

const brokenListedMax = 1_000
const newline = 0x0a

/** Whom a filter asks. */
export type FilterDecisions = {
  readonly evaluate: (question: Question) => Answer
  readonly prepare: (terms: Omit<Question, 'subjects' | 'collectedAtMs'>) => PreparedQuestion
}

/** Who is told of each decision as it is made. */
export type FilterListener = {
  /** Whether this one is to be told in full. */
  counted(reason: Reason): boolean
  kept(question: Question, decision: Decision, nowMs: number): void
}

/** Where a record says whom it is about and when it was collected. */
export type RecordShape = {
  /** The first is the one the record is about; all must be permitted. */
  readonly subjects: readonly { readonly namespace: string; readonly path: string }[]
  readonly collectedAt: string
  /** Which member holds what its publisher said of its use (`Content-Usage`): one text, or a list of them. */
  readonly contentUsage?: string
}

/** Everything of a question that is the same for all records. */
export type FilterQuestion = Omit<
  Question,
  'subjects' | 'collectedAtMs' | 'demandsCollectedAt' | 'contentUsage'
>

/** What a filter has seen so far. */
export type FilterCounts = {
  readonly records: number
  readonly permitted: number
  /** Records whose first subject was never recorded here. */
  readonly unknown: number
  readonly denied: Readonly<Partial<Record<DenyReason, number>>>
  /** The first 1,000 broken lines; they are left out of the output. */
  readonly broken: readonly { readonly line: number; readonly code: BrokenCode }[]
  readonly brokenTotal: number
  /** The earliest time after which a permitted record may not be used without asking again; null where there is none. */
  readonly useUntilMs: number | null
}

/** Decides record by record; a line that cannot be read is left out and listed, never guessed. */
export class RecordFilter {
  readonly #evaluate: (question: Question) => Answer
  readonly #shape: RecordShape
  readonly #question: FilterQuestion
  readonly #listener: FilterListener | undefined
  readonly #extractor: Extractor
  readonly #prepared: PreparedQuestion
  readonly #plain: PlainRecords | undefined
  readonly #found = new Int32Array(findManyMax)
  readonly #splitter = new LineSplitter()
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  #lines = 0
  #records = 0
  #permitted = 0
  readonly #permittedBy: Partial<Record<PermitReason, number>> = {}
  #unknown = 0
  #useUntilMs = Number.POSITIVE_INFINITY
  #brokenTotal = 0
  readonly #denied: Partial<Record<DenyReason, number>> = {}
  readonly #broken: { line: number; code: BrokenCode }[] = []

  constructor(
    decisions: FilterDecisions,
    shape: RecordShape,
    question: FilterQuestion,
    listener?: FilterListener,
  ) {
    this.#listener = listener
    this.#evaluate = decisions.evaluate
    this.#prepared = decisions.prepare({ ...question, demandsCollectedAt: true })
    this.#shape = shape
    this.#question = question
    const [subject, ...others] = shape.subjects
    const { collectedAt, contentUsage } = shape
    const names = [subject?.path ?? '', collectedAt] as const
    const isPlain =
      others.length === 0 &&
      contentUsage === undefined &&
      names.every((name) => /^[\x20-\x7e]+$/.test(name) && !/[.[\]"\\]/.test(name))
    this.#plain = isPlain ? new PlainRecords(names) : undefined
    const more = contentUsage === undefined ? [] : [contentUsage, `${contentUsage}[]`]
    this.#extractor = new Extractor([...shape.subjects.map(({ path }) => path), collectedAt, ...more])
  }

  /**
   * Gives every permitted line of `chunk` to `keep`, byte for byte, the beginning of a line that an earlier chunk held
   * included. Throws `not_ready` where this node cannot answer: then nothing may pass.
   */
  push(chunk: Buffer, keep: (bytes: Buffer) => void): void {
    const now = this.#prepared.begin()
    let at = this.#splitter.isHolding ? this.#pushRest(chunk, keep) : 0
    while (at < chunk.length) {
      if (this.#plain !== undefined) at = this.#passPlain(this.#plain, chunk, at, now, keep)
      const end = chunk.indexOf(newline, at) + 1
      if (end === 0) break
      this.#pass(chunk.subarray(at, end), keep)
      at = end
    }
    if (at < chunk.length) for (const line of this.#splitter.push(chunk.subarray(at))) this.#pass(line, keep)
  }

  /** Decisions by their reasons. */
  byReason(): readonly (readonly [reason: Reason, count: number])[] {
    return Object.entries({ ...this.#denied, ...this.#permittedBy }) as [Reason, number][]
  }

  get seen(): number {
    return this.#lines
  }

  /** The last line, where no line end follows it. */
  end(keep: (bytes: Buffer) => void): void {
    for (const line of this.#splitter.end()) this.#pass(line, keep)
  }

  /** Ends the line that is held; answers where the next begins. */
  #pushRest(chunk: Buffer, keep: (bytes: Buffer) => void): number {
    const end = chunk.indexOf(newline) + 1 || chunk.length
    for (const line of this.#splitter.push(chunk.subarray(0, end))) this.#pass(line, keep)
    return end
  }

  #pass(line: Line, keep: (bytes: Buffer) => void): void {
    if (this.permits(line) && line !== null) keep(line)
  }

  /** Passes plain lines from `start` on; answers where the first lies that is not. */
  #passPlain(
    plain: PlainRecords,
    chunk: Buffer,
    start: number,
    now: Moment,
    keep: (bytes: Buffer) => void,
  ): number {
    // Lines that pass one after another are kept as one piece.
    let keptFrom = start
    let at = start
    for (plain.read(chunk, at); plain.count > 0; plain.read(chunk, at)) {
      now.findMany(this.#shape.subjects[0]!.namespace, chunk, plain, this.#found)
      for (let n = 0; n < plain.count; n++) {
        const subject = this.#found[n]!
        const decision = now.decideFound(subject, plain.collectedAtMs[n]!)
        this.#lines += 1
        const end = plain.lineEnds[n]!
        const isPermitted = this.#count(decision, subject >= 0)
        if (this.#listener?.counted(decision.reason)) {
          const id = chunk.toString('latin1', plain.starts[n]!, plain.ends[n]!)
          const subjects = [{ namespace: this.#shape.subjects[0]!.namespace, id }]
          const collectedAtMs = plain.collectedAtMs[n]!
          this.#listener.kept(this.#asked(subjects, collectedAtMs), decision, now.nowMs)
        }
        if (!isPermitted) {
          if (at > keptFrom) keep(chunk.subarray(keptFrom, at))
          keptFrom = end
        }
        at = end
      }
    }
    if (at > keptFrom) keep(chunk.subarray(keptFrom, at))
    return at
  }

  /** Whether the line may pass. Throws `not_ready` where this node cannot answer: then nothing may. */
  permits(line: Line): boolean {
    this.#lines += 1
    if (line === null) return this.#leaveOut('line_too_long')
    let text: string
    try {
      text = this.#decoder.decode(line)
    } catch {
      return this.#leaveOut('not_utf8')
    }
    if (text.trim() === '') return false
    try {
      const value: unknown = JSON.parse(text)
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return this.#leaveOut('not_an_object')
    } catch {
      return this.#leaveOut('not_json')
    }
    const { found, hasDuplicate } = this.#extractor.extract(text)
    if (hasDuplicate) return this.#leaveOut('duplicate_key')
    const subjects = this.#subjectsOf(found)
    if (typeof subjects === 'string') return this.#leaveOut(subjects)
    const [times = [], said, listed = []] = found.slice(this.#shape.subjects.length)
    const contentUsage = said === undefined ? undefined : statementsOf(said, listed)
    if (contentUsage === 'content_usage_invalid') return this.#leaveOut(contentUsage)
    return this.#decide(subjects, collectedAtOf(times), contentUsage)
  }

  counts(): FilterCounts {
    return {
      records: this.#records,
      permitted: this.#permitted,
      unknown: this.#unknown,
      denied: { ...this.#denied },
      broken: [...this.#broken],
      brokenTotal: this.#brokenTotal,
      useUntilMs: Number.isFinite(this.#useUntilMs) ? this.#useUntilMs : null,
    }
  }

  #decide(
    subjects: readonly Identifier[],
    collectedAtMs: number | null,
    contentUsage: readonly string[] | undefined,
  ): boolean {
    const asked = this.#asked(subjects, collectedAtMs)
    const question = contentUsage === undefined ? asked : { ...asked, contentUsage }
    const { decision, isKnown, nowMs } = this.#evaluate(question)
    const isPermitted = this.#count(decision, isKnown)
    if (this.#listener?.counted(decision.reason)) this.#listener.kept(question, decision, nowMs)
    return isPermitted
  }

  #asked(subjects: readonly Identifier[], collectedAtMs: number | null): Question {
    return { ...this.#question, subjects, collectedAtMs, demandsCollectedAt: true }
  }

  #count(decision: Decision, isKnown: boolean): boolean {
    if (decision.reason === 'stale' || decision.reason === 'recovering') {
      throw new AssentError('not_ready', 'This node cannot answer now; the filter was broken off.')
    }
    this.#records += 1
    if (!isKnown) this.#unknown += 1
    if (decision.allowed) {
      this.#permitted += 1
      const { useUntilMs } = decision.obligations
      if (useUntilMs < this.#useUntilMs) this.#useUntilMs = useUntilMs
      this.#permittedBy[decision.reason] = (this.#permittedBy[decision.reason] ?? 0) + 1
      return true
    }
    this.#denied[decision.reason] = (this.#denied[decision.reason] ?? 0) + 1
    return false
  }

  #subjectsOf(found: readonly (readonly Found[])[]): readonly Identifier[] | BrokenCode {
    const subjects: Identifier[] = []
    for (const [slot, { namespace, path }] of this.#shape.subjects.entries()) {
      const values = found[slot] ?? []
      // A list may be empty; a single member that is not there names nobody.
      if (values.length === 0 && !path.includes('[]')) return 'subject_missing'
      for (const value of values) {
        if (value.kind === 'null') return 'subject_missing'
        const isText = value.kind === 'string' || value.kind === 'integer'
        const identifier = isText ? makeIdentifier(namespace, value.text) : undefined
        if (identifier === undefined) return 'subject_invalid'
        subjects.push(identifier)
      }
    }
    return subjects.length === 0 ? 'subject_missing' : subjects
  }

  #leaveOut(code: BrokenCode): false {
    this.#records += 1
    this.#brokenTotal += 1
    if (this.#broken.length < brokenListedMax) this.#broken.push({ line: this.#lines, code })
    return false
  }
}

/** Null where there is none; what cannot be read lies in the future, which the decision denies. */
function collectedAtOf([value]: readonly Found[]): number | null {
  if (value === undefined || value.kind === 'null') return null
  return (value.kind === 'string' ? parseInstant(value.text) : undefined) ?? Number.MAX_SAFE_INTEGER
}

/** What a publisher said; what is neither text nor list is nothing one could heed, and nothing to pass over. */
function statementsOf(
  said: readonly Found[],
  listed: readonly Found[],
): readonly string[] | 'content_usage_invalid' {
  const texts = [...said.filter(({ kind }) => kind !== 'null' && kind !== 'list'), ...listed]
  return texts.every(({ kind }) => kind === 'string')
    ? texts.map(({ text }) => text)
    : 'content_usage_invalid'
}
