import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
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

async function run(input: string, out: string, args: readonly string[], to = connection) {
  const report = join(dir, 'report.json')
  const purpose = args.includes('--purpose') ? [] : ['--purpose', 'ai_training']
  const all = [input, ...purpose, '--out', out, '--report', report, ...args]
  const code = await filter(to, all)
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
/** What publishers said: nothing, yes, no, and what is no field at all and so says nothing. */
const statements = [null, 'train-ai=y', 'train-ai=n', '', 'train-ai=n;(', 'search=n, train-ai=n', 'é']
const records = people
  .flatMap((user_id) => times.map((at) => ({ user_id, at })))
  .map((each, n) => ({ n, ...each, device: `d${n % 64}`, usage: statements[n % statements.length] }))

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
    { name: 'with what publishers said', args: [...asked, '--content-usage', 'usage'] },
  ])('$name is filtered as the same records are in NDJSON', async ({ args }) => {
    const paths = ['in.ndjson', 'in.parquet', 'in.csv'].map((each) => join(dir, each))
    writeFileSync(paths[0]!, records.map((each) => `${JSON.stringify(each)}\n`).join(''))
    const read = `SELECT * FROM read_json('${paths[0]}', format = 'newline_delimited', columns = {'n': 'INTEGER', 'user_id': 'VARCHAR', 'at': 'VARCHAR', 'device': 'VARCHAR', 'usage': 'VARCHAR'})`
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
    if (args.includes('--content-usage')) {
      const heeded = kept.every((n) => !/^(search=n, )?train-ai=n$/.test(records[n]?.usage ?? ''))
      expect([heeded, records_!.report.denied.content_usage_disallowed]).toEqual([true, expect.any(Number)])
    }
    if (args.length === asked.length) {
      expect(kept.length).toBeGreaterThan(100)
      expect(Object.keys(records_!.report.denied).length).toBeGreaterThanOrEqual(6)
    }
    expect(existsSync(join(dir, 'nothing'))).toBe(false)
  })

  test('may list what several publishers said; one no is enough, and a number is none', async () => {
    await say('user', 'reader', 'ai_training', 'grant')
    const path = join(dir, 'lists.parquet')
    const said = `(VALUES (1, ['train-ai=y', 'train-ai=n']), (2, ['train-ai=y']), (3, []), (4, NULL)) t(n, said)`
    const row = `n, 'reader' AS user_id, '${new Date(nowMs).toISOString()}' AS "at"`
    await sql(`COPY (SELECT ${row}, said FROM ${said}) TO '${path}' (FORMAT parquet)`)
    const out = join(dir, 'lists-out.parquet')
    const all = await run(path, out, asked)
    const heeded = await run(path, out, [...asked, '--content-usage', 'said'])
    expect(all.report.permitted).toBe(heeded.report.permitted + 1)
    expect(heeded.report.denied).toMatchObject({ content_usage_disallowed: 1 })
    expect(await numbersIn(out)).toEqual([2, 3, 4])
    await expect(
      filter(connection, [path, '--purpose', 'ai_training', ...asked, '--content-usage', 'n']),
    ).rejects.toThrow('a text, or a list of texts')
  })
})

