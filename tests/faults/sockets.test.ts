import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { makeBootstrapKey, type RunningServer, startServer } from '../running-server.ts'

let dataDir: string
let server: RunningServer
const key = makeBootstrapKey()
const open = new Set<Socket>()

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'assent-fault-'))
  server = await startServer(dataDir, key)
})
afterEach(() => {
  for (const socket of open) socket.destroy()
  open.clear()
})
afterAll(async () => {
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const headers = (path: string, more: string) =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${key}\r\n${more}\r\n\r\n`
const filterPath = '/v1/filter?purpose=ai_training&subject=user:user_id&collected_at=at'

/** A connection whose answers pile up where nobody reads them until `answer` is asked for. */
function dial(options: { readonly allowHalfOpen?: boolean } = {}): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1', ...options })
    open.add(socket)
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}

/** All that comes until the other side ends. */
async function answer(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of socket) chunks.push(chunk as Buffer)
  } catch {
    // A connection that is broken off has ended too.
  }
  return Buffer.concat(chunks).toString('latin1')
}

const check = { subject: 'user:alice', purpose: 'ai_training', collected_at: '2026-01-01T00:00:00Z' }

async function ask(): Promise<number> {
  const began = performance.now()
  const response = await fetch(`${server.url}/v1/check`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(check),
  })
  expect(((await response.json()) as { reason: string }).reason).toBe('never_asked')
  return performance.now() - began
}

const residentMb = () =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.process.pid}/status`, 'utf8'))![1]) / 1_024

/** Writes as much as the connection takes until it has not drained for `idleMs`; answers the bytes written. */
async function writeUntilStuck(
  socket: Socket,
  chunk: Buffer,
  idleMs: number,
  bytesMax: number,
): Promise<number> {
  let written = 0
  while (written < bytesMax) {
    written += chunk.length
    if (socket.write(chunk)) continue
    const drained = await Promise.race([
      new Promise((resolve) => socket.once('drain', () => resolve(true))),
      delay(idleMs, false),
    ])
    if (drained === false) return written
  }
  return written
}

test('a caller who does not read is not read from either, and memory stays flat', async () => {
  const asked = `${JSON.stringify({ user_id: 'alice', at: new Date().toISOString(), text: 'x'.repeat(150) })}\n`
  const chunk = Buffer.from(asked.repeat(500))
  const socket = await dial()
  // The service itself rests on a notice, so everything passes and answers are as long as the body.
  socket.write(
    headers(
      '/v1/filter?purpose=service&subject=user:user_id&collected_at=at',
      'Transfer-Encoding: chunked\r\nContent-Type: application/x-ndjson',
    ),
  )
  const framed = Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')])
  socket.pause()
  const before = residentMb()
  const written = await writeUntilStuck(socket, framed, 1_500, 400_000_000)
  expect(written).toBeLessThan(400_000_000)
  expect(residentMb() - before).toBeLessThan(150)
  expect(await ask()).toBeLessThan(2_000)
})

test('one who sends a question and closes her half is answered', async () => {
  const socket = await dial({ allowHalfOpen: true })
  const body = JSON.stringify(check)
  socket.end(
    `${headers('/v1/check', `Content-Type: application/json\r\nContent-Length: ${body.length}`)}${body}`,
  )
  expect(await answer(socket)).toContain('"reason":"never_asked"')
})

test.each([
  { name: 'in the middle of a head', sent: 'POST /v1/check HTTP/1.1\r\nHost: loc' },
  {
    name: 'in the middle of a question',
    sent: `${headers('/v1/check', 'Content-Type: application/json\r\nContent-Length: 100')}{"subject"`,
  },
  {
    name: 'in the middle of a yes',
    sent: `${headers('/v1/consents', 'Content-Type: application/json\r\nContent-Length: 100')}{"subject"`,
  },
  {
    name: 'in the middle of a filter',
    sent: `${headers(filterPath, 'Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked')}5\r\n{"a":`,
  },
])('one who closes her half $name gets no answer that could pass for a whole one', async ({ sent }) => {
  const { revision } = (await (await fetch(`${server.url}/readyz`)).json()) as { revision: string }
  const socket = await dial({ allowHalfOpen: true })
  socket.end(sent)
  const heard = await answer(socket)
  expect(heard).not.toMatch(/^HTTP\/1.1 201/)
  // A chunked answer is whole only with its last chunk.
  expect(heard.endsWith('0\r\n\r\n')).toBe(false)
  expect(await (await fetch(`${server.url}/readyz`)).json()).toMatchObject({ revision })
})

test('10,000 connections that say nothing hinder nobody', async () => {
  const before = residentMb()
  for (let n = 0; n < 10_000; n += 500) await Promise.all(Array.from({ length: 500 }, () => dial()))
  expect(open.size).toBe(10_000)
  const times = await Promise.all(Array.from({ length: 200 }, ask))
  expect(times).toHaveLength(200)
  // About 20 kB a connection; none of them holds a buffer.
  expect(residentMb() - before).toBeLessThan(600)
})

test('a line of 300 MB is passed over in constant memory, and counted', async () => {
  const socket = await dial()
  socket.write(headers(filterPath, 'Transfer-Encoding: chunked\r\nContent-Type: application/x-ndjson'))
  const megabyte = Buffer.concat([
    Buffer.from('100000\r\n'),
    Buffer.alloc(1_048_576, 0x78),
    Buffer.from('\r\n'),
  ])
  const before = residentMb()
  let most = 0
  for (let n = 0; n < 300; n++) {
    if (!socket.write(megabyte)) await new Promise((resolve) => socket.once('drain', resolve))
    most = Math.max(most, residentMb() - before)
  }
  socket.write('1\r\n\n\r\n0\r\n\r\n')
  const heard = await new Promise<string>((resolve) => {
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (text.endsWith('0\r\n\r\n')) resolve(text)
    })
  })
  expect(most).toBeLessThan(120)
  const id = /assent-filter-id: (\S+)/i.exec(heard)![1]
  const summary = await fetch(`${server.url}/v1/filters/${id}`, {
    headers: { Authorization: `Bearer ${key}` },
  })
  expect(await summary.json()).toMatchObject({
    complete: true,
    permitted: 0,
    broken: [{ line: 1, code: 'line_too_long' }],
  })
})

/** 200 MB of spaces. */
const bomb = gzipSync(Buffer.alloc(200_000_000, 0x20))

test.each([
  { path: filterPath, type: 'application/x-ndjson' },
  { path: '/v1/resolve?purpose=ai_training&namespace=user', type: 'text/plain' },
  { path: '/v1/check', type: 'application/json' },
  { path: '/access/v1/evaluations', type: 'application/json' },
  { path: '/v1/consents', type: 'application/json' },
])('a compressed body is never blown up: $path turns it away', async ({ path, type }) => {
  const before = residentMb()
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': type, 'Content-Encoding': 'gzip' },
    body: bomb,
  })
  expect(answer.status).toBeGreaterThanOrEqual(400)
  expect(answer.status).toBeLessThan(500)
  expect(await answer.json()).toHaveProperty('code')
  expect(residentMb() - before).toBeLessThan(60)
})
