import { createHash } from 'node:crypto'

/**
 * The parts of a stream that fills an index, in this order. Each frame is a byte that says what it is, the length of
 * what follows in four bytes (big-endian), and that many bytes.
 */
export const frameKinds = {
  /** JSON: `StateHead`. First, once. */
  head: 0x48,
  /** JSON: events of configuration, in sequence. */
  config: 0x43,
  /** JSON: pairs of a shape's number and its text. */
  shapes: 0x53,
  /** Bytes of one COPY in binary over all such frames; see `subjectVisitors`. */
  states: 0x54,
  identifiers: 0x49,
  /** 32 bytes: SHA-256 of everything before. Last, once; a stream without it is not whole. */
  end: 0x45,
} as const

export type FrameKind = keyof typeof frameKinds

const kinds = new Map<number, FrameKind>(
  Object.entries(frameKinds).map(([kind, byte]) => [byte, kind as FrameKind]),
)
const headBytes = 5
const payloadBytesMax = 64 * 1_048_576

/** Frames what a stream is made of, and ends it with the digest of all. */
export class FrameWriter {
  readonly #hash = createHash('sha256')

  frame(kind: Exclude<FrameKind, 'end'>, payload: Buffer): readonly Buffer[] {
    const head = headOf(kind, payload.length)
    this.#hash.update(head).update(payload)
    return [head, payload]
  }

  end(): Buffer {
    return Buffer.concat([headOf('end', 32), this.#hash.digest()])
  }
}

function headOf(kind: FrameKind, bytes: number): Buffer {
  const head = Buffer.alloc(headBytes)
  head[0] = frameKinds[kind]
  head.writeUInt32BE(bytes, 1)
  return head
}

/** Reads frames from their bytes, however they are cut, and holds them to the digest at their end. */
export class FrameReader {
  readonly #visit: (kind: FrameKind, payload: Buffer) => void
  readonly #hash = createHash('sha256')
  #rest: Buffer = Buffer.alloc(0)
  #isComplete = false

  /** `visit` gets every frame but the last; its bytes may be overwritten afterwards. */
  constructor(visit: (kind: FrameKind, payload: Buffer) => void) {
    this.#visit = visit
  }

  /** Throws where the stream is not one of these, or not what was sent. */
  push(chunk: Buffer): void {
    const buffer = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let at = 0
    while (at < buffer.length) {
      if (this.#isComplete) throw new Error('bytes follow the end of the stream')
      const kind = kinds.get(buffer[at]!)
      if (kind === undefined) throw new Error('this is no stream of states')
      if (at + headBytes > buffer.length) break
      const bytes = buffer.readUInt32BE(at + 1)
      if (bytes > payloadBytesMax) throw new Error('a frame of the stream is too large')
      const end = at + headBytes + bytes
      if (end > buffer.length) break
      const payload = buffer.subarray(at + headBytes, end)
      if (kind === 'end') {
        if (!this.#hash.digest().equals(payload)) throw new Error('the stream is not what was sent')
        this.#isComplete = true
      } else {
        this.#hash.update(buffer.subarray(at, end))
        this.#visit(kind, payload)
      }
      at = end
    }
    this.#rest = buffer.subarray(at)
  }

  /** Whether the end has come, and nothing after it. */
  isComplete(): boolean {
    return this.#isComplete && this.#rest.length === 0
  }
}

/** What a stream says of itself at its beginning. */
export type StateHead = {
  readonly format: 3
  /** Of the secret key that digests are made with; a reader with another would find nobody. */
  readonly fingerprint: string
  readonly epoch: number
  readonly log: number
  readonly seq: number
  readonly hash: string
  readonly recorded_at_ms: number
}
