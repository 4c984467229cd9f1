import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { peerAddress } from '../../api/peer-address.ts'
import { forwardTo } from './forward.ts'
import { listenForWorkers } from './inner-server.ts'

let dir: string
let path: string
let primary: Server
let worker: Server
let port: number
let handler: RequestListener

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'assent-forward-'))
  path = join(dir, 'api.sock')
  primary = await listenForWorkers(path, (incoming, outgoing) => handler(incoming, outgoing))
  worker = createServer(forwardTo(path, 'http://localhost:3000')).listen(0, '127.0.0.1')
  await once(worker, 'listening')
  port = (worker.address() as AddressInfo).port
})
afterEach(() => {
  for (const each of [worker, primary]) {
    each.close()
    each.closeAllConnections()
  }
  rmSync(dir, { recursive: true, force: true })
})

async function textOf(message: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of message) text += chunk
  return text
}

/** Sends bytes as they stand; answers all that comes back until the connection ends. */
async function raw(text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(text)
  let received = ''
  for await (const chunk of socket) received += chunk
  return received
}

test('a call arrives as it was sent, and its answer as it was given', async () => {
  let seen: unknown
  handler = async (incoming, outgoing) => {
    const { method, url, headers } = incoming
    seen = { method, url, headers, body: await textOf(incoming), from: peerAddress(incoming) }
    outgoing.writeHead(201, 'Recorded', [
      ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2'],
      ...['X-Mine', 'yes', 'Content-Length', '5'],
    ])
    outgoing.end('there')
  }
  const answer = await raw(
    'POST /v1/consents?x=%20y HTTP/1.1\r\nHost: consent.example.com\r\nX-Twice: 1\r\nX-Twice: 2\r\n' +
      'X-Private: this hop\r\nConnection: close, X-Private\r\nContent-Length: 5\r\n\r\nhello',
  )
  expect(seen).toMatchObject({ method: 'POST', url: '/v1/consents?x=%20y', body: 'hello', from: '127.0.0.1' })
  expect((seen as { headers: object }).headers).toMatchObject({
    host: 'consent.example.com',
    'x-twice': '1, 2',
    connection: 'keep-alive',
  })
  expect((seen as { headers: object }).headers).not.toHaveProperty('x-private')
  expect(answer).toMatch(/^HTTP\/1\.1 201 Recorded\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Mine: yes\r\n/)
  expect(answer).toMatch(/\r\n\r\nthere$/)
})

test('nobody’s word is taken for whose address it is, but the connection’s', async () => {
  handler = (incoming, outgoing) =>
    outgoing.end(JSON.stringify([peerAddress(incoming), incoming.headers['assent-peer-address'] ?? null]))
  const claims = ['Assent-Peer-Address', 'assent-peer-address', 'X-Forwarded-For']
  for (const name of claims) {
    const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { [name]: '203.0.113.9' } })
    expect(await answer.json()).toEqual(['127.0.0.1', null])
  }
})

test('bodies of unknown length stream both ways', async () => {
  handler = (incoming, outgoing) => void incoming.pipe(outgoing)
  const call = request({ port, host: '127.0.0.1', method: 'POST', path: '/' })
  call.write('first')
  const [answer] = (await once(call, 'response')) as [IncomingMessage]
  const chunks = answer.setEncoding('utf8')[Symbol.asyncIterator]()
  expect((await chunks.next()).value).toBe('first')
  call.end('last')
  expect((await chunks.next()).value).toBe('last')
  expect((await chunks.next()).done).toBe(true)
})

test('an answer’s head is not held back for its body', async () => {
  handler = (_, outgoing) => {
    outgoing.writeHead(200, { 'Content-Type': 'text/event-stream' })
    outgoing.flushHeaders()
  }
  const call = request({ port, host: '127.0.0.1', path: '/v1/changes' }).end()
  const [answer] = (await once(call, 'response')) as [IncomingMessage]
  expect(answer.headers['content-type']).toBe('text/event-stream')
  call.destroy()
})

test('a caller who goes away is gone for the primary, too', async () => {
  let closed: Promise<unknown> | undefined
  handler = (_, outgoing) => {
    closed = once(outgoing, 'close')
    outgoing.write('a beginning')
  }
  const call = request({ port, host: '127.0.0.1', path: '/' }).end()
  call.on('error', () => undefined)
  await once(call, 'response')
  call.destroy()
  await closed
})

test('an answer that breaks off is broken off, never taken for a whole one', async () => {
  handler = (_, outgoing) => {
    outgoing.writeHead(200, { 'Content-Length': '100' })
    outgoing.write('a beginning')
    setImmediate(() => outgoing.destroy())
  }
  const answer = await fetch(`http://127.0.0.1:${port}/`)
  await expect(answer.text()).rejects.toThrow()
})

test('a call whose outcome is not known is cut off, not answered', async () => {
  handler = (incoming) => void incoming.socket.destroy()
  await expect(
    fetch(`http://127.0.0.1:${port}/v1/consents`, { method: 'POST', body: '{}' }),
  ).rejects.toThrow()
})

test('without a primary nothing was sent, and that is said', async () => {
  primary.close()
  const answer = await fetch(`http://127.0.0.1:${port}/v1/consents`, { method: 'POST', body: '{}' })
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({ code: 'not_ready' })
})

test('the socket is this user’s alone', () => {
  expect(statSync(path).mode & 0o777).toBe(0o600)
})
