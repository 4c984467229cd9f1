import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../../lib/api/testing/start-api.ts'
import { exportKeyOf } from '../../lib/auth/derive-keys.ts'
import { demoDays, seedDemo } from '../../lib/config/demo.ts'
import { demoInteractions } from '../../lib/config/demo-interactions.ts'
import { aConsent } from '../../lib/storage/ledger/testing/start-ledger.ts'
import { readSnippet } from './read-snippets.ts'
import { hasPython, runPython } from './run-python.ts'

type Interaction = {
  readonly id: string
  readonly user_id: string | null
  readonly collected_at: string | null
}

const doc = 'docs/snapshots.md'
const dayMs = 86_400_000
const asked = Date.UTC(2026, 7, 1, 12)
const feedback = '../shared/data/assistant-feedback.ndjson'
if (!existsSync(feedback)) console.warn(`not joined with: ${feedback} is missing`)

let api: RunningApi
let key: string
let dir: string
let exportKey: Buffer
let clockMs = asked - demoDays * dayMs
const interactions: Interaction[] = []

/** Times as people and programs write them: precise, rough, elsewhere, unreadable, yet to come. */
function rewrite(written: string, n: number): string | null {
  const at = Date.parse(written)
  const inZone = (offset: string, ms: number) => new Date(at + ms).toISOString().replace('Z', offset)
  const forms = [
    () => written.slice(0, 10),
    () => `${written.slice(0, 16)}Z`,
    () => written.replace('T', ' ').replace('.', ','),
    () => written.toLowerCase(),
    () => inZone('+05:30', 19_800_000),
    () => inZone('-0800', -28_800_000),
    () => written.replace('Z', '456789Z'),
    () => written.slice(0, 19),
    () => `${written.slice(0, 10)}T24:00:00Z`,
    () => `${written.slice(0, 10)}T23:59:60Z`,
    () => `${written.slice(0, 8)}32`,
    () => '2026-02-29T10:00:00Z',
    () => `${written} `,
    () => new Date(asked + 3_600_000).toISOString(),
    () => new Date(asked + 4_000).toISOString(),
    () => 'yesterday',
    () => null,
  ]
  return n % 3 === 0 ? written : (forms[n % forms.length]!() ?? null)
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'assent-join-'))
  api = await startApi({ clock: () => clockMs })
  await seedDemo({
    ledger: api.ledger,
    organisationId: api.organisationId,
    nowMs: asked,
    setClock: (atMs) => {
      clockMs = atMs ?? asked
    },
    onProgress: () => undefined,
  })
  clockMs = asked
  for (const [n, line] of [...demoInteractions(asked)].entries()) {
    const { id, user_id, created_at } = JSON.parse(line) as Record<string, string>
    interactions.push({
      id: id!,
      user_id: n % 97 === 0 ? `nobody_${n}` : user_id!,
      collected_at: created_at === undefined ? null : rewrite(created_at, n),
    })
  }
  if (existsSync(feedback)) await addFeedback()
  key = await api.makeKey('snapshots:read', 'decisions:read')
  exportKey = Buffer.from(exportKeyOf(api.keys, api.organisationId))
  writeFileSync(join(dir, 'interactions.ndjson'), lines())
})
afterAll(async () => {
  await api.close()
  rmSync(dir, { recursive: true })
})

/** Real interactions, by people of whom some agreed before the last of them, and some took it back. */
async function addFeedback(): Promise<void> {
  const records = readFileSync(feedback, 'utf8')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Interaction]))
  const users = [...new Set(records.map(({ user_id }) => user_id!))].sort()
  const say = (index: number, act: 'grant' | 'withdraw') =>
    api.ledger.recordConsents(
      aConsent(api.organisationId, {
        subject: { namespace: 'user', id: users[index]! },
        actor: 'import',
        imported: act === 'grant',
        occurredAtMs: act === 'grant' ? Date.UTC(2026, 3, 1 + (index % 60)) : null,
        evidence: { method: 'import', reference: 'test' },
        choices: [{ purpose: 'ai_training', act }],
      }),
      null,
    )
  for (let index = 0; index < users.length; index += 2) await say(index, 'grant')
  for (let index = 0; index < users.length; index += 6) await say(index, 'withdraw')
  for (const { id, user_id, collected_at } of records) interactions.push({ id, user_id, collected_at })
}

const lines = () => interactions.map((each) => `${JSON.stringify(each)}\n`).join('')

