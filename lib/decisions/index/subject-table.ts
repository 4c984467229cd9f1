import { impossible } from '../../domain/errors.ts'
import type { OrganisationId, SubjectId } from '../../domain/ids.ts'
import { packState, unpackState } from '../../domain/pack-state.ts'
import { numberBytes, toPackedBytes } from '../../domain/packed-bytes.ts'
import type { SubjectState } from '../../domain/state.ts'
import type { PackedSpan } from '../log-source.ts'
import { OverflowArena } from './overflow-arena.ts'
import { placeOf, SegmentedTable } from './segmented-table.ts'
import { Shapes } from './shapes.ts'

/** Words of a record: a head of eight, and room for four rows of two values each. */
const recordWords = 24
const headWords = 8
const inlineWords = recordWords - headWords
const chunkBits = 15
const chunkSubjects = 1 << chunkBits
const chunkWords = chunkSubjects * recordWords
/**
 * Chunks are taken as one piece of memory, so many at once at most: what is much larger than a huge page can lie in
 * huge pages, and a read outside the caches then costs two thirds. Memory is a huge page's only once it is written to.
 */
const chunksAtOnceMax = 16
const hugePageBytes = 2 * 1_048_576
/** No subject comes near this: a row of fifty renewals has 160 words. */
const stateWordsMax = 0xffff

/** Of the head: organisation's number, subject's shape (-1 while she has no state), words of state and seq, id. */
const organisationAt = 0
const shapeAt = 1
const seqLowAt = 2
const lengthAt = 3
const idAt = 4

const lowAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at + 2]! << 24) | (bytes[at + 3]! << 16) | (bytes[at + 4]! << 8) | bytes[at + 5]!

/** The number in `numbers` of the shape that is named at `at`. */
const numberAt = (bytes: Uint8Array, at: number, numbers: readonly number[]): number => {
  const named = lowAt(bytes, at)
  return numbers[named] ?? impossible(`a state of the unknown shape ${named}`)
}

/** The id's 128 bits as four words. */
export function idWords(subjectId: SubjectId): Int32Array {
  const words = new Int32Array(4)
  for (let i = 0; i < 4; i++) words[i] = Number.parseInt(subjectId.slice(4 + 8 * i, 12 + 8 * i), 16)
  return words
}

/**
 * Every subject's state, in typed arrays: a record a subject by her number, and blocks elsewhere for states that do
 * not fit. A part of a state is its shape's number, the low words of its values, then their high halves, two a word.
 *
 * After `locate`, the state lies in `words` from `start` to `end`: the subject's values, then row by row.
 */
export class SubjectTable {
  readonly shapes = new Shapes()
  readonly #byId: SegmentedTable
  readonly #chunks: Int32Array[] = []
  readonly #overflow = new OverflowArena()
  readonly #organisations: OrganisationId[] = []
  readonly #organisationNumbers = new Map<OrganisationId, number>()
  #guesses = new Int32Array(0)
  size = 0
  /** Where `locate` found the state. */
  words: Int32Array = new Int32Array(0)
  start = 0
  end = 0

