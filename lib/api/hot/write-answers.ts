import type { Answer } from '../../decisions/decisions.ts'
import { sinceText } from '../../domain/because.ts'
import type { Decision, NoticeUsed } from '../../domain/decision.ts'
import { formatInstant } from '../../domain/format-instant.ts'
import type { Reason } from '../../domain/reasons.ts'
import { evaluationJson, type WrittenAnswer } from './answer.ts'

/** Room for an answer's times and position. */
const openBytes = 128
const dayMs = 86_400_000
const year10000Ms = Date.UTC(10_000, 0)
const zero = 0x30
const colon = 0x3a
const bytesOf = (text: string) => Buffer.from(text, 'latin1')
const utc = bytesOf(' UTC')

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
  readonly bytes: number
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
  readonly #days = new Map<number, { readonly date: Buffer; readonly since: Buffer }>()

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
    const { basis } = decision
    if (revision !== this.#revision || lagMs !== this.#lagMs) {
      this.#pieces.clear()
      this.#revision = revision
      this.#lagMs = lagMs
    }
    const { parts, bytes } = this.#piecesOf(answer)
    if (parts === null || !hasPlainTimes(decision)) {
      this.text(evaluationJson(answer))
      return
    }
    this.#makeRoom(bytes + openBytes)
    this.#put(parts[0]!)
    this.#since(basis.atMs!)
    this.#put(parts[1]!)
    this.#number(basis.seq!)
    this.#put(parts[2]!)
    if (!decision.allowed) return
    this.#instant(decision.obligations.collectedFromMs)
    this.#put(parts[3]!)
    this.#instant(decision.obligations.useUntilMs)
    this.#put(parts[4]!)
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
    const bytes = parts?.reduce((sum, part) => sum + part.length, 0) ?? 0
    const made = { categories, isAssumed, parts, bytes }
    ofReason.set(basis.notice, made)
    return made
  }

  #put(bytes: Buffer): void {
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** As `sinceText`. */
  #since(atMs: number): void {
    const day = Math.floor(atMs / dayMs)
    this.#put(this.#dayOf(day).since)
    this.#minutes(Math.floor((atMs - day * dayMs) / 60_000))
    this.#put(utc)
  }

  /** As `formatInstant`. */
  #instant(atMs: number): void {
    const day = Math.floor(atMs / dayMs)
    const inDay = atMs - day * dayMs
    const seconds = Math.floor(inDay / 1_000)
    const minutes = Math.floor(seconds / 60)
    const ms = inDay - seconds * 1_000
    this.#put(this.#dayOf(day).date)
    this.#minutes(minutes)
    const bytes = this.#bytes
    bytes[this.#at++] = colon
    this.#two(seconds - minutes * 60)
    bytes[this.#at++] = 0x2e
    const hundreds = Math.floor(ms / 100)
    bytes[this.#at++] = zero + hundreds
    this.#two(ms - hundreds * 100)
    bytes[this.#at++] = 0x5a
  }

  #minutes(inDay: number): void {
    const hours = Math.floor(inDay / 60)
    this.#two(hours)
    this.#bytes[this.#at++] = colon
    this.#two(inDay - hours * 60)
  }

  #two(value: number): void {
    const tens = Math.floor(value / 10)
    this.#bytes[this.#at++] = zero + tens
    this.#bytes[this.#at++] = zero + value - tens * 10
  }

  #number(value: number): void {
    let length = 1
    for (let bound = 10; bound <= value; bound *= 10) length += 1
    let left = value
    for (let place = this.#at + length - 1; place >= this.#at; place--) {
      const next = Math.floor(left / 10)
      this.#bytes[place] = zero + left - next * 10
      left = next
    }
    this.#at += length
  }

  #dayOf(day: number) {
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
