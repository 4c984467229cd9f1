import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../../api/testing/start-api.ts'
import { aConsent } from '../../storage/ledger/testing/start-ledger.ts'
import { filter } from './filter.ts'

let api: RunningApi
let dir: string
let connection: { url: string; key: string }

beforeAll(async () => {
  api = await startApi()
  dir = mkdtempSync(join(tmpdir(), 'assent-records-'))
  connection = { url: api.url, key: await api.makeKey('decisions:read', 'changes:read') }
  const { organisationId, ledger } = api
  const say = (namespace: string, id: string, act: 'grant' | 'deny') =>
    ledger.recordConsents(
      aConsent(organisationId, { subject: { namespace, id }, choices: [{ purpose: 'ai_training', act }] }),
      null,
    )
  await say('user', '9007199254740993', 'grant')
  await say('user', 'alice', 'grant')
  await say('user', 'bob', 'deny')
  for (let n = 0; n < 40; n++) await say('device', `d${n}`, 'grant')
  await api.decisions.catchUp()
})
afterAll(async () => {
  await api.close()
  rmSync(dir, { recursive: true, force: true })
})

type Report = {
  permitted: number
  denied: object
  broken_total: number
  use_until: string | null
  hints: readonly string[]
  output: { format: string; bytes: number }
}

async function run(lines: readonly string[], out: string, args: readonly string[] = []) {
  const input = join(dir, 'in.ndjson')
  writeFileSync(input, lines.join('\n'))
  const report = join(dir, 'report.json')
  const asked = ['--purpose', 'ai_training', '--subject', 'user:user', '--collected-at', 'at']
  const code = await filter(connection, [
    input,
    ...asked,
    '--out',
    join(dir, out),
    '--report',
    report,
    ...args,
  ])
  return { code, report: JSON.parse(readFileSync(report, 'utf8')) as Report }
}

async function rows(path: string) {
  const instance = await DuckDBInstance.create(':memory:')
  const duck = await instance.connect()
  const reader = await duck.runAndReadAll(`SELECT * FROM '${join(dir, path)}'`)
  const types = Object.fromEntries(
    reader.columnNames().map((name, n) => [name, reader.columnTypes()[n]!.toString()]),
  )
  const found = reader.getRowObjectsJson()
  duck.closeSync()
  instance.closeSync()
  return { types, found }
}

const now = () => new Date().toISOString()
const read = (path: string) => readFileSync(join(dir, path), 'utf8')

describe('records as lines', () => {
  test('what was refused, and what could not be read, goes to --denied as it was', async () => {
    const at = now()
    const yes = `{"user":"alice","at":"${at}" , "n": 1}`
    const no = [`{"user":"bob","at":"${at}"}`, '{"user": ', `{"user":"carol","at":"${at}"}`]
    const lines = [yes, no[0]!, '', yes, no[1]!, no[2]!, `{"user":"alice","at":"${at}"}`]
    const { code, report } = await run(lines, 'out.ndjson', ['--denied', join(dir, 'denied.ndjson')])
    expect(code).toBe(3)
    expect(report).toMatchObject({
      permitted: 3,
      denied: { consent_denied: 1, never_asked: 1 },
      broken_total: 1,
    })
    expect(read('denied.ndjson')).toBe(`${no.join('\n')}\n`)
    expect(read('out.ndjson').split('\n').filter(Boolean)).toEqual([yes, yes, lines[6]])
  })

  test('without anything refused, --denied is empty', async () => {
    await run([`{"user":"alice","at":"${now()}"}`], 'out.ndjson', ['--denied', join(dir, 'denied.ndjson')])
    expect(read('denied.ndjson')).toBe('')
  })

  test('a table has a column for each member: whole numbers exact, texts as written', async () => {
    const at = now()
    const lines = [
      `{"user":9007199254740993,"at":"${at}","day":"2026-01-02","id":"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11","in":{"x":[1,2]}}`,
      `{"user":"bob","at":"${at}","day":"2026-01-02"}`,
    ]
    const { report } = await run(lines, 'out.parquet', ['--denied', join(dir, 'denied.csv')])
    const { found, types } = await rows('out.parquet')
    expect(found).toMatchObject([
      {
        user: '9007199254740993',
        at,
        day: '2026-01-02',
        id: 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
        in: { x: ['1', '2'] },
      },
    ])
    expect(types).toMatchObject({ user: 'BIGINT', at: 'VARCHAR', day: 'VARCHAR', id: 'VARCHAR' })
    expect(report.output).toMatchObject({ format: 'parquet' })
    expect(read('denied.csv')).toBe(`user,at,day\nbob,${at},2026-01-02\n`)
    await run(lines.slice(0, 1), 'out.csv')
    expect(read('out.csv')).toContain('"{""x"":[1,2]}"')
  })

  test('a table without records has the columns of the input', async () => {
    const { code } = await run([`{"user":"bob","at":"${now()}","n":1}`], 'none.parquet')
    expect(code).toBe(0)
    expect(await rows('none.parquet')).toEqual({
      found: [],
      types: { user: 'VARCHAR', at: 'VARCHAR', n: 'BIGINT' },
    })
  })

  test('the report says until when what was permitted may be used, and where unknown ids are known', async () => {
    const at = now()
    const { report } = await run(
      [`{"user":"alice","at":"${at}"}`, `{"user":"bob","at":"${at}"}`],
      'out.ndjson',
    )
    expect(Date.parse(report.use_until!)).toBeGreaterThan(Date.now())
    expect(report.hints).toEqual([])
    const devices = Array.from({ length: 50 }, (_, n) => `{"user":"d${n}","at":"${at}"}`)
    const { report: other } = await run([...devices, `{"user":"alice","at":"${at}"}`], 'out.ndjson')
    expect(other.hints).toEqual(['50 of 51 ids unknown in `user`; 40 known in `device`'])
    const { report: none } = await run(devices, 'out.ndjson')
    expect(none.use_until).toBeNull()
  })
})
