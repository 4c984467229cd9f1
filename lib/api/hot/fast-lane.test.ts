import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aConsent } from '../../storage/ledger/testing/start-ledger.ts'
import { type RunningApi, startApi } from '../testing/start-api.ts'

let api: RunningApi
let key: string
let writer: string
/** The same handler without the lane. */
const plain = createServer()
beforeAll(async () => {
  api = await startApi()
  key = await api.makeKey('decisions:read')
  writer = await api.makeKey('decisions:read', 'consents:write')
  await api.ledger.recordConsents(aConsent(api.organisationId), null)
  plain.on('request', api.handler)
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  plain.closeAllConnections()
  plain.close()
  await api.close()
})

const body = (more: object = {}) =>
  JSON.stringify({ subject: 'user:alice', purpose: 'ai_training', collected_at: '2020-01-01', ...more })

function request(options: {
  readonly path?: string
  readonly headers?: readonly string[]
  readonly body?: string
  readonly key?: string
}): string {
  const text = options.body ?? body()
  const own = options.headers ?? [`Content-Length: ${Buffer.byteLength(text)}`]
  const head = [
    `POST ${options.path ?? '/v1/check'} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: Bearer ${options.key ?? key}`,
    'Content-Type: application/json',
    ...own,
  ]
  return `${head.join('\r\n')}\r\n\r\n${text}`
}

/** Sends pieces and reads until `answers` answers came, the server hung up, or nothing came for a second. */
async function send(port: number, pieces: readonly (string | 'FIN')[], answers = 1): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  let received = ''
  let at = Date.now()
  let isOver = false
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
    at = Date.now()
  })
  socket.on('close', () => {
    isOver = true
  })
  socket.on('end', () => {
    isOver = true
  })
  socket.on('error', () => undefined)
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.setNoDelay(true)
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await delay(30)
    if (piece === 'FIN') socket.end()
    else socket.write(piece, 'latin1')
  }
  while (!isOver && received.split('HTTP/1.1 ').length <= answers && Date.now() - at < 1_000) await delay(5)
  await delay(20)
  socket.destroy()
  return received
}

/** Status lines and bodies, without what differs from answer to answer. */
const essence = (answers: string) =>
  answers.split(/(?=HTTP\/1\.1 \d)/).map((answer) => {
    const [head = '', text = ''] = answer.split('\r\n\r\n')
    return { status: head.split('\r\n')[0], text: text.replace(/"(?:decided_at":"[^"]*"|lag_ms":\d+)/g, '') }
  })

