import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type FaultyProxy = {
  readonly url: string
  /** Nothing goes on in either direction, and nothing is closed. */
  freeze(): void
  /** What was held back goes on, connections as they were. */
  thaw(): void
  /** Every connection ends after so many more bytes from the server. */
  cutAfter(bytes: number): void
  /** Ends what is open, and each new one at once. */
  refuse(): void
  /** Connections are whole again. */
  mend(): void
  /** Each piece of the server's arrives so much later. */
  delay(ms: number): void
  close(): Promise<void>
}

/** A TCP proxy in front of `port` that does what networks do. */
export async function startFaultyProxy(port: number): Promise<FaultyProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let isFrozen = false
  let isRefusing = false
  let bytesLeft = Number.POSITIVE_INFINITY
  let delayMs = 0

  /** No faster than it is taken. */
  const write = (to: Socket, bytes: Buffer, from: Socket) => {
    if (to.write(bytes)) return
    from.pause()
    to.once('drain', () => {
      if (!isFrozen) from.resume()
    })
  }
  const server = createServer((caller) => {
    if (isRefusing) {
      caller.destroy()
      return
    }
    const target = connect({ port, host: '127.0.0.1', noDelay: true })
    caller.setNoDelay(true)
    const pair = [caller, target] as const
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      caller.destroy()
      target.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    caller.on('data', (bytes) => write(target, bytes, caller))
    target.on('data', (bytes) => {
      const passed = bytes.subarray(0, Math.min(bytes.length, bytesLeft))
      bytesLeft -= passed.length
      const isCut = passed.length < bytes.length
      const pass = () => {
        if (passed.length > 0 && !caller.destroyed) write(caller, passed, target)
        if (isCut) caller.end(end)
      }
      if (delayMs === 0) pass()
      else setTimeout(pass, delayMs)
    })
    if (isFrozen) for (const socket of pair) socket.pause()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const each = (act: (socket: Socket) => void) => {
    for (const pair of pairs) for (const socket of pair) act(socket)
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    freeze() {
      isFrozen = true
      each((socket) => socket.pause())
    },
    thaw() {
      isFrozen = false
      each((socket) => socket.resume())
    },
    cutAfter(bytes) {
      bytesLeft = bytes
    },
    refuse() {
      isRefusing = true
      each((socket) => socket.destroy())
    },
    mend() {
      isRefusing = false
      bytesLeft = Number.POSITIVE_INFINITY
      delayMs = 0
    },
    delay(ms) {
      delayMs = ms
    },
    async close() {
      each((socket) => socket.destroy())
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
