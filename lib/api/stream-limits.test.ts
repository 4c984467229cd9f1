import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from './testing/start-api.ts'

const filterPath = '/v1/filter?purpose=analytics&subject=user:id&collected_at=at'
const resolvePath = '/v1/resolve?purpose=analytics&namespace=user'
const paths = [
  { name: 'filter', path: filterPath, type: 'application/x-ndjson' },
  { name: 'resolve', path: resolvePath, type: 'text/plain' },
]
let api: RunningApi
beforeAll(async () => {
  api = await startApi({ limits: { streams: 2, recordsASecond: 100 } })
})
afterAll(() => api.close())

/** A call whose body goes on until it is ended. */
async function begin(path: string, type: string, key: string) {
  const call = httpRequest(api.url + path, {
    ...{ method: 'POST', agent: false },
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': type },
  })
  call.on('error', () => undefined)
  call.flushHeaders()
  const [response] = await once(call, 'response')
  response.resume()
  return { call, response }
}

describe('a key’s filters and resolves', () => {
  test.each(paths)('are so many at a time: $name', async ({ path, type }) => {
    const key = await api.makeKey('decisions:read')
    const open = [await begin(path, type, key), await begin(path, type, key)]
    const refused = await api.call('POST', path, 'x', {
      Authorization: `Bearer ${key}`,
      'Content-Type': type,
    })
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited', status: 429 } })
    expect(refused.headers.get('ratelimit-policy')).toBe('"streams";q=2;qu="concurrent-requests"')
    expect(refused.headers.get('retry-after')).toBe('1')
    for (const { call, response } of open) {
      call.end()
      if (!response.readableEnded) await once(response, 'end')
    }
    const again = await begin(path, type, key)
    expect(again.response.statusCode).toBe(200)
    again.call.destroy()
  })

  test.each(paths)(
    'are slowed down past their rate, and new ones told to wait: $name',
    async ({ path, type }) => {
      const key = await api.makeKey('decisions:read')
      const line = path === filterPath ? '{"id":"u","at":"2026-01-01T00:00:00Z"}\n' : 'somebody\n'
      const { call, response } = await begin(path, type, key)
      // Half as much again as may be used at once: five seconds until that is paid.
      call.write(line.repeat(1_500))
      let answer: Awaited<ReturnType<RunningApi['call']>>
      do {
        answer = await api.call('POST', path, '', { Authorization: `Bearer ${key}`, 'Content-Type': type })
      } while (answer.status !== 429)
      expect(answer.headers.get('ratelimit-policy')).toBe('"records";q=1000;w=10')
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      call.end(line)
      await once(response, 'end')
      expect(response.complete).toBe(true)
    },
  )
})
