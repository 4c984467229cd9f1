import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../api/testing/start-api.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'

let api: RunningApi
let dir: string
const at = (name: string) => join(dir, name)

beforeAll(async () => {
  if (!existsSync('dist/assent.js')) throw new Error('dist/assent.js is missing: npm test builds it')
  dir = mkdtempSync(join(tmpdir(), 'assent-verify-'))
  api = await startApi()
  await api.ledger.recordConsents(aConsent(api.organisationId), null)
  const headers = { Authorization: `Bearer ${await api.makeKey('snapshots:read')}` }
  const snapshot = await fetch(`${api.url}/v1/snapshots/ai_training?format=parquet`, { headers })
  writeFileSync(at('s.parquet'), Buffer.from(await snapshot.arrayBuffer()))
  const id = snapshot.headers.get('assent-snapshot-id')
  const signed = await fetch(`${api.url}/v1/snapshots/ai_training/${id}/signature`, { headers })
  writeFileSync(at('s.json'), await signed.text())
  writeFileSync(at('jwks.json'), await (await fetch(`${api.url}/.well-known/jwks.json`)).text())
  await api.close()
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

function verify(file: string, signature: string, keys: string) {
  return new Promise<{ code: number; told: string }>((resolve) => {
    // No server, no key, nothing of this machine's.
    const env = { PATH: process.env.PATH, NODE_ENV: 'test', ASSENT_DATA_DIR: dir } as const
    const args = ['verify-snapshot', at(file), at(signature), '--keys', at(keys)]
    execFile(join(process.cwd(), 'assent'), args, { env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, told: out + err }),
    )
  })
}

const jws = () => (JSON.parse(readFileSync(at('s.json'), 'utf8')) as { signature: string }).signature

describe('assent verify-snapshot', () => {
  test('knows the file that was signed, without a server', async () => {
    const { code, told } = await verify('s.parquet', 's.json', 'jwks.json')
    expect(told).toMatch(/^Signed: 1 rows for ai_training, made .*Z; go on in the change feed from 0:\d+/)
    expect(code).toBe(0)
    writeFileSync(at('s.jws'), jws())
    expect((await verify('s.parquet', 's.jws', 'jwks.json')).code).toBe(0)
  })

  test('believes neither another file, nor another statement, key, algorithm or kind of proof', async () => {
    const whole = readFileSync(at('s.parquet'))
    writeFileSync(at('short.parquet'), whole.subarray(1))
    writeFileSync(at('bent.parquet'), Buffer.concat([whole.subarray(0, 9), Buffer.of(1), whole.subarray(10)]))
    for (const file of ['short.parquet', 'bent.parquet']) {
      expect((await verify(file, 's.json', 'jwks.json')).code).toBe(1)
    }
    const [header, payload, signature] = jws().split('.') as [string, string, string]
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
    const forged: readonly [string, RegExp][] = [
      [[header, encode({ ...read(payload), purpose: 'ads' }), signature].join('.'), /does not hold/],
      [[encode({ ...read(header), alg: 'none' }), payload, ''].join('.'), /not a snapshot/],
      [[encode({ ...read(header), typ: 'JWT' }), payload, signature].join('.'), /not a snapshot/],
      [[encode({ ...read(header), kid: 'x' }), payload, signature].join('.'), /not among those given/],
      ['nothing', /no JWS/],
    ]
    for (const [text, why] of forged) {
      writeFileSync(at('forged.jws'), text)
      const { code, told } = await verify('s.parquet', 'forged.jws', 'jwks.json')
      expect(told).toMatch(why)
      expect(code).toBe(1)
    }
  })

  test('says how it is called', async () => {
    const { code, told } = await verify('s.parquet', 's.json', 'missing.json')
    expect(code).toBe(2)
    expect(told).toContain('missing.json')
  })
})
