import type { Duplex } from 'node:stream'

/** A message as it goes over a link, made once for all who get it. */
export type Line = Buffer

export const lineOf = (message: object): Line => Buffer.from(`${JSON.stringify(message)}\n`)

/**
 * Messages between the primary and one worker, in order, one JSON a line over a pipe of their own: the channel that
 * Node opens to a child waits for each connection it hands over, and a batch must not wait behind one.
 */
export class Link<Sent extends object, Received> {
  readonly #stream: Duplex

  /** `take` is called for each message, in order; what it throws is thrown to the process. */
  constructor(stream: Duplex, take: (message: Received) => void) {
    this.#stream = stream
    let rest = ''
    stream.setEncoding('utf8')
    stream.on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) take(JSON.parse(line) as Received)
    })
    // The end of the process at the other end says the same, and more.
    stream.on('error', () => stream.destroy())
  }

  send(message: Sent): void {
    this.write(lineOf(message))
  }

  write(line: Line): void {
    if (!this.#stream.destroyed) this.#stream.write(line)
  }
}