  constructor() {
    this.#byId = new SegmentedTable(1, (segment, at) => {
      const subject = segment[at]! - 1
      return this.#chunk(subject)[this.#base(subject) + idAt]!
    })
  }

  /** -1 where the id is not known, or another organisation's. */
  find(organisationId: OrganisationId, id: Int32Array): number {
    const organisation = this.#organisationNumbers.get(organisationId)
    if (organisation === undefined) return -1
    const segment = this.#byId.segment(id[1]!)
    let at = placeOf(id[0]!, segment.length)
    for (;;) {
      const subject = segment[at]! - 1
      if (subject < 0) return -1
      const chunk = this.#chunk(subject)
      const base = this.#base(subject)
      if (
        chunk[base + idAt] === id[0] &&
        chunk[base + idAt + 1] === id[1] &&
        chunk[base + idAt + 2] === id[2] &&
        chunk[base + idAt + 3] === id[3]
      ) {
        return chunk[base + organisationAt] === organisation ? subject : -1
      }
      at += 1
      if (at === segment.length) at = 0
    }
  }

  /** The subject's number; a new one, without a state, where she is not known. */
  findOrAdd(organisationId: OrganisationId, id: Int32Array): number {
    const known = this.find(organisationId, id)
    return known >= 0 ? known : this.add(organisationId, id)
  }

  /** A new subject, without a state. That the id is not known is for the caller to know: looking costs more than this. */
  add(organisationId: OrganisationId, id: Int32Array): number {
    const subject = this.size++
    if (subject === this.#chunks.length * chunkSubjects) this.#addChunks()
    const chunk = this.#chunk(subject)
    const base = this.#base(subject)
    chunk[base + organisationAt] = this.#organisationNumber(organisationId)
    chunk[base + shapeAt] = -1
    for (let word = 0; word < 4; word++) chunk[base + idAt + word] = id[word]!
    const segment = this.#byId.segmentForOneMore(id[1]!)
    segment[this.#byId.firstFree(segment, id[0]!)] = subject + 1
    return subject
  }

  /** Makes room for about so many, where there are none yet. */
  reserve(count: number): void {
    this.#byId.reserve(count)
  }

  idOf(subject: number): SubjectId {
    const hex = (word: number) => (this.idWord(subject, word) >>> 0).toString(16).padStart(8, '0')
    return `sub_${[0, 1, 2, 3].map(hex).join('')}` as SubjectId
  }

  /** One of the id's four words, most significant first. */
  idWord(subject: number, word: number): number {
    return this.#chunk(subject)[this.#base(subject) + idAt + word]!
  }

  organisationOf(subject: number): OrganisationId {
    return this.#organisations[this.#chunk(subject)[this.#base(subject) + organisationAt]!]!
  }

  /** Sets `words`, `start` and `end`; answers the subject's shape, -1 where she has no state. */
  locate(subject: number): number {
    const chunk = this.#chunks[subject >>> chunkBits]!
    const base = (subject & (chunkSubjects - 1)) * recordWords
    const length = chunk[base + lengthAt]! >>> 16
    if (length <= inlineWords) {
      this.words = chunk
      this.start = base + headWords
    } else {
      const address = chunk[base + headWords]! >>> 0
      this.words = this.#overflow.chunkOf(address)
      this.start = this.#overflow.offsetOf(address)
    }
    this.end = this.start + length
    return chunk[base + shapeAt]!
  }

  /** As an identifier table's. */
  touched = 0

  /** Has memory bring the records of these subjects side by side; -1 is nobody. */
  touch(subjects: Int32Array, count: number): void {
    let touched = 0
    for (let n = 0; n < count; n++) {
      const subject = subjects[n]!
      if (subject < 0) continue
      const chunk = this.#chunks[subject >>> chunkBits]!
      const base = (subject & (chunkSubjects - 1)) * recordWords
      touched |= chunk[base]! | chunk[base + recordWords - 1]!
    }
    this.touched = touched
  }

  /** Has memory bring the records of the subjects with these ids, four words each, as far as the first guess is theirs. */
  touchIds(ids: Int32Array, count: number): void {
    if (this.#guesses.length < count) this.#guesses = new Int32Array(count)
    for (let n = 0; n < count; n++) {
      const segment = this.#byId.segment(ids[4 * n + 1]!)
      this.#guesses[n] = segment[placeOf(ids[4 * n]!, segment.length)]! - 1
    }
    this.touch(this.#guesses, count)
  }

  /** The value `index` of a part with `count` values, whose values begin at `at`. */
  static value(words: Int32Array, at: number, index: number, count: number): number {
    const high = words[at + count + (index >>> 1)]!
    const half = (index & 1) === 0 ? high & 0xffff : high >>> 16
    return half * 0x1_0000_0000 + (words[at + index]! >>> 0)
  }

  /** Words of `count` values. */
  static wordsOf(count: number): number {
    return count + ((count + 1) >>> 1)
  }

  read(subject: number): SubjectState | undefined {
    const shape = this.locate(subject)
    if (shape < 0) return undefined
    const { words, end } = this
    const packed: number[] = []
    let at = this.start
    const take = (part: number) => {
      packed.push(part)
      const count = this.shapes.values[part]!
      for (let i = 0; i < count; i++) packed.push(SubjectTable.value(words, at, i, count))
      at += SubjectTable.wordsOf(count)
    }
    take(shape)
    while (at < end) take(words[at++]!)
    const base = this.#base(subject)
    const chunk = this.#chunk(subject)
    const seq = (chunk[base + lengthAt]! & 0xffff) * 0x1_0000_0000 + (chunk[base + seqLowAt]! >>> 0)
    return unpackState(this.idOf(subject), seq, packed, this.shapes.at)
  }

  write(subject: number, state: SubjectState): void {
    this.writePacked(subject, state.seq, packState(state, this.shapes.numberOf))
  }

  /** `packed` as `packState` gives it, with this table's numbers of shapes. */
  writePacked(subject: number, seq: number, packed: readonly number[]): void {
    const bytes = toPackedBytes(packed)
    this.writeBytes(subject, seq, { bytes, from: 0, to: bytes.length }, this.shapes.numbers)
  }

  /** The same from the bytes that a source has; `numbers` are this table's of the source's shapes. */
  writeBytes(
    subject: number,
    seq: number,
    { bytes, from, to }: PackedSpan,
    numbers: readonly number[],
  ): void {
    const { values } = this.shapes
    let length = -1
    let next = from
    while (next < to) {
      const count = values[numberAt(bytes, next, numbers)]!
      length += 1 + SubjectTable.wordsOf(count)
      next += numberBytes * (1 + count)
    }
    if (next !== to || length < 0) impossible('a state that ends in its middle')
    if (length > stateWordsMax) impossible(`a state of ${length} words`)
    const chunk = this.#chunk(subject)
    const base = this.#base(subject)
    this.#makeRoom(chunk, base, length)
    chunk[base + shapeAt] = numberAt(bytes, from, numbers)
    chunk[base + seqLowAt] = seq | 0
    chunk[base + lengthAt] = (length << 16) | Math.floor(seq / 0x1_0000_0000)
    this.locate(subject)
    const { words } = this
    let at = this.start
    for (let byte = from; byte < to; ) {
      const part = numberAt(bytes, byte, numbers)
      const count = values[part]!
      if (byte > from) words[at++] = part
      byte += numberBytes
      for (let k = 0; k < count; k++, byte += numberBytes) {
        const high = (bytes[byte]! << 8) | bytes[byte + 1]!
        words[at + k] = lowAt(bytes, byte)
        const place = at + count + (k >>> 1)
        words[place] = (k & 1) === 0 ? high : words[place]! | (high << 16)
      }
      at += SubjectTable.wordsOf(count)
    }
  }

  #makeRoom(chunk: Int32Array, base: number, length: number): void {
    const before = chunk[base + lengthAt]! >>> 16
    const hadBlock = before > inlineWords
    const needsBlock = length > inlineWords
    if (hadBlock && needsBlock && OverflowArena.roomFor(before) === OverflowArena.roomFor(length)) return
    if (hadBlock) this.#overflow.give(chunk[base + headWords]! >>> 0, before)
    if (needsBlock) chunk[base + headWords] = this.#overflow.take(length)
  }

  /** As many as there are, so that an index of few subjects stays small. */
  #addChunks(): void {
    const count = Math.min(Math.max(this.#chunks.length, 1), chunksAtOnceMax)
    const { buffer } = new Int32Array(count * chunkWords)
    for (let n = 0; n < count; n++) {
      this.#chunks.push(new Int32Array(buffer, n * chunkWords * 4, chunkWords))
    }
  }

  /** Of memory that was written to. */
  bytes(): number {
    const records = Math.ceil((this.size * recordWords * 4) / hugePageBytes) * hugePageBytes
    return records + this.#byId.bytes() + this.#overflow.bytes()
  }

  #chunk(subject: number): Int32Array {
    return this.#chunks[subject >>> chunkBits]!
  }

  #base(subject: number): number {
    return (subject & (chunkSubjects - 1)) * recordWords
  }

  #organisationNumber(organisationId: OrganisationId): number {
    const known = this.#organisationNumbers.get(organisationId)
    if (known !== undefined) return known
    const number = this.#organisations.push(organisationId) - 1
    this.#organisationNumbers.set(organisationId, number)
    return number
  }
}