async function filter(purpose: string, terms: string): Promise<readonly string[]> {
  // Joins may hold this process up for longer than a node may be out of touch with its log.
  await api.decisions.catchUp()
  const query = `purpose=${purpose}&subject=user:user_id&collected_at=collected_at${terms}`
  const response = await fetch(`${api.url}/v1/filter?${query}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/x-ndjson' },
    body: lines(),
  })
  const kept = (await response.text()).split('\n').filter((line) => line !== '')
  return kept.map((line) => (JSON.parse(line) as Interaction).id)
}

async function take(purpose: string, terms: string, format: string): Promise<Buffer> {
  await api.decisions.catchUp()
  const query = `format=${format}${terms}`
  const response = await fetch(`${api.url}/v1/snapshots/${purpose}?${query}`, {
    headers: { Authorization: `Bearer ${key}` },
  })
  expect(response.status).toBe(200)
  return Buffer.from(await response.arrayBuffer())
}

/** The documented statement, asked at the test's own time. */
const at = (sql: string) => sql.replace('now()', `TIMESTAMPTZ '${new Date(asked).toISOString()}'`)

const order = new Map<string, number>()
function inOrder(ids: readonly string[]): readonly string[] {
  if (order.size === 0) for (const [index, { id }] of interactions.entries()) order.set(id, index)
  return [...ids].sort((a, b) => order.get(a)! - order.get(b)!)
}

async function joinInDuckDb(snapshot: Buffer): Promise<readonly string[]> {
  writeFileSync(join(dir, 'ai_training.parquet'), snapshot)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    // What the time of the machine is called must not matter.
    await connection.run("SET TimeZone = 'America/New_York'")
    const keys = readSnippet(doc, '### DuckDB: keys and times')
    expect(keys).toContain("getenv('ASSENT_EXPORT_KEY')")
    await connection.run(keys.replace("getenv('ASSENT_EXPORT_KEY')", `'${exportKey.toString('hex')}'`))
    const sql = readSnippet(doc, '### DuckDB: the join')
      .replace("'interactions.ndjson'", `'${join(dir, 'interactions.ndjson')}'`)
      .replace("'ai_training.parquet'", `'${join(dir, 'ai_training.parquet')}'`)
    const reader = await connection.runAndReadAll(at(sql))
    return reader.getRowObjectsJson().map((row) => String(row.id))
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

async function joinInPython(snapshot: Buffer): Promise<readonly string[]> {
  const program = `${readSnippet(doc, '### Python')}
import sys
given = json.load(sys.stdin)
key, now = bytes.fromhex(given["key"]), instant(given["now"])
spans = read_snapshot(given["snapshot"].splitlines())
print(json.dumps([t["id"] for t in given["interactions"]
  if may_use(spans, key, "user", t["user_id"], t["collected_at"], now)]))`
  const given = {
    key: exportKey.toString('hex'),
    now: new Date(asked).toISOString(),
    snapshot: snapshot.toString(),
    interactions,
  }
  return JSON.parse(await runPython(program, JSON.stringify(given))) as string[]
}

async function joinInPostgres(snapshot: Buffer): Promise<readonly string[]> {
  const client = new pg.Client(api.database.owner)
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query("SET LOCAL TimeZone = 'America/New_York'")
    await client.query(readSnippet(doc, '### PostgreSQL: keys and times'))
    const columns = `subject_type text, subject_key text, decision text, collected_from timestamptz,
      collected_until timestamptz, use_until timestamptz`
    const rows = snapshot.toString().trim().split('\n')
    await client.query(
      `CREATE TEMP TABLE ai_training ON COMMIT DROP AS
       SELECT * FROM json_to_recordset($1::json) AS r(${columns})`,
      [`[${rows.join(',')}]`],
    )
    await client.query(
      `CREATE TEMP TABLE interactions ON COMMIT DROP AS
       SELECT * FROM json_to_recordset($1::json) AS r(id text, user_id text, collected_at text)`,
      [JSON.stringify(interactions)],
    )
    await client.query('ANALYZE ai_training')
    const sql = at(readSnippet(doc, '### PostgreSQL: the join')).replace(':export_key', '$1')
    const joined = await client.query<{ id: string }>(sql, [exportKey])
    return joined.rows.map(({ id }) => id)
  } finally {
    await client.query('ROLLBACK')
    await client.end()
  }
}

describe('the documented join keeps the lines that /v1/filter keeps', () => {
  test.each([
    { purpose: 'ai_training', terms: '', least: 500 },
    { purpose: 'ai_training', terms: '&property=demo', least: 500 },
    { purpose: 'ai_training', terms: '&property=study', least: 500 },
    { purpose: 'ai_training.evaluation', terms: '&category=conversations', least: 500 },
    { purpose: 'analytics', terms: '&regime=gdpr', least: 500 },
    { purpose: 'research', terms: '&property=study', least: 0 },
  ])('$purpose $terms', async ({ purpose, terms, least }) => {
    const want = await filter(purpose, terms)
    expect(want.length).toBeGreaterThanOrEqual(least)
    expect(want.length).toBeLessThan(interactions.length * 0.8)
    const [lined, parquet] = [await take(purpose, terms, 'ndjson'), await take(purpose, terms, 'parquet')]
    expect(inOrder(await joinInDuckDb(parquet))).toEqual(want)
    expect(inOrder(await joinInPostgres(lined))).toEqual(want)
    if (hasPython) expect(await joinInPython(lined)).toEqual(want)
    // Denied spans in the file change nothing, not even where the decision is forgotten.
    const whole = await take(purpose, `${terms}&denied=true`, 'parquet')
    expect(inOrder(await joinInDuckDb(whole))).toEqual(want)
  })

  test('whoever was never recorded is dropped where the rule needs no yes: it fails closed', async () => {
    const unknown = interactions.filter(({ user_id }) => user_id?.startsWith('nobody_'))
    expect(unknown.length).toBeGreaterThan(20)
    const kept = new Set(await filter('service', ''))
    expect(unknown.some(({ id }) => kept.has(id))).toBe(true)
    const joined = new Set(await joinInDuckDb(await take('service', '', 'parquet')))
    expect(unknown.some(({ id }) => joined.has(id))).toBe(false)
    for (const id of joined) expect(kept.has(id)).toBe(true)
  })

  test('Spark’s key is made of what makes the others’', () => {
    console.warn('not run: Spark is not part of these tests; its example is only read')
    const code = readSnippet(doc, '### Spark')
    for (const part of ['0x36', '0x5C', 'ljust(64', '"\\0"', 'left_semi', 'use_until'])
      expect(code).toContain(part)
  })
})
