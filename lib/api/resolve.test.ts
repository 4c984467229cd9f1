import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
let key: string
beforeAll(async () => {
  api = await startApi()
  key = await api.makeKey('decisions:read')
  const say = (id: string, purpose: string, act: 'grant' | 'withdraw') =>
    api.ledger.recordConsents(
      aConsent(api.organisationId, { subject: { namespace: 'user', id }, choices: [{ purpose, act }] }),
      null,
    )
  for (let n = 0; n < 40; n++) {
    await say(`u${n}`, n % 5 === 0 ? 'analytics' : 'ai_training', 'grant')
    if (n % 3 === 0) await say(`u${n}`, 'ai_training', 'withdraw')
    if (n % 9 === 0) await say(`u${n}`, 'ai_training', 'grant')
    if (n % 7 === 0) await say(`u${n}`, 'ai_training.evaluation', 'withdraw')
  }
  await api.ledger.linkSubjects(
    api.organisationId,
    { namespace: 'user', id: 'u1' },
    { namespace: 'device', id: 'd1' },
  )
  await api.ledger.recordFact(api.organisationId, { namespace: 'user', id: 'u2' }, { act: 'erased' })
})
afterAll(() => api.close())

async function resolve(
  ids: string | Uint8Array,
  query = 'purpose=ai_training&namespace=user',
  recordBytes = 40,
) {
  const response = await fetch(`${api.url}/v1/resolve?${query}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'text/plain' },
    body: ids as string,
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  const reasons = (response.headers.get('assent-reasons') ?? '').split(',')
  const permits = (response.headers.get('assent-permits') ?? '').split(',')
  const length = response.ok ? bytes.length / recordBytes : 0
  const records = Array.from({ length }, (_, n) => {
    const record = bytes.subarray(n * recordBytes, (n + 1) * recordBytes)
    const pieces = Array.from({ length: record[6]! }, (_, index) => ({
      fromMs: index === 0 ? Number.NEGATIVE_INFINITY : Number(record.readBigInt64LE(8 * index)),
      reason: reasons[record[index]!]!,
    }))
    return {
      pieces,
      withoutTime: reasons[record[4]!],
      flags: record[5]!,
      useUntilMs: Number(record.readBigInt64LE(32)),
      subject: record.toString('hex', 40),
    }
  })
  return { status: response.status, bytes, records, permits }
}

/** All that does not move with the clock. */
const settled = ({ pieces, withoutTime, flags }: Awaited<ReturnType<typeof resolve>>['records'][number]) => ({
  ...{ withoutTime, flags },
  reasons: pieces.map(({ reason }) => reason),
})

describe('POST /v1/resolve', () => {
  test('a join on what it answers keeps the records that the filter keeps', async () => {
    const ids = [...Array.from({ length: 42 }, (_, n) => `u${n}`), 'é', '9007199254740993']
    const { records, permits } = await resolve(ids.map((id) => `${id}\n`).join(''))
    expect(records).toHaveLength(ids.length)
    const nowMs = Date.now()
    const times = [null, 0, nowMs - 86_400_000, nowMs - 2, nowMs, nowMs + 60_000]
    for (const { pieces } of records)
      for (const { fromMs } of pieces) if (Number.isFinite(fromMs)) times.push(fromMs, fromMs - 1)
    // What lies about now, and the five seconds ahead that clocks may differ by, moves between the two calls.
    const isSettled = (time: number | null) => time === null || time <= nowMs || time > nowMs + 30_000
    const rows = ids.flatMap((id, n) =>
      [...new Set(times)].filter(isSettled).map((time) => ({ id, n, time })),
    )
    const lines = rows.map(({ id, n, time }) =>
      JSON.stringify({ n, user_id: id, ...(time === null ? {} : { at: new Date(time).toISOString() }) }),
    )
    const filtered = await fetch(
      `${api.url}/v1/filter?purpose=ai_training&subject=user:user_id&collected_at=at`,
      {
        method: 'POST',
        headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/x-ndjson' },
        body: `${lines.join('\n')}\n`,
      },
    )
    const joined = rows.filter(({ n, time }) => {
      const { pieces, withoutTime } = records[n]!
      const reason = time === null ? withoutTime : pieces.findLast(({ fromMs }) => fromMs <= time)!.reason
      return permits.includes(reason ?? '')
    })
    const kept = joined.map((row) => `${lines[rows.indexOf(row)]}\n`).join('')
    expect(await filtered.text()).toBe(kept)
    expect(joined.length).toBeGreaterThan(20)
    expect(joined.length).toBeLessThan(rows.length - 20)
  })

  test('says who is known, until when data may be used, and what is no identifier', async () => {
    const { records } = await resolve(`u1\nnobody\n\n${'x'.repeat(513)}\nu3`)
    expect(records.map(({ flags }) => flags)).toEqual([1, 0, 2, 2, 1])
    expect(records[0]!.useUntilMs).toBeGreaterThan(Date.now())
    expect(records[1]).toMatchObject({ useUntilMs: 0, pieces: [{ reason: 'never_asked' }] })
    expect(records[2]!.pieces).toEqual([])
    const broken = await resolve(Uint8Array.of(0xff, 0x0a, 0x75, 0x31, 0x0a))
    expect(broken.records.map(({ flags }) => flags)).toEqual([2, 1])
    expect((await resolve('')).records).toEqual([])
  })

  test('names subjects by their own ids, and takes those instead, with the same answers', async () => {
    const query = 'purpose=ai_training&namespace=user&with_subject=true'
    const ids = [...Array.from({ length: 40 }, (_, n) => `u${n}`), 'nobody', 'é', '']
    const named = await resolve(ids.map((id) => `${id}\n`).join(''), query, 56)
    const plain = await resolve(ids.map((id) => `${id}\n`).join(''))
    expect(named.records.map(settled)).toEqual(plain.records.map(settled))
    const nobody = '0'.repeat(32)
    for (const [n, { subject }] of named.records.entries()) {
      const known =
        n < 40 ? api.decisions.subjectOf(api.organisationId, { namespace: 'user', id: `u${n}` }) : undefined
      expect(subject).toBe(known?.slice(4) ?? nobody)
    }
    const bySubject = 'purpose=ai_training&by=subject'
    const own = named.records.slice(0, 40).map(({ subject }) => `sub_${subject}\n`)
    const again = await resolve(own.join(''), `${bySubject}&with_subject=true`, 56)
    expect(again.records.map(settled)).toEqual(named.records.slice(0, 40).map(settled))
    expect(again.records.map(({ subject }) => subject)).toEqual(
      named.records.slice(0, 40).map(({ subject }) => subject),
    )
    const others = await resolve(`sub_${nobody}\nuser:u1\nsub_${'A'.repeat(32)}\n\n`, bySubject)
    expect(others.records.map(({ flags }) => flags)).toEqual([0, 2, 2, 2])
    expect(others.records[0]).toMatchObject({ pieces: [{ reason: 'never_asked' }], useUntilMs: 0 })
  })

  test('gives every id one record, however the body is cut', async () => {
    const ids = Array.from({ length: 9_000 }, (_, n) => `u${n % 50}`)
    const body = ids.map((id) => `${id}\n`).join('')
    const whole = await resolve(body)
    expect(whole.records).toHaveLength(ids.length)
    for (const [n, record] of whole.records.entries()) {
      expect(settled(record)).toEqual(settled(whole.records[n % 50]!))
    }
    const few = await resolve(ids.slice(0, 50).join('\n'))
    expect(few.records.map(settled)).toEqual(whole.records.slice(0, 50).map(settled))
  })

  test.each([
    { query: 'purpose=ai_training&namespace=user&by=subject', status: 400 },
    { query: 'purpose=ai_training&by=user', status: 400 },
    { query: 'purpose=ai_training&namespace=user&with_subject=yes', status: 400 },
    { query: 'namespace=user', status: 400 },
    { query: 'purpose=ai_training', status: 400 },
    { query: 'purpose=ai_training&namespace=User', status: 400 },
    { query: 'purpose=ai_training&namespace=user&categorys=a', status: 400 },
    { query: 'purpose=nothing&namespace=user', status: 422 },
    { query: 'purpose=ai_training&namespace=user&regime=moon', status: 422 },
  ])('refuses $query', async ({ query, status }) => {
    expect((await resolve('u1\n', query)).status).toBe(status)
  })
})
