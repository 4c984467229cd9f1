import type { Server } from 'node:http'

/**
 * Prepares a server that is handed its connections instead of listening: Node begins to watch for heads that never end,
 * and to know its connections, when it hears that the server listens.
 */
export function watchHanded(http: Server): void {
  http.emit('listening')
}
