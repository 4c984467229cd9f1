import { connect, type Socket } from 'node:net'

export type RawAnswer = { readonly status: number; readonly body: string }

type Sent = {
  readonly bytes: Buffer
  readonly begun: () => void
  readonly ended: (answer: RawAnswer) => void
}

/**
 * A keep-alive connection that writes requests the moment it is told to, one behind the other, and says when the first
 * byte of an answer is there. Cut off, it connects again and sends what was not answered again: for questions only.
 */
export class RawConnection {
  readonly #port: number
  #socket: Socket
  #unanswered: Sent[] = []
  #received: Buffer = Buffer.alloc(0)
  #isClosed = false
  /** How often it was cut off. */
  cuts = 0

  constructor(port: number) {
    this.#port = port
    this.#socket = this.#open()
  }

  /** `begun` is called in the very turn in which the answer's first bytes come. */
  send(bytes: Buffer, begun: (bytes: Buffer) => void = () => undefined): Promise<RawAnswer> {
    return new Promise((ended) => {
      this.#unanswered.push({ bytes, begun: () => begun(this.#received), ended })
      this.#socket.write(bytes)
    })
  }

  close(): void {
    this.#isClosed = true
    this.#socket.destroy()
  }

  #open(): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true })
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (this.#isClosed) return
      this.cuts += 1
      this.#received = Buffer.alloc(0)
      this.#socket = this.#open()
      for (const { bytes } of this.#unanswered) this.#socket.write(bytes)
    })
    return socket
  }

  #receive(chunk: Buffer): void {
    const isFirst = this.#received.length === 0
    this.#received = isFirst ? chunk : Buffer.concat([this.#received, chunk])
    if (isFirst) this.#unanswered[0]?.begun()
    for (;;) {
      const headEnd = this.#received.indexOf('\r\n\r\n')
      if (headEnd < 0) return
      const head = this.#received.toString('latin1', 0, headEnd)
      const length = /content-length: (\d+)/i.exec(head)?.[1]
      if (length === undefined) throw new Error(`an answer without Content-Length:\n${head}`)
      const end = headEnd + 4 + Number(length)
      if (this.#received.length < end) return
      const body = this.#received.toString('utf8', headEnd + 4, end)
      this.#received = this.#received.subarray(end)
      this.#unanswered.shift()?.ended({ status: Number(head.slice(9, 12)), body })
      if (this.#received.length === 0) return
      this.#unanswered[0]?.begun()
    }
  }
}

/** A whole request with a JSON body. */
export function rawPost(path: string, key: string, body: object): Buffer {
  const text = JSON.stringify(body)
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  )
}