/** Runs `meanwhile` once, or each time, when a filter that has read everything asks what was recorded since. */
async function withSomethingRecorded(
  meanwhile: () => Promise<unknown>,
  work: (url: string) => Promise<void>,
  { isOnce = true } = {},
): Promise<void> {
  let isDone = false
  const proxy = createServer(async (incoming, response) => {
    const isCheck = incoming.url?.startsWith('/v1/changes') && !incoming.url.includes('after=0%3A0&limit=1')
    if (isCheck && !incoming.url?.includes('after=0:0') && !(isOnce && isDone)) {
      isDone = true
      await meanwhile()
    }
    const { method, url, headers } = incoming
    const outgoing = request(api.url + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    incoming.pipe(outgoing)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  try {
    await work(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
    expect(isDone).toBe(true)
  } finally {
    proxy.closeAllConnections()
    proxy.close()
  }
}

const permittedAt = new Date(start + 20 * dayMs).toISOString()
const idsIn = async (path: string) =>
  (await sql(`SELECT DISTINCT CAST(user_id AS VARCHAR) FROM '${path}' ORDER BY 1`)).map(([id]) => String(id))

describe('what is recorded while a table is filtered', () => {
  test.each(['parquet', 'csv', 'ndjson'])(
    'whoever takes her yes back meanwhile is not in the %s output',
    async (format) => {
      for (const id of ['stays', `leaves_${format}`]) await say('user', id, 'ai_training', 'grant')
      const at = new Date(nowMs).toISOString()
      const input = join(dir, `race.${format}`)
      const copy = { parquet: 'parquet', csv: 'csv', ndjson: 'json' }[format]
      await sql(
        `COPY (SELECT * FROM (VALUES ('stays', '${at}'), ('leaves_${format}', '${at}'), ('nobody', '${at}')) t(user_id, "at")) TO '${input}' (FORMAT ${copy})`,
      )
      const out = join(dir, `race-out.${format}`)
      await withSomethingRecorded(
        () => say('user', `leaves_${format}`, 'ai_training', 'withdraw'),
        async (url) => {
          const { report } = await run(input, out, asked, { ...connection, url })
          expect(report).toMatchObject({ permitted: 1, records: 3, removed_since: 1 })
          expect(report.denied).toEqual({ consent_withdrawn: 1, never_asked: 1 })
        },
      )
      expect(await idsIn(out)).toEqual(['stays'])
    },
  )

  test('records are filtered to an end on a site where somebody in them always changes her mind', async () => {
    const ids = Array.from({ length: 40 }, (_, n) => `busy_${n}`)
    for (const id of ids) await say('user', id, 'ai_training', 'grant')
    const at = new Date(nowMs).toISOString()
    const input = join(dir, 'busy.ndjson')
    // Numbers, escapes and lists are found again too, and a last line without its end.
    const lines = ids.map((id) =>
      JSON.stringify({ people: [{ id }, { id: 'busy_0' }], at, text: `of ${id}` }),
    )
    writeFileSync(input, lines.join('\n').replace('busy_37', '\\u0062usy_37'))
    const out = join(dir, 'busy-out.ndjson')
    let next = ids.length
    await withSomethingRecorded(
      () => say('user', `busy_${--next}`, 'ai_training', 'withdraw'),
      async (url) => {
        const args = ['--subject', 'user:people[].id', '--collected-at', 'at']
        const { code, report } = await run(input, out, args, { ...connection, url })
        expect(code).toBe(0)
        const left = ids.length - next
        expect(left).toBeGreaterThan(5)
        expect(report).toMatchObject({ records: 40, permitted: 40 - left, removed_since: left })
        expect(report.denied).toEqual({ consent_withdrawn: left })
      },
      { isOnce: false },
    )
    const want = readFileSync(input, 'utf8').split('\n').slice(0, next)
    expect(readFileSync(out, 'utf8')).toBe(`${want.join('\n')}\n`)
  })

  test.each(['parquet', 'ndjson'])(
    'whoever says her first no meanwhile, where a yes is not needed, is not in the %s output either',
    async (format) => {
      const id = `first_no_${format}`
      const input = join(dir, `opt-out.${format}`)
      const copy = format === 'ndjson' ? 'json' : format
      await sql(`COPY (SELECT '${id}' AS user_id, '${permittedAt}' AS "at") TO '${input}' (FORMAT ${copy})`)
      const out = join(dir, `opt-out-result.${format}`)
      const args = ['--purpose', 'service', '--property', 'demo', ...asked]
      expect((await run(input, out, args)).report).toMatchObject({ permitted: 1, unknown: 1 })
      await withSomethingRecorded(
        () => say('user', id, 'service', 'object'),
        async (url) => {
          const { report } = await run(input, out, args, { ...connection, url })
          expect(report).toMatchObject({ permitted: 0, denied: { objected: 1 }, removed_since: 1 })
        },
      )
    },
  )
})

describe('what a table is', () => {
  test('whole numbers of 64 bits are ids exactly', async () => {
    await say('user', '9007199254740993', 'ai_training', 'grant')
    const at = new Date(nowMs).toISOString()
    const input = join(dir, 'wide.parquet')
    await sql(
      `COPY (SELECT id AS user_id, TIMESTAMPTZ '${at}' AS "at" FROM (VALUES (9007199254740992), (9007199254740993), (9007199254740994)) t(id)) TO '${input}' (FORMAT parquet)`,
    )
    const out = join(dir, 'wide-out.parquet')
    expect((await run(input, out, asked)).report.permitted).toBe(1)
    expect(await idsIn(out)).toEqual(['9007199254740993'])
    const { columns } = { columns: await sql(`DESCRIBE SELECT * FROM '${out}'`) }
    expect(columns.map(([column, type]) => `${column} ${type}`)).toEqual([
      'user_id BIGINT',
      'at TIMESTAMP WITH TIME ZONE',
    ])
    // As CSV and NDJSON the number and the instant are texts that can be read again.
    for (const format of ['csv', 'ndjson']) {
      const text = join(dir, `wide-out.${format}`)
      await run(input, text, asked)
      expect(readFileSync(text, 'utf8')).toContain('9007199254740993')
      const again = await run(text, join(dir, `wide-again.${format}`), asked)
      expect(again.report).toMatchObject({ records: 1, permitted: 1 })
    }
  })

  test.each(['mark', 'two\nmarks'])('U+FEFF before %j makes another id of it, not the same', async (id) => {
    await say('user', id, 'ai_training', 'grant')
    const at = new Date(nowMs).toISOString()
    const input = join(dir, 'marked.parquet')
    const ids = `('${id}'), (chr(65279) || '${id}')`
    await sql(
      `COPY (SELECT id AS user_id, TIMESTAMPTZ '${at}' AS "at" FROM (VALUES ${ids}) t(id)) TO '${input}' (FORMAT parquet)`,
    )
    const out = join(dir, 'marked-out.parquet')
    expect((await run(input, out, asked)).report).toMatchObject({ permitted: 1, denied: { never_asked: 1 } })
    expect(await sql(`SELECT length(user_id)::integer FROM '${out}'`)).toEqual([[id.length]])
  })

  test('partitions stay partitions; a directory that holds something is left alone', async () => {
    await say('user', '007', 'ai_training', 'grant')
    const at = new Date(nowMs).toISOString()
    const input = join(dir, 'parts')
    await sql(
      `COPY (SELECT '0' || (i % 2) AS region, CASE WHEN i < 4 THEN '007' ELSE '70' END AS user_id, '${at}' AS "at", i FROM range(8) t(i)) TO '${input}' (FORMAT parquet, PARTITION_BY (region))`,
    )
    const out = `${join(dir, 'parts-out')}/`
    const { report } = await run(input, out, asked)
    expect(report).toMatchObject({ records: 8, permitted: 4 })
    expect(readdirSync(out).sort()).toEqual(['region=00', 'region=01'])
    expect((report.output as { files: unknown[] }).files).toHaveLength(2)
    await expect(run(input, out, asked)).rejects.toThrow('not empty')
    const byRegion = await run(`${input}/region=00/*.parquet`, join(dir, 'one.parquet'), asked)
    expect(byRegion.report).toMatchObject({ records: 4, permitted: 2 })
  })

  test('a CSV keeps its form and every value as it was written; a line that is no row is left out and counted', async () => {
    const at = new Date(nowMs).toISOString()
    const input = join(dir, 'form.csv')
    const lines = [`007;"${at}";"a;b";1.50;`, `80;${at};x;2;`, `007;${at};"";0x;""`]
    writeFileSync(input, `user_id;at;text;n;none\n${lines.join('\n')}\n1;2\n`)
    const out = join(dir, 'form-out.csv')
    const { code, report } = await run(input, out, asked)
    expect({ code, ...report }).toMatchObject({ code: 3, records: 4, permitted: 2, broken_total: 1 })
    expect(readFileSync(out, 'utf8')).toBe(
      `user_id;at;text;n;none\n007;${at};"a;b";1.50;\n007;${at};"";0x;""\n`,
    )
  })

  test('what was denied is written with its reason', async () => {
    const at = new Date(nowMs).toISOString()
    const input = join(dir, 'denied-in.parquet')
    await sql(
      `COPY (SELECT * FROM (VALUES ('007', '${at}'), ('nobody', '${at}'), (NULL, '${at}'), ('007', NULL)) t(user_id, "at")) TO '${input}' (FORMAT parquet)`,
    )
    const denied = join(dir, 'denied.csv')
    await run(input, join(dir, 'denied-out.parquet'), [...asked, '--denied', denied])
    expect(readFileSync(denied, 'utf8').split('\n').sort().filter(Boolean)).toEqual([
      `,${at},subject_missing`,
      '007,,collected_at_required',
      `nobody,${at},never_asked`,
      'user_id,at,reason',
    ])
  })

  test.each(['parquet', 'ndjson'])(
    'data collected now needs no time, but a reason, which the report keeps (%s)',
    async (format) => {
      const input = join(dir, `now.${format}`)
      await sql(
        `COPY (SELECT * FROM (VALUES ('007'), ('nobody')) t(user_id)) TO '${input}' (FORMAT ${format === 'ndjson' ? 'json' : format})`,
      )
      const out = join(dir, `now-out.${format}`)
      const args = ['--subject', 'user:user_id', '--collected-now']
      const { report } = await run(input, out, [...args, 'typed into the form a second ago'])
      expect(report).toMatchObject({ permitted: 1, waiver: { reason: 'typed into the form a second ago' } })
      expect(await idsIn(out)).toEqual(['007'])
      if (format === 'ndjson')
        expect(readFileSync(out, 'utf8')).toBe(`${readFileSync(input, 'utf8').split('\n')[0]}\n`)
      await expect(run(input, out, [...args, ' '])).rejects.toThrow('reason in words')
    },
  )

  test('a guard leaves nothing behind, and a slip of the namespace gets a hint', async () => {
    const input = join(dir, 'devices.parquet')
    await sql(
      `COPY (SELECT 'd' || (2 * i) AS user_id, '${permittedAt}' AS "at" FROM range(20) t(i)) TO '${input}' (FORMAT parquet)`,
    )
    const out = join(dir, 'devices-out.parquet')
    await expect(run(input, out, [...asked, '--max-unknown', '5%'])).rejects.toMatchObject({ exitCode: 4 })
    expect(existsSync(out)).toBe(false)
    expect(readdirSync(dir).filter((name) => name.endsWith('.part'))).toEqual([])
    const { report } = await run(input, out, asked)
    expect(report.hints).toEqual([
      expect.stringMatching(/^20 of 20 ids unknown in `user`; \d+ known in `device`$/),
    ])
  })

  test.each([
    {
      name: 'a fraction as an id',
      select: '1.5::DOUBLE AS user_id, \'2026-01-01\' AS "at"',
      message: 'DOUBLE',
    },
    {
      name: 'a column that is not there',
      select: "'a' AS uid, '2026-01-01' AS \"at\"",
      message: 'The columns are: uid, at.',
    },
    {
      name: 'a time without a zone',
      select: "'a' AS user_id, TIMESTAMP '2026-01-01' AS \"at\"",
      message: '--timezone',
    },
    { name: 'a number as a time', select: '\'a\' AS user_id, 17 AS "at"', message: '--unit' },
  ])('$name is refused, in words', async ({ select, message }) => {
    const input = join(dir, 'refused.parquet')
    await sql(`COPY (SELECT ${select}) TO '${input}' (FORMAT parquet)`)
    const refused = run(input, join(dir, 'refused-out.parquet'), asked)
    await expect(refused).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(message) })
  })

  test('a key that may not read the feed is told so before anything is read', async () => {
    const key = await api.makeKey('decisions:read')
    const refused = run(join(dir, 'in.parquet'), join(dir, 'never.parquet'), asked, { ...connection, key })
    await expect(refused).rejects.toMatchObject({ code: 'scope_missing' })
  })

  test('members of a column and a directory as the output of another run', async () => {
    const at = new Date(nowMs).toISOString()
    mkdirSync(join(dir, 'nested'))
    await sql(
      `COPY (SELECT {'id': '007', 'at': TIMESTAMPTZ '${at}'} AS who) TO '${join(dir, 'nested/a.parquet')}' (FORMAT parquet)`,
    )
    const args = ['--subject', 'user:who.id', '--collected-at', 'who.at']
    expect((await run(join(dir, 'nested'), join(dir, 'nested.parquet'), args)).report.permitted).toBe(1)
  })
})
