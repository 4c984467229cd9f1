import type { Answer } from '../../decisions/decisions.ts'
import { sinceText } from '../../domain/because.ts'
import type { Decision, NoticeUsed } from '../../domain/decision.ts'
import { formatInstant } from '../../domain/format-instant.ts'
import type { Reason } from '../../domain/reasons.ts'
import { evaluationJson, type WrittenAnswer } from './answer.ts'
import { AnswerForm, type DayText } from './answer-form.ts'

const dayMs = 86_400_000
const year10000Ms = Date.UTC(10_000, 0)
const bytesOf = (text: string) => Buffer.from(text, 'latin1')
/** A day in a sentence, such as ` 1 Nov 2026 `, takes so many bytes or one more. */
const sinceBytesMin = 12

/** Values that stand out in an answer's text, so that it can be cut where they are. */
const marks = {
  seq: 4_503_599_627_370_001,
  atMs: 43_297_445_678,
  fromMs: 47_123_456_789,
  untilMs: 51_123_456_789,
}
const markTexts = [
  sinceText(marks.atMs),
  `${marks.seq}`,
  formatInstant(marks.fromMs),
  formatInstant(marks.untilMs),
]

/** What answers of one reason and notice have in common: all but their times and positions. */
type Pieces = {
  readonly categories: readonly string[] | null
  readonly isAssumed: boolean
  /** Null where it could not be cut. */
  readonly parts: readonly Buffer[] | null
  /** By the digits of the position and the bytes of the day. */
  readonly forms: (AnswerForm | undefined)[]
}

/**
 * Writes the answers of a batch one behind another, each as `evaluationJson` writes it, into one piece of memory. What
 * is common to many is cut out of one that `evaluationJson` wrote, so that only that says what an answer looks like.
 */
export class AnswerWriter {
  #bytes: Buffer
  #at = 0
  readonly #pieces = new Map<Reason, Map<NoticeUsed | null, Pieces>>()
  #revision: Answer['revision'] | undefined
  #lagMs = 0
  /** Of each day: its date, and how a sentence says it. */
  readonly #days = new Map<number, DayText>()

  /** `bytes` is how many are expected. */
  constructor(bytes: number) {
    this.#bytes = Buffer.allocUnsafe(bytes)
  }

  get written(): Buffer {
    return this.#bytes.subarray(0, this.#at)
  }

  /** Text in ASCII. */
  text(text: string): void {
    this.#makeRoom(text.length)
    this.#at += this.#bytes.write(text, this.#at, 'latin1')
  }

  comma(): void {
    this.#makeRoom(1)
    this.#bytes[this.#at++] = 0x2c
  }

  answer(answer: WrittenAnswer): void {
    const { decision, revision, lagMs } = answer
    if (revision !== this.#revision || lagMs !== this.#lagMs) {
      this.#pieces.clear()
      this.#revision = revision
      this.#lagMs = lagMs
    }
    const pieces = this.#piecesOf(answer)
    if (pieces.parts === null || !hasPlainTimes(decision)) {
      this.text(evaluationJson(answer))
      return
    }
    const { text } = this.#fill(pieces, pieces.parts, decision)
    this.#makeRoom(text.length)
    this.#bytes.set(text, this.#at)
    this.#at += text.length
  }

  #fill({ forms }: Pieces, parts: readonly Buffer[], decision: Decision): AnswerForm {
    const { seq, atMs } = decision.basis
    const digits = digitsOf(seq!)
    const sinceBytes = this.#dayOf(Math.floor(atMs! / dayMs)).since.length
    const which = 2 * digits + sinceBytes - sinceBytesMin
    let form = forms[which]
    if (form === undefined) {
      form = new AnswerForm(parts, digits, sinceBytes)
      forms[which] = form
    }
    form.setSince(atMs!, this.#dayOf)
    form.setSeq(seq!)
    if (decision.allowed) {
      form.setFrom(decision.obligations.collectedFromMs, this.#dayOf)
      form.setUntil(decision.obligations.useUntilMs, this.#dayOf)
    }
    return form
  }

  #piecesOf(answer: WrittenAnswer): Pieces {
    const { decision } = answer
    const { reason, basis } = decision
    let ofReason = this.#pieces.get(reason)
    if (ofReason === undefined) {
      ofReason = new Map()
      this.#pieces.set(reason, ofReason)
    }
    const known = ofReason.get(basis.notice)
    const categories = decision.allowed ? decision.obligations.categories : null
    const isAssumed = decision.allowed && decision.assumed.length > 0
    if (known?.categories === categories && known.isAssumed === isAssumed) return known
    const parts = cut(answer)
    const made: Pieces = { categories, isAssumed, parts, forms: [] }
    ofReason.set(basis.notice, made)
    return made
  }

  readonly #dayOf = (day: number): DayText => {
    let known = this.#days.get(day)
    if (known === undefined) {
      const atMs = day * dayMs
      // Without the time: 00:00:00.000Z, and 00:00 UTC.
      known = {
        date: bytesOf(formatInstant(atMs).slice(0, -13)),
        since: bytesOf(sinceText(atMs).slice(0, -9)),
      }
      this.#days.set(day, known)
    }
    return known
  }

  #makeRoom(more: number): void {
    if (this.#at + more <= this.#bytes.length) return
    const grown = Buffer.allocUnsafe(2 * (this.#at + more))
    this.#bytes.copy(grown, 0, 0, this.#at)
    this.#bytes = grown
  }
}

function digitsOf(value: number): number {
  let digits = 1
  for (let bound = 10; bound <= value; bound *= 10) digits += 1
  return digits
}

/** Whether every time and position of it is written in the usual number of digits. */
function hasPlainTimes(decision: Decision): boolean {
  const { seq, atMs } = decision.basis
  if (seq === null || atMs === null || !isPlain(atMs)) return false
  if (!decision.allowed) return true
  const { collectedFromMs, useUntilMs } = decision.obligations
  return isPlain(collectedFromMs) && isPlain(useUntilMs)
}

const isPlain = (ms: number) => ms >= 0 && ms < year10000Ms

/** The parts of such an answer between its times and positions; null where they do not stand out. */
function cut({ decision, ...answer }: WrittenAnswer): readonly Buffer[] | null {
  if (decision.basis.seq === null || decision.basis.atMs === null) return null
  const basis = { ...decision.basis, seq: marks.seq, atMs: marks.atMs }
  const text = evaluationJson({
    ...answer,
    decision: decision.allowed
      ? {
          ...decision,
          basis,
          obligations: {
            categories: decision.obligations.categories,
            collectedFromMs: marks.fromMs,
            useUntilMs: marks.untilMs,
          },
        }
      : { ...decision, basis },
  })
  const parts: Buffer[] = []
  let at = 0
  for (const mark of decision.allowed ? markTexts : markTexts.slice(0, 2)) {
    const found = text.indexOf(mark, at)
    if (found < 0 || text.indexOf(mark, found + 1) >= 0) return null
    parts.push(bytesOf(text.slice(at, found)))
    at = found + mark.length
  }
  parts.push(bytesOf(text.slice(at)))
  return parts
}
