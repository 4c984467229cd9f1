import { AssentError } from '../../domain/errors.ts'
import { makeIdentifier } from '../../domain/identifier.ts'
import { denyReasons, permitReasons, type Reason } from '../../domain/reasons.ts'
import type { OverTime } from '../decisions.ts'
import { type Line, LineSplitter } from './split-lines.ts'

/** Every reason, at the place of its code in a record; permits come last. */
export const reasonCodes: readonly Reason[] = [...denyReasons, ...permitReasons]

export const recordBytes = 40
const piecesMax = 4
const known = 1
const invalid = 2
const tooManyPieces = 4

const codes = new Map<Reason, number>(reasonCodes.map((reason, code) => [reason, code]))

/**
 * Ids by line in, records of 40 bytes out, in order. A record is little-endian: four reason codes, one for each span of
 * collection times; the code for data without one; flags (1 known here, 2 no identifier, 4 more than four spans: ask
 * record by record); the number of spans; a zero; three int64, where the second, third and fourth span begin; an int64
 * until when data of a permitted span may be used. Times in milliseconds, 0 where there is none.
 */
export class IdResolver {
  readonly #namespace: string
  readonly #decide: (namespace: string, id: string) => OverTime
  readonly #splitter = new LineSplitter()
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

  constructor(namespace: string, decide: (namespace: string, id: string) => OverTime) {
    this.#namespace = namespace
    this.#decide = decide
  }

  push(chunk: Buffer, emit: (bytes: Buffer) => void): void {
    for (const line of this.#splitter.push(chunk)) emit(this.#record(line))
  }

  end(emit: (bytes: Buffer) => void): void {
    for (const line of this.#splitter.end()) emit(this.#record(line))
  }

  /** Throws `not_ready` where this node cannot answer: then no record may pass for an answer. */
  #record(line: Line): Buffer {
    const record = Buffer.alloc(recordBytes)
    const identifier = this.#read(line)
    if (identifier === undefined) {
      record[5] = invalid
      return record
    }
    const { pieces, withoutTime, isKnown } = this.#decide(this.#namespace, identifier.id)
    if (withoutTime.reason === 'stale' || withoutTime.reason === 'recovering') {
      throw new AssentError('not_ready', 'This node cannot answer now; resolving was broken off.')
    }
    record[4] = codes.get(withoutTime.reason)!
    record[5] = (isKnown ? known : 0) | (pieces.length > piecesMax ? tooManyPieces : 0)
    if (pieces.length > piecesMax) return record
    record[6] = pieces.length
    let useUntilMs = Number.POSITIVE_INFINITY
    for (const [index, { fromMs, decision }] of pieces.entries()) {
      record[index] = codes.get(decision.reason)!
      if (index > 0) record.writeBigInt64LE(BigInt(fromMs), 8 * index)
      if (decision.allowed) useUntilMs = Math.min(useUntilMs, decision.obligations.useUntilMs)
    }
    if (Number.isFinite(useUntilMs)) record.writeBigInt64LE(BigInt(useUntilMs), 32)
    return record
  }

  #read(line: Line) {
    if (line === null) return undefined
    try {
      const text = this.#decoder.decode(line)
      return makeIdentifier(this.#namespace, text.endsWith('\n') ? text.slice(0, -1) : text)
    } catch {
      return undefined
    }
  }
}
