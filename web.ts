import { chmodSync } from 'node:fs'
import { createServer } from 'node:http'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import next from 'next'
import { readWebEnv } from './lib/env.ts'

/** The web process: pages behind the api's port, on a Unix socket only their server reaches. */
const env = readWebEnv()
const app = next({ dev: env.isDevelopment, dir: dirname(dirname(fileURLToPath(import.meta.url))) })
const handle = app.getRequestHandler()
await app.prepare()
const server = createServer((request, response) => {
  void handle(request, response)
})
server.listen(env.socket, () => chmodSync(env.socket, 0o600))
process.on('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
  process.exit(0)
})
// Its parent's end is its own.
process.on('disconnect', () => process.exit(0))
