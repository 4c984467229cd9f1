import { createHash, createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeApiKey } from '../auth/api-keys.ts'
import { starterConfiguration } from '../config/starter.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { ensureOrganisation } from '../storage/organisations.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

type Row = Record<string, unknown>

let api: RunningApi
let key: string
beforeAll(async () => {
  api = await startApi()
  key = await api.makeKey('snapshots:read')
  for (let n = 0; n < 60; n++) {
    await say(`u${n}`, n % 5 === 0 ? 'analytics' : 'ai_training', 'grant')
    if (n % 3 === 0) await say(`u${n}`, 'ai_training', 'withdraw')
    if (n % 9 === 0) await say(`u${n}`, 'ai_training', 'grant')
  }
  await say(' Alice@Example.com', 'ai_training', 'grant', 'email')
})
afterAll(() => api.close())

function say(id: string, purpose: string, act: 'grant' | 'withdraw', namespace = 'user') {
  return api.ledger.recordConsents(
    aConsent(api.organisationId, { subject: { namespace, id }, choices: [{ purpose, act }] }),
    null,
  )
}

async function take(query = '', headers: Record<string, string> = {}, purpose = 'ai_training') {
  const response = await fetch(`${api.url}/v1/snapshots/${purpose}${query}`, {
    headers: { Authorization: `Bearer ${key}`, ...headers },
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  return { status: response.status, headers: response.headers, bytes }
}

const rowsOf = (bytes: Buffer): Row[] =>
  bytes
    .toString()
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]))

