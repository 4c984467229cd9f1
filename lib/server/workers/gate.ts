import type { Server as HttpServer } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { watchHanded } from './watch-handed.ts'

/**
 * Owns the port of a node with workers. Each connection goes, unread, to the least busy of them; while there is none,
 * to this process's own server, which answers the same.
 */
export class Gate {
  /** What listens. */
  readonly server: Server
  readonly #own: HttpServer
  #handOver: (socket: Socket) => boolean = () => false

  constructor(own: HttpServer) {
    this.#own = own
    watchHanded(own)
    this.server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (socket) =>
      this.pass(socket),
    )
  }

  /** From now on connections are offered to workers first. */
  openTo(handOver: (socket: Socket) => boolean): void {
    this.#handOver = handOver
  }

  /** Finds a place for a connection of which nothing was read. */
  pass(socket: Socket): void {
    if (socket.destroyed || this.#handOver(socket)) return
    this.#own.emit('connection', socket)
    socket.resume()
  }
}
