import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sha256Of } from '../auth/api-keys.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { openSse, type SseEvent } from './testing/read-sse.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
let key: string
beforeAll(async () => {
  api = await startApi({ limits: { streams: 3 } })
  key = await api.makeKey('changes:read')
})
afterAll(() => api.close())

const open = (query = '', headers: Record<string, string> = {}, own = key) =>
  openSse(`${api.url}/v1/changes${query}`, { Authorization: `Bearer ${own}`, ...headers })
const say = (id: string, act: 'grant' | 'withdraw' = 'grant') =>
  api.ledger.recordConsents(
    aConsent(api.organisationId, {
      subject: { namespace: 'user', id },
      choices: [{ purpose: 'ai_training', act }],
    }),
    null,
  )

describe('GET /v1/changes as Server-Sent Events', () => {
  test('a reader who is cut off again and again gets everything once, while others write', async () => {
    let isWriting = true
    const writing = (async () => {
      for (let n = 0; n < 40; n++) await Promise.all([1, 2, 3, 4, 5].map((k) => say(`cut-${n}-${k}`)))
      isWriting = false
    })()
    const all: SseEvent[] = []
    let lastId: string | undefined
    let covered = '0:0'
    for (let isDone = false; !isDone; ) {
      const reader = await open('?after=0:0&limit=9', lastId === undefined ? {} : { 'Last-Event-ID': lastId })
      if (lastId !== undefined) covered = lastId
      for (let n = 0; n < 30 && !isDone; n++) {
        const event = (await reader.next())!
        lastId = event.id
        if (event.event === 'change') {
          expect(event.data.revision).toBe(event.id)
          expect(event.data.previous).toBe(all.at(-1)?.data.revision ?? null)
          all.push(event)
        } else {
          // What it says it covers chains too.
          expect(event.event).toBe('head')
          expect(event.data.from).toBe(covered)
          covered = event.data.to as string
          // The head of the node, not the event's own: it may have lain in the socket while others wrote on.
          isDone = !isWriting && event.data.to === `0:${api.decisions.revision().seq}`
        }
      }
      reader.close()
    }
    await writing
    const events = await api.events.newest(api.organisationId, { beforeSeq: null, limit: 10_000 })
    expect(all.map(({ data }) => data.id)).toEqual(events.map(({ id }) => String(id)).reverse())
  })

  test('a write wakes the stream: it does not wait for a beat', async () => {
    const reader = await open(`?after=${(await say('awake')).revision.log}:${api.decisions.revision().seq}`)
    const tookMs: number[] = []
    for (let n = 0; n < 20; n++) {
      const [event] = await Promise.all([reader.nextOf('change'), say(`awake-${n}`)])
      tookMs.push(Date.now() - Date.parse(event.data.recorded_at as string))
    }
    reader.close()
    expect(tookMs.sort((a, b) => a - b)[10]).toBeLessThan(150)
  })

  test('says at least once a second how far and how late the node is', async () => {
    const reader = await open(`?after=0:${api.decisions.revision().seq}`)
    const first = await reader.nextOf('head')
    const began = performance.now()
    const second = await reader.nextOf('head')
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(second.data).toMatchObject({ from: first.data.to, to: first.data.head })
    expect(second.data.lag_ms).toBeGreaterThanOrEqual(0)
    reader.close()
  })

  test('tells neither identifiers nor what keys are recognised by', async () => {
    const reader = await open()
    const told: SseEvent[] = []
    for (let event = await reader.nextOf('change'); event.data.previous !== null || told.length === 0; ) {
      told.push(event)
      if (event.id === `0:${api.decisions.revision().seq}`) break
      event = await reader.nextOf('change')
    }
    reader.close()
    const text = JSON.stringify(told)
    expect(text.includes('key_created')).toBe(true)
    expect(text.includes(sha256Of(key))).toBe(false)
    expect(text.includes('cut-0-1')).toBe(false)
  })

  test('a key has so many streams open and no more, until one is closed', async () => {
    const own = await api.makeKey('changes:read')
    const readers = await Promise.all([1, 2, 3].map(() => open('', {}, own)))
    const refused = await open('', {}, own)
    expect(refused.response.statusCode).toBe(429)
    expect(refused.response.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'ratelimit-policy': '"streams";q=3;qu="concurrent-requests"',
      ratelimit: '"streams";r=0;t=1',
      'retry-after': '1',
    })
    refused.close()
    const other = await open('', {})
    expect(other.response.statusCode).toBe(200)
    other.close()
    readers[0]!.close()
    let status = 429
    while (status === 429) {
      const again = await open('', {}, own)
      status = again.response.statusCode!
      if (status === 429) await delay(20)
      again.close()
    }
    for (const reader of readers) reader.close()
    expect(status).toBe(200)
  })

  test('a key that is revoked hears no more', async () => {
    const own = await api.makeKey('changes:read')
    const reader = await open(`?after=0:${api.decisions.revision().seq}`, {}, own)
    await reader.nextOf('head')
    const { id } = api.decisions.keyBySha256(sha256Of(own))!
    await api.ledger.publish(api.organisationId, [{ act: 'key_revoked', key: id }])
    await say('after-revocation')
    const rest: SseEvent[] = []
    for (let event = await reader.next(); event !== undefined; event = await reader.next()) rest.push(event)
    expect(rest.at(-1)).toMatchObject({ event: 'end', data: { code: 'key_unknown' } })
    expect(rest.filter(({ event }) => event === 'change')).toEqual([])
  })

  test.each([
    { query: '?after=9:0.1', status: 400, code: 'parameter_invalid' },
    { query: '?limit=0', status: 400, code: 'parameter_invalid' },
    { query: '?after=0:99999999', status: 409, code: 'revision_unknown' },
  ])('answers $query with $code', async ({ query, status, code }) => {
    const answer = await api.call('GET', `/v1/changes${query}`, undefined, { Accept: 'text/event-stream' })
    expect(answer).toMatchObject({ status, body: { code } })
  })

  test.each([
    { header: {}, status: 401, code: 'key_missing' },
    { header: { Authorization: 'Bearer ask_unknown' }, status: 401, code: 'key_unknown' },
  ])('needs a key: $code', async ({ header, status, code }) => {
    const response = await fetch(`${api.url}/v1/changes`, {
      headers: { Accept: 'text/event-stream', ...header },
    })
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ code })
  })

  test('needs the scope changes:read', async () => {
    const own = await api.makeKey('audit:read')
    const answer = await api.call('GET', '/v1/changes', undefined, {
      Accept: 'text/event-stream',
      Authorization: `Bearer ${own}`,
    })
    expect(answer).toMatchObject({ status: 403, body: { code: 'scope_missing' } })
  })
})