async function get(path: string, own = key) {
  const response = await fetch(api.url + path, { headers: { Authorization: `Bearer ${own}` } })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

async function readParquet(bytes: Buffer): Promise<Row[]> {
  const dir = mkdtempSync(join(tmpdir(), 'assent-snapshot-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const file = join(dir, 'snapshot.parquet')
    writeFileSync(file, bytes)
    const reader = await connection.runAndReadAll(`SELECT * REPLACE (
      epoch_ms(collected_from) AS collected_from, epoch_ms(collected_until) AS collected_until,
      epoch_ms(use_until) AS use_until) FROM '${file}'`)
    return reader.getRowObjectsJson() as Row[]
  } finally {
    connection.closeSync()
    instance.closeSync()
    rmSync(dir, { recursive: true })
  }
}

/** What of a row does not move with the clock. */
const steady = (row: Row, fromMs: number): Row => ({
  ...row,
  collected_from: row.decision === 'permit' ? fromMs : null,
  collected_until: null,
  use_until: null,
})

describe('GET /v1/snapshots/{purpose}', () => {
  test('has a row for each permitted span, under keys that the export key gives', async () => {
    const { status, headers, bytes } = await take()
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/x-ndjson')
    const rows = rowsOf(bytes)
    const { body } = await get('/v1/snapshots/key')
    expect(body).toMatchObject({ algorithm: 'HMAC-SHA-256', namespaces: { email: 'email_v1' } })
    const keyOf = (namespace: string, id: string) =>
      createHmac('sha256', Buffer.from(String(body.key), 'hex'))
        .update(`${namespace}\0${id}`)
        .digest('hex')
    const permitted = Array.from({ length: 60 }, (_, n) => n).filter((n) => n % 9 === 0 || (n % 3 && n % 5))
    expect(new Set(rows.map((row) => row.subject_key))).toEqual(
      new Set([...permitted.map((n) => keyOf('user', `u${n}`)), keyOf('email', 'alice@example.com')]),
    )
    expect(rows[0]).toMatchObject({
      purpose: 'ai_training',
      property: null,
      decision: 'permit',
      reason: 'consent_given',
      categories: ['conversations', 'feedback'],
      notice: 'starter',
      notice_version: 1,
      revision: headers.get('assent-revision'),
    })
    for (const { collected_from, collected_until, use_until } of rows) {
      expect(Date.parse(String(collected_from))).toBeLessThan(Date.parse(String(collected_until)))
      expect(Date.parse(String(use_until))).toBeLessThanOrEqual(Date.now() + 86_400_000)
    }
  })

  test('Parquet holds the same rows, as any engine reads them', async () => {
    const inLines = rowsOf((await take('?denied=true')).bytes)
    for (const [query, headers] of [
      ['?format=parquet&denied=true', {}],
      ['?denied=true', { Accept: 'application/vnd.apache.parquet' }],
    ] as const) {
      const { headers: told, bytes } = await take(query, headers)
      expect(told.get('content-type')).toBe('application/vnd.apache.parquet')
      const rows = await readParquet(bytes)
      expect(rows.length).toBeGreaterThan(100)
      const seen = rows.map((row) => steady(row, Number(row.collected_from)))
      expect(seen).toEqual(inLines.map((row) => steady(row, Date.parse(String(row.collected_from)))))
      expect(rows.every((row) => (row.use_until === null) === (row.decision === 'deny'))).toBe(true)
    }
  })

  test('its digest is signed over every byte, and exists only for whole snapshots', async () => {
    const { headers, bytes } = await take('?format=parquet&property=demo')
    const id = headers.get('assent-snapshot-id')
    const { body } = await get(`/v1/snapshots/ai_training/${id}/signature`)
    const jwks = (await (await fetch(`${api.url}/.well-known/jwks.json`)).json()) as JSONWebKeySet
    const { payload, protectedHeader } = await compactVerify(
      String(body.signature),
      createLocalJWKSet(jwks),
      { algorithms: ['EdDSA'] },
    )
    expect(protectedHeader.typ).toBe('assent-snapshot+jws')
    const statement = JSON.parse(Buffer.from(payload).toString())
    expect(statement).toMatchObject({
      id,
      iss: 'http://localhost:3000',
      purpose: 'ai_training',
      property: 'demo',
      denied: false,
      format: 'parquet',
      rows: (await readParquet(bytes)).length,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      revision: { from: headers.get('assent-revision') },
    })
    expect((await get(`/v1/snapshots/analytics/${id}/signature`)).status).toBe(404)
    expect((await get('/v1/snapshots/ai_training/snp_0000000000000000/signature')).status).toBe(404)
  })

  test('whoever is read while she withdraws is found in the changes after its revision', async () => {
    const { headers } = await take()
    const { subjectId } = await say('u1', 'ai_training', 'withdraw')
    const changes = await api.call('GET', `/v1/changes?after=${headers.get('assent-revision')}`)
    expect(changes.body.changes).toMatchObject([{ subject: subjectId, act: 'withdrawn' }])
    const rows = rowsOf((await take()).bytes)
    expect(rows.some((row) => row.subject === subjectId)).toBe(false)
    await say('u1', 'ai_training', 'grant')
  })

  test('a denied span cannot be joined with by its time, and a purpose nobody may use has no rows', async () => {
    const denied = rowsOf((await take('?denied=true')).bytes).filter((row) => row.decision === 'deny')
    expect(denied.length).toBeGreaterThan(60)
    expect(denied.every((row) => row.use_until === null)).toBe(true)
    const none = await take('', {}, 'personalization')
    expect([none.status, none.bytes.length]).toEqual([200, 0])
    const empty = await take('?format=parquet', {}, 'personalization')
    expect(await readParquet(empty.bytes)).toEqual([])
  })

  test.each([
    ['', 'nothing', 422, 'purpose_not_found'],
    ['', '%ff', 400, 'parameter_invalid'],
    ['?purpose=analytics', 'ai_training', 400, 'parameter_invalid'],
    ['?format=csv', 'ai_training', 400, 'parameter_invalid'],
    ['?denied=yes', 'ai_training', 400, 'parameter_invalid'],
    ['?propery=demo', 'ai_training', 400, 'parameter_invalid'],
    ['?property=nowhere', 'ai_training', 422, 'property_not_found'],
    ['?regime=nowhere', 'ai_training', 422, 'regime_not_found'],
  ])('%s about %s is refused before the first byte', async (query, purpose, status, code) => {
    const taken = await take(query, {}, purpose)
    expect([taken.status, JSON.parse(taken.bytes.toString()).code]).toEqual([status, code])
  })

  test('needs its own scope, which neither decides nor reads people', async () => {
    const other = await api.makeKey('decisions:read', 'changes:read', 'consents:read')
    for (const path of [
      '/v1/snapshots/ai_training',
      '/v1/snapshots/key',
      '/v1/snapshots/ai_training/snp_0000000000000000/signature',
    ]) {
      expect(await get(path, other)).toMatchObject({ status: 403, body: { code: 'scope_missing' } })
      expect(await get(path, 'ask_x')).toMatchObject({ status: 401, body: { code: 'key_unknown' } })
    }
    const response = await fetch(`${api.url}/v1/snapshots/ai_training`, { method: 'POST' })
    expect(response.status).toBe(405)
  })

  test('shows another organisation nothing of this one, and gives it another key', async () => {
    const { starterOrganisation } = await import('../config/starter-purposes.ts')
    const theirs = await ensureOrganisation(api.database.serve, { ...starterOrganisation, key: 'other' })
    const { secret, definition } = makeApiKey('Theirs', ['snapshots:read'])
    await api.ledger.publish(theirs, [
      ...starterConfiguration('http://localhost:3000'),
      { act: 'key_created', definition },
    ])
    const { headers } = await take()
    const id = headers.get('assent-snapshot-id')
    const response = await fetch(`${api.url}/v1/snapshots/ai_training`, {
      headers: { Authorization: `Bearer ${secret}` },
    })
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect((await get(`/v1/snapshots/ai_training/${id}/signature`, secret)).status).toBe(404)
    const [own, other] = [await get('/v1/snapshots/key'), await get('/v1/snapshots/key', secret)]
    expect(other.body.key).not.toBe(own.body.key)
  })

  test('a caller who goes away ends it, and leaves no signature', async () => {
    const ended = new AbortController()
    const response = await fetch(`${api.url}/v1/snapshots/ai_training?denied=true`, {
      headers: { Authorization: `Bearer ${key}` },
      signal: ended.signal,
    })
    const id = response.headers.get('assent-snapshot-id')
    expect(id).toMatch(/^snp_/)
    ended.abort()
    // The next ones are not turned away as if it were still under way.
    for (let n = 0; n < 3; n++) expect((await take()).status).toBe(200)
  })
})
