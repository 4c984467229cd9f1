import { rmSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { tellPeerAddress } from '../../api/peer-address.ts'
import { peerHeader } from './forward.ts'

/**
 * Answers what workers pass on, on a Unix socket that only this user can reach. The caller's address is believed as the
 * worker tells it; connections are kept as long as the worker keeps them.
 */
export async function listenForWorkers(path: string, handler: RequestListener): Promise<Server> {
  const server = createServer(
    { requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 },
    (request, response) => {
      const address = request.headers[peerHeader]
      if (typeof address === 'string') tellPeerAddress(request, address)
      delete request.headers[peerHeader]
      handler(request, response)
    },
  )
  rmSync(path, { force: true })
  // The socket is made within `listen`, before anything is awaited.
  const before = process.umask(0o177)
  const listening = new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  process.umask(before)
  await listening
  return server
}
