import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../api/testing/start-api.ts'

const program = join(process.cwd(), 'assent')
let api: RunningApi
let key: string
let dir: string
beforeAll(async () => {
  if (!existsSync('dist/assent.js')) throw new Error('dist/assent.js is missing: npm test builds it')
  api = await startApi()
  key = await api.makeKey('decisions:read', 'changes:read')
  dir = mkdtempSync(join(tmpdir(), 'assent-cli-'))
  await api.call('POST', '/v1/consents', {
    subject: 'user:alice',
    property: 'demo',
    notice: { key: 'starter', version: 1, locale: 'en' },
    evidence: { method: 'form' },
    choices: [{ purpose: 'ai_training', act: 'grant' }],
  })
})
afterAll(async () => {
  await api.close()
  rmSync(dir, { recursive: true, force: true })
})

type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

function run(args: readonly string[], options: { url?: string; input?: string } = {}): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: { ...process.env, ASSENT_URL: options.url ?? api.url, ASSENT_API_KEY: key },
    })
    let out = ''
    let err = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    child.on('close', (code) => resolve({ code, out, err }))
    child.stdin.end(options.input ?? '')
  })
}

const now = () => new Date().toISOString()
const filterArgs = ['--purpose', 'ai_training', '--subject', 'user:user_id', '--collected-at', 'at']
const record = (user: string) => `{"user_id":"${user}","at":"${now()}"}\n`

describe('assent check and explain', () => {
  test('yes is 0, no is 1', async () => {
    const yes = await run(['check', 'user:alice', 'ai_training'])
    expect(yes.code).toBe(0)
    expect(yes.out).toMatch(/^yes {2}consent_given {2}Consented /)
    const no = await run(['check', 'user:bob', 'ai_training'])
    expect(no.code).toBe(1)
    expect(no.out).toMatch(/^no {2}never_asked/)
  })

  test('explain prints the rows in order, with what each saw', async () => {
    const { code, out } = await run(['explain', 'user:bob', 'ai_training'])
    expect(code).toBe(1)
    const rows = out.split('\n').filter((line) => /^ ?\d+ /.test(line))
    expect(rows.map((line) => line.slice(0, 4).trim())).toEqual(
      Array.from({ length: 15 }, (_, row) => `${row} ${row < 8 ? '✓' : row === 8 ? '✗' : '·'}`),
    )
    expect(rows[8]).toContain('no grant stands')
  })

  test('what cannot be read is 2, with the usage', async () => {
    for (const args of [
      [],
      ['check'],
      ['check', 'user:a', 'b', 'c'],
      ['check', 'user:a', 'b', '--what'],
      ['dance'],
    ]) {
      const { code, err, out } = await run(args)
      expect(code).toBe(2)
      expect(err + out).toContain('assent check')
    }
    expect((await run(['check', 'alice', 'ai_training'])).code).toBe(2)
  })

  test('a server that is away is 5', async () => {
    const { code, err } = await run(['check', 'user:a', 'b'], { url: 'http://127.0.0.1:9' })
    expect(code).toBe(5)
    expect(err).toContain('cannot be reached')
  })
})

describe('assent filter', () => {
  test('writes the permitted lines aside and renames them when they are complete, with a report', async () => {
    const [input, out, report] = ['in.ndjson', 'ok.ndjson', 'run.json'].map((name) => join(dir, name))
    const alice = record('alice')
    writeFileSync(input!, `${alice}${record('bob')}${alice}`)
    const { code, err } = await run(['filter', input!, ...filterArgs, '--out', out!, '--report', report!])
    expect({ code, err }).toMatchObject({
      code: 0,
      err: expect.stringContaining('2 of 3 records may be used.'),
    })
    expect(readFileSync(out!, 'utf8')).toBe(alice + alice)
    const written = JSON.parse(readFileSync(report!, 'utf8'))
    expect(written).toMatchObject({
      complete: true,
      records: 3,
      permitted: 2,
      unknown: 1,
      denied: { never_asked: 1 },
    })
    expect(written.output.sha256).toBe(written.sha256_out)
    expect(readdirSync(dir).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  test('reads standard input and writes standard output', async () => {
    const alice = record('alice')
    const { code, out } = await run(['filter', '-', ...filterArgs], { input: alice + record('bob') })
    expect({ code, out }).toEqual({ code: 0, out: alice })
  })

  test('broken lines are left out, named, and 3', async () => {
    const { code, out, err } = await run(['filter', '-', ...filterArgs], {
      input: `nonsense\n${record('bob')}`,
    })
    expect({ code, out }).toEqual({ code: 3, out: '' })
    expect(err).toContain('line 1: not_json')
  })

  test('a guard that trips writes nothing and is 4', async () => {
    const out = join(dir, 'guarded.ndjson')
    const { code, err } = await run(['filter', '-', ...filterArgs, '--out', out, '--max-unknown', '5%'], {
      input: record('alice') + record('bob'),
    })
    expect({ code, isThere: existsSync(out) }).toEqual({ code: 4, isThere: false })
    expect(err).toContain('1 of 2 records')
  })

  test('a purpose nobody knows is 2; a cut connection is 5 and leaves nothing', async () => {
    const args = ['--purpose', 'x', '--subject', 'user:user_id', '--collected-at', 'at']
    expect((await run(['filter', '-', ...args], { input: record('a') })).code).toBe(2)
    // Answers the head of a filter and half a line, then cuts the connection.
    const half = createServer((socket) => {
      socket.once('data', () => {
        socket.write(
          'HTTP/1.1 200 OK\r\nAssent-Filter-Id: flt_x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n',
        )
        setTimeout(() => socket.destroy(), 50)
      })
      socket.on('error', () => undefined)
    })
    await new Promise<void>((resolve) => half.listen(0, '127.0.0.1', resolve))
    const { port } = half.address() as AddressInfo
    const out = join(dir, 'cut.ndjson')
    const { code } = await run(['filter', '-', ...filterArgs, '--out', out], {
      url: `http://127.0.0.1:${port}`,
      input: record('a'),
    })
    half.close()
    expect({ code, isThere: existsSync(out) }).toEqual({ code: 5, isThere: false })
    expect(readdirSync(dir).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})