describe('the fast lane', () => {
  test('answers a plain question with an answer of its own, and its request id', async () => {
    const answer = await send(api.port, [
      request({ headers: [`Content-Length: ${body().length}`, 'X-Request-ID: abc 1'] }),
    ])
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(answer).toContain('X-Request-ID: abc 1\r\n')
    const [head = '', text = ''] = answer.split('\r\n\r\n')
    expect(JSON.parse(text)).toMatchObject({ allowed: false, reason: 'collected_before_consent' })
    expect(head).toContain(`Content-Length: ${text.length}`)
    // Node's own answers tell of their time-out; the lane's do not.
    expect(head).not.toContain('Keep-Alive')
  })

  test.each([
    { name: 'a plain question', pieces: () => [request({})] },
    { name: 'AuthZEN', pieces: () => [request({ path: '/access/v1/evaluation', body: '{}' })] },
    { name: 'three questions at once', pieces: () => [request({}).repeat(3)], answers: 3 },
    { name: 'a head and then its body', pieces: () => cut(request({}), [-40]) },
    { name: 'a head in two pieces', pieces: () => cut(request({}), [30]) },
    { name: 'five pieces', pieces: () => cut(request({}), [10, 60, 150, -20]) },
    { name: 'one and a half, then the rest', pieces: () => cut(request({}).repeat(2), [-70]), answers: 2 },
    { name: 'an unknown key', pieces: () => [request({ key: 'ask_nobody' })] },
    { name: 'broken JSON', pieces: () => [request({ body: '{"subject":' })] },
    { name: 'a member nobody knows', pieces: () => [request({ body: body({ categorys: [] }) })] },
    { name: 'an unknown regime', pieces: () => [request({ body: body({ regime: 'moon' }) })] },
    { name: 'a revision that is there', pieces: () => [request({ body: body({ at_least: '0:1' }) })] },
    { name: 'a good one, then a bad one', pieces: () => [request({}) + request({ body: '[]' })], answers: 2 },
    { name: 'a bad one, then a good one', pieces: () => [request({ body: '[]' }) + request({})], answers: 2 },
    { name: 'no length', pieces: () => [request({ headers: [] })] },
    { name: 'two lengths', pieces: () => [request({ headers: ['Content-Length: 5', 'Content-Length: 6'] })] },
    { name: 'a length with a sign', pieces: () => [request({ headers: ['Content-Length: +5'] })] },
    {
      name: 'chunks',
      pieces: () => [
        request({
          headers: ['Transfer-Encoding: chunked'],
          body: `${body().length.toString(16)}\r\n${body()}\r\n0\r\n\r\n`,
        }),
      ],
    },
    {
      name: 'chunks beside a length',
      pieces: () => [
        request({ headers: ['Content-Length: 5', 'Transfer-Encoding: chunked'], body: '0\r\n\r\n' }),
      ],
    },
    {
      name: 'a header folded over two lines',
      pieces: () => [request({ headers: [`Content-Length: ${body().length}`, 'X-A: b', ' c'] })],
    },
    {
      name: 'a space before a colon',
      pieces: () => [request({ headers: [`Content-Length : ${body().length}`] })],
    },
    { name: 'a bare line feed in the head', pieces: () => [request({}).replace('\r\nHost', '\nHost')] },
    { name: 'HTTP/1.0', pieces: () => [request({}).replace('HTTP/1.1', 'HTTP/1.0')] },
    {
      name: 'a connection that is to be closed',
      pieces: () => [request({ headers: [`Content-Length: ${body().length}`, 'Connection: close'] })],
    },
    { name: 'another method', pieces: () => [request({}).replace('POST', 'GET')] },
    { name: 'another path', pieces: () => [request({ path: '/v1/nothing' })] },
    { name: 'no host', pieces: () => [request({}).replace('Host: 127.0.0.1\r\n', '')] },
    {
      name: 'text beyond ASCII',
      pieces: () => [
        request({
          body: Buffer.from(body({ recipient: 'Zürich’s' })).toString('latin1'),
          headers: [`Content-Length: ${Buffer.byteLength(body({ recipient: 'Zürich’s' }))}`],
        }),
      ],
    },
    { name: 'an end in the middle of the body', pieces: () => [request({}).slice(0, -10), 'FIN'] },
    { name: 'a question and the end', pieces: () => [request({}), 'FIN'] },
    { name: 'nonsense', pieces: () => ['nonsense\r\n\r\n'] },
  ])('says what node:http says to $name', async ({ pieces, answers = 1 }) => {
    const fast = await send(api.port, pieces(), answers)
    const slow = await send((plain.address() as AddressInfo).port, pieces(), answers)
    expect(essence(fast)).toEqual(essence(slow))
    expect(fast).not.toBe('')
  })

  const said = (more: object = {}) =>
    JSON.stringify({
      subject: 'user:bob',
      notice: { key: 'starter', version: 1, locale: 'en' },
      evidence: { method: 'form' },
      choices: [{ purpose: 'ai_training', act: 'grant' }],
      ...more,
    })
  const write = (text: string, ...headers: string[]) =>
    request({
      path: '/v1/consents',
      body: text,
      headers: [`Content-Length: ${Buffer.byteLength(text)}`, ...headers],
    })
  const times = (text: string) =>
    text
      .replace(/\b(evt_)[0-9a-f]{32}|"(seq|recorded_at|revision)":("[^"]*"|\d+)/g, '$1$2')
      .replace(/"subject":"sub_[0-9a-f]{32}"/g, '')

  test.each([
    { name: 'what a person said', pieces: () => [write(said())] },
    { name: 'two writes at once', pieces: () => [write(said()).repeat(2)], answers: 2 },
    { name: 'a write, then a question', pieces: () => [write(said()) + request({})], answers: 2 },
    { name: 'a question, then a write', pieces: () => [request({}) + write(said())], answers: 2 },
    {
      name: 'a write and half a question',
      pieces: () => cut(write(said()) + request({}), [-30]),
      answers: 2,
    },
    { name: 'a write and the end', pieces: () => [write(said()), 'FIN'] },
    { name: 'two writes and the end', pieces: () => [write(said()).repeat(2), 'FIN'], answers: 2 },
    { name: 'a head and then its body', pieces: () => cut(write(said()), [-40]) },
    {
      name: 'an unknown purpose',
      pieces: () => [write(said({ choices: [{ purpose: 'nothing', act: 'grant' }] }))],
    },
    {
      name: 'an unknown notice',
      pieces: () => [write(said({ notice: { key: 'x', version: 1, locale: 'en' } }))],
    },
    { name: 'a bad one, then a good one', pieces: () => [write('{}') + write(said())], answers: 2 },
    {
      name: 'one the ledger refuses, then a good one',
      pieces: () => [write(said({ property: 'nowhere' })) + write(said())],
      answers: 2,
    },
    { name: 'an import without the scope', pieces: () => [write(said({ actor: 'import' }))] },
    { name: 'an idempotency key that is none', pieces: () => [write(said(), 'Idempotency-Key: "')] },
    {
      name: 'two idempotency keys',
      pieces: () => [write(said(), 'Idempotency-Key: a', 'Idempotency-Key: b')],
    },
    { name: 'a key that may only ask', isReader: true, pieces: () => [write(said())] },
    {
      name: 'text beyond ASCII',
      pieces: () => [
        Buffer.from(write(said({ evidence: { method: 'form', note: 'Zürich’s' } }))).toString('latin1'),
      ],
    },
  ])('says to a write what node:http says: $name', async ({ pieces, answers = 1, isReader }) => {
    const before = key
    if (!isReader) key = writer
    try {
      const fast = await send(api.port, pieces(), answers)
      const slow = await send((plain.address() as AddressInfo).port, pieces(), answers)
      expect(essence(times(fast))).toEqual(essence(times(slow)))
      expect(fast.split('HTTP/1.1 ').length).toBe(answers + 1)
    } finally {
      key = before
    }
  })

  test('a write repeated under its key is answered as before, in the lane and out of it', async () => {
    const before = key
    key = writer
    const text = write(said({ subject: 'user:carol' }), 'Idempotency-Key: "carol 1"', 'X-Request-ID: abc 1')
    const [first, again] = [await send(api.port, [text]), await send(api.port, [text])]
    const slow = await send((plain.address() as AddressInfo).port, [text])
    key = before
    expect(first).toMatch(/^HTTP\/1\.1 201 Created\r\n/)
    expect(first).toContain('X-Request-ID: abc 1\r\n')
    expect(first).not.toContain('Keep-Alive')
    expect(first).not.toContain('Idempotent-Replayed')
    expect(again).toContain('Idempotent-Replayed: true\r\n')
    expect(slow).toContain('Idempotent-Replayed: true\r\n')
    const bodyOf = (answer: string) => answer.split('\r\n\r\n')[1]
    expect(bodyOf(again)).toBe(bodyOf(first))
    expect(bodyOf(slow)).toBe(bodyOf(first))
  })

  test('a write under way is answered before its connection is closed from this end', async () => {
    const socket = connect({ port: api.port, host: '127.0.0.1' })
    let received = ''
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1')
    })
    const before = key
    key = writer
    socket.write(write(said({ subject: 'user:dora' })))
    key = before
    const find = () => api.decisions.subjectOf(api.organisationId, { namespace: 'user', id: 'dora' })
    await expect.poll(() => find() !== undefined || received !== '').toBe(true)
    api.lane.close()
    await new Promise((resolve) => socket.once('close', resolve))
    expect(received).toMatch(/^HTTP\/1\.1 201 Created\r\n/)
  })

  test('a revoked key is unknown with the next question of the same connection', async () => {
    const short = await api.makeKey('decisions:read')
    const socket = connect({ port: api.port, host: '127.0.0.1' })
    let received = ''
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1')
    })
    const until = async (text: RegExp) => {
      while (!text.test(received)) await delay(5)
    }
    socket.write(request({ key: short }))
    await until(/200 OK/)
    const id = [...api.decisions.policy(api.organisationId)!.keys.values()].find(({ prefix }) =>
      short.startsWith(prefix),
    )!.id
    await api.ledger.publish(api.organisationId, [{ act: 'key_revoked', key: id }])
    socket.write(request({ key: short }))
    await until(/HTTP\/1\.1 401 /)
    socket.destroy()
  })

  test('a caller who does not read what she asked for is not answered for ever', async () => {
    const socket = connect({ port: api.port, host: '127.0.0.1' })
    socket.pause()
    socket.on('error', () => undefined)
    const many = request({}).repeat(2_000)
    let sent = 0
    let isFull = false
    while (sent < 200 && !isFull) {
      sent += 1
      isFull =
        !socket.write(many) &&
        !(await Promise.race([new Promise((r) => socket.once('drain', () => r(true))), delay(2_000)]))
    }
    expect(isFull).toBe(true)
    socket.destroy()
    expect(
      (await api.call('POST', '/v1/check', { subject: 'user:alice', purpose: 'ai_training' })).status,
    ).toBe(200)
  })
})

function cut(text: string, places: readonly number[]): readonly string[] {
  const ends = [...places.map((place) => (place < 0 ? text.length + place : place)), text.length]
  return ends.map((end, index) => text.slice(index === 0 ? 0 : ends[index - 1], end))
}
