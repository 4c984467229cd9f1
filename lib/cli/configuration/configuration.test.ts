import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../../api/testing/start-api.ts'

const program = join(process.cwd(), 'assent')
let api: RunningApi
let key: string
let dir: string
let file: string
beforeAll(async () => {
  if (!existsSync('dist/assent.js')) throw new Error('dist/assent.js is missing: npm test builds it')
  api = await startApi()
  key = await api.makeKey('config:read', 'config:write')
  dir = mkdtempSync(join(tmpdir(), 'assent-config-'))
  file = join(dir, 'config.yaml')
})
afterAll(async () => {
  await api.close()
  rmSync(dir, { recursive: true, force: true })
})

type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

function run(args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { ...process.env, ASSENT_URL: api.url, ASSENT_API_KEY: key }
    const child = spawn(program, args, { env })
    let [out, err] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text
    })
    child.on('close', (code) => resolve({ code, out, err }))
    child.stdin.end(input)
  })
}

async function exported(): Promise<string> {
  const { code, out } = await run(['export'])
  expect(code).toBe(0)
  return out
}

/** The released items, by kind and key. */
async function itemsOf(id: string): Promise<readonly string[]> {
  const shown = await fetch(`${api.url}/v1/releases/${id}`, { headers: { Authorization: `Bearer ${key}` } })
  const { items } = (await shown.json()) as { items: { kind: string; key: string }[] }
  return items.map((item) => `${item.kind} ${item.key}`)
}

describe('the configuration as a file', () => {
  test('what is exported differs in nothing from what is in force', async () => {
    const text = await exported()
    expect(await exported()).toBe(text)
    writeFileSync(file, text)
    expect(await run(['plan', file, '--exit-code'])).toMatchObject({ code: 0, out: 'No changes.\n' })
    expect(await run(['plan', '-'], text)).toMatchObject({ code: 0, out: 'No changes.\n' })
    expect(await run(['apply', file])).toMatchObject({ code: 0, out: 'No changes.\n' })
  })

  test('one German word is one line, and applying opens a release with that notice alone', async () => {
    const text = await exported()
    const changed = text.replace('Was wir mit Ihren Daten tun', 'Was wir mit Ihren Angaben tun')
    expect(changed).not.toBe(text)
    writeFileSync(file, changed)
    const planned = await run(['plan', file, '--exit-code'])
    expect(planned.code).toBe(1)
    const lines = planned.out.trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^~ notice starter \d+ → \d+$/)
    expect(lines[1]).toMatch(/^ {4}\/texts\/de\/title: .*\[-Daten-\]\{\+Angaben\+\}/)
    const applied = await run(['apply', file, '--title', 'A word', '--json'])
    expect(applied.code).toBe(0)
    const { id } = JSON.parse(applied.out) as { id: string }
    expect(await itemsOf(id)).toEqual(['notice starter'])
    // Nothing is in force that was not before.
    expect(await exported()).toBe(text)
  })

  test('what could not be published is said, all of it, and ends with 2', async () => {
    const text = await exported()
    const at = text.indexOf('basis: consent', text.indexOf('- key: ai_training\n'))
    expect(at).toBeGreaterThan(0)
    writeFileSync(file, `${text.slice(0, at)}basis: contract${text.slice(at + 'basis: consent'.length)}`)
    const planned = await run(['plan', file])
    expect(planned.code).toBe(2)
    expect(planned.out).toContain('It could not be published as it is:')
    expect(planned.out).toMatch(/ai_training \/basis: .*never essential/)
  })

  test.each([
    { name: 'no YAML', text: 'purposes: [', said: /config\.yaml: .* at line 1/ },
    { name: 'a key given twice', text: 'purposes: []\npurposes: []\n', said: /unique/ },
    { name: 'an unknown section', text: 'porpoises: []\n', said: /there is no section porpoises/ },
    { name: 'a list that is none', text: 'purposes: 3\n', said: /purposes must be a list/ },
    {
      name: 'a definition without a key',
      text: 'purposes:\n  - name: x\n',
      said: /purposes\[0\] must have a key/,
    },
    { name: 'an alias', text: 'purposes: &a []\nnotices: *a\n', said: /alias/i },
    { name: 'nothing', text: '', said: /must be a mapping/ },
  ])('$name is refused with words, and 2', async ({ text, said }) => {
    writeFileSync(file, text)
    const { code, err } = await run(['plan', file])
    expect(err).toMatch(said)
    expect(code).toBe(2)
  })

  test('a file that is not there, or two of them, is 2', async () => {
    expect(await run(['plan', join(dir, 'none.yaml')])).toMatchObject({ code: 2 })
    expect(await run(['plan'])).toMatchObject({ code: 2, err: expect.stringContaining('Name one file.') })
    expect(await run(['export', 'x'])).toMatchObject({ code: 2 })
  })
})
