import type { AddressInfo } from 'node:net'
import { connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net'

/** A TCP port that passes everything on, until it is cut in one way or the other. */
export type Wire = {
  readonly port: number
  /** Ends every connection and takes no more. */
  cut(): void
  /** Keeps every connection, takes more, and lets nothing through: what a lost route looks like. */
  freeze(): void
  /** As before; what was frozen goes on. */
  mend(): void
  close(): Promise<void>
}

export async function stretchWire(to: NetConnectOpts): Promise<Wire> {
  const open = new Set<Socket>()
  let state: 'whole' | 'cut' | 'frozen' = 'whole'
  const server: Server = createServer((near) => {
    if (state === 'cut') return void near.destroy()
    const far = connect(to)
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from)
      from.on('data', (chunk) => into.write(chunk))
      from.on('error', () => from.destroy())
      from.on('close', () => {
        open.delete(from)
        if (state !== 'frozen') into.destroy()
      })
      if (state === 'frozen') from.pause()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      state = 'cut'
      for (const socket of open) socket.destroy()
    },
    freeze() {
      state = 'frozen'
      for (const socket of open) socket.pause()
    },
    mend() {
      state = 'whole'
      for (const socket of open) socket.resume()
    },
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
