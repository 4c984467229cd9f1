import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../../api/testing/start-api.ts'
import { aConsent } from '../../storage/ledger/testing/start-ledger.ts'
import { filter } from '../filter/filter.ts'

let api: RunningApi
let dir: string
let connection: { url: string; key: string }
const dayMs = 86_400_000
const start = Date.UTC(2026, 0, 1)
let nowMs = start

beforeAll(async () => {
  api = await startApi({ clock: () => nowMs })
  dir = mkdtempSync(join(tmpdir(), 'assent-table-'))
  connection = { url: api.url, key: await api.makeKey('decisions:read', 'changes:read') }
  const acts = ['grant', 'withdraw', 'grant', 'deny', 'grant', 'object', 'grant'] as const
  for (let day = 0; day < acts.length; day++) {
    nowMs = start + day * dayMs
    for (let n = 0; n < 60; n++) {
      // Everyone goes a way of their own: some say nothing, some stop early, some refuse a part.
      if (n % 10 === 0 || day > n % 8) continue
      await say(
        'user',
        String(n),
        n % 9 === 4 && day === 1 ? 'ai_training.evaluation' : 'ai_training',
        acts[day]!,
      )
      if (n % 2 === 0) await say('device', `d${n}`, 'ai_training', n % 3 === 0 ? 'grant' : 'deny')
    }
  }
  await api.ledger.recordFact(api.organisationId, { namespace: 'user', id: '3' }, { act: 'erased' })
  nowMs = start + 30 * dayMs
  await api.decisions.catchUp()
})
afterAll(async () => {
  await api.close()
  rmSync(dir, { recursive: true, force: true })
})

function say(namespace: string, id: string, purpose: string, act: 'grant' | 'withdraw' | 'deny' | 'object') {
  return api.ledger.recordConsents(
    aConsent(api.organisationId, { subject: { namespace, id }, choices: [{ purpose, act }] }),
    null,
  )
}

async function sql(statement: string): Promise<readonly (readonly unknown[])[]> {
  const instance = await DuckDBInstance.create(':memory:')
  const duck = await instance.connect()
  await duck.run("SET TimeZone = 'UTC'")
  const rows = (await duck.runAndReadAll(statement)).getRowsJson()
  duck.closeSync()
  instance.closeSync()
  return rows
}

type Report = {
  records: number
  permitted: number
  unknown: number
  denied: Record<string, number>
  broken_total: number
  [member: string]: unknown
}

async function run(input: string, out: string, args: readonly string[]) {
  const report = join(dir, 'report.json')
  const all = [input, '--purpose', 'ai_training', '--out', out, '--report', report, ...args]
  const code = await filter(connection, all)
  return { code, report: JSON.parse(readFileSync(report, 'utf8')) as Report }
}

const asked = ['--subject', 'user:user_id', '--collected-at', 'at']
const times = [
  null,
  '1969-12-31T23:59:59.9995Z',
  '2025-12-31',
  ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((day) => [
    new Date(start + day * dayMs - 1).toISOString(),
    new Date(start + day * dayMs).toISOString(),
    new Date(start + day * dayMs + 3_600_000).toISOString().replace('.000Z', '.123456+00:00'),
  ]),
  '2031-01-01T00:00:00Z',
]
const people = [
  ...Array.from({ length: 62 }, (_, n) => String(n)),
  'é',
  '9007199254740993',
  'x,y',
  'q"z',
  'two\nlines',
  '007',
  null,
  '',
  'z'.repeat(513),
]
const records = people
  .flatMap((user_id) => times.map((at) => ({ user_id, at })))
  .map((each, n) => ({ n, ...each, device: `d${n % 64}` }))

const numbersIn = (path: string) =>
  sql(`SELECT n FROM '${path}' ORDER BY CAST(n AS INTEGER)`).then((rows) => rows.map(([n]) => Number(n)))

describe('a table', () => {
  test.each([
    { name: 'about one person', args: asked },
    { name: 'about two people', args: [...asked, '--subject', 'device:device'] },
    { name: 'about two people of one namespace', args: [...asked, '--subject', 'user:device'] },
    {
      name: 'with a category and a recipient',
      args: [...asked, '--category', 'prompts', '--recipient', 'x'],
    },
  ])('$name is filtered as the same records are in NDJSON', async ({ args }) => {
    const paths = ['in.ndjson', 'in.parquet', 'in.csv'].map((each) => join(dir, each))
    writeFileSync(paths[0]!, records.map((each) => `${JSON.stringify(each)}\n`).join(''))
    const read = `SELECT * FROM read_json('${paths[0]}', format = 'newline_delimited', columns = {'n': 'INTEGER', 'user_id': 'VARCHAR', 'at': 'VARCHAR', 'device': 'VARCHAR'})`
    await sql(`COPY (${read}) TO '${paths[1]}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`)
    await sql(`COPY (${read}) TO '${paths[2]}' (FORMAT csv)`)
    const outs = paths.map((path) => path.replace('in.', 'out.'))
    const results = []
    for (const [index, path] of paths.entries()) results.push(await run(path, outs[index]!, args))
    const [records_, parquet, csv] = results
    expect(records_!.code).toBe(3)
    for (const table of [parquet!, csv!]) {
      const { records: all, permitted, unknown, denied, broken_total } = records_!.report
      expect(table.report).toMatchObject({ records: all, permitted, unknown, broken_total })
      expect(table.report.denied).toEqual(denied)
      expect(table.code).toBe(3)
    }
    const kept = readFileSync(outs[0]!, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).n as number)
    expect(await numbersIn(outs[1]!)).toEqual(kept)
    expect(await numbersIn(outs[2]!)).toEqual(kept)
    if (args.length === asked.length) {
      expect(kept.length).toBeGreaterThan(100)
      expect(Object.keys(records_!.report.denied).length).toBeGreaterThanOrEqual(6)
    }
    expect(existsSync(join(dir, 'nothing'))).toBe(false)
  })
})
