import type { IncomingMessage } from 'node:http'

const told = new WeakMap<IncomingMessage, string>()

/** Says who called, where the request came through another process of this node. */
export function tellPeerAddress(request: IncomingMessage, address: string): void {
  told.set(request, address)
}

/** The address of whoever is at the other end of the connection; empty where it is not known. */
export function peerAddress(request: IncomingMessage): string {
  return told.get(request) ?? request.socket.remoteAddress ?? ''
}
