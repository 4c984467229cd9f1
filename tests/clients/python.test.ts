import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../../lib/api/testing/start-api.ts'
import { aConsent } from '../../lib/storage/ledger/testing/start-ledger.ts'

const home = join(process.cwd(), 'clients/python')
let api: RunningApi
let env: Record<string, string>
beforeAll(async () => {
  api = await startApi()
  const { ledger, organisationId } = api
  const say = (id: string) =>
    ledger.recordConsents(aConsent(organisationId, { subject: { namespace: 'user', id } }), null)
  const device = (id: string) => ({ namespace: 'device', id })
  for (const id of ['many', 'linked', 'erased']) await say(id)
  // Each link and its end is a time from which data is decided otherwise.
  for (let n = 0; n < 4; n++) {
    for (const each of [`a${n}`, `b${n}`]) {
      await ledger.linkSubjects(organisationId, { namespace: 'user', id: 'many' }, device(each))
    }
    for (const each of [`a${n}`, `b${n}`]) {
      await ledger.unlinkSubjects(organisationId, { namespace: 'user', id: 'many' }, device(each))
    }
  }
  await ledger.linkSubjects(organisationId, { namespace: 'user', id: 'linked' }, device('c'))
  await ledger.recordFact(organisationId, { namespace: 'user', id: 'erased' }, { act: 'erased' })
  env = {
    ASSENT_URL: api.url,
    ASSENT_API_KEY: await api.makeKey('decisions:read', 'changes:read'),
    ASSENT_TEST_DECISIONS_KEY: await api.makeKey('decisions:read'),
    ASSENT_TEST_WRITE_KEY: await api.makeKey('consents:write'),
  }
})
afterAll(() => api.close())

/** Runs the client's own tests; what they skipped is printed with its reason. */
async function unittest(python: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(python, ['-m', 'unittest', '-v'], {
    cwd: home,
    env: { ...process.env, ...env, PYTHONDONTWRITEBYTECODE: '1' },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve))
  for (const line of output.split('\n')) if (/ skipped /.test(line)) console.log(`${python}: ${line}`)
  return { code, output }
}

const isThere = (python: string) =>
  spawnSync(python, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))'])
/** The machine’s, Debian’s with its pandas, and one that ASSENT_TEST_PYTHON names. */
const given = process.env.ASSENT_TEST_PYTHON
const pythons = ['python3', '/usr/bin/python3', ...(given ? [given] : [])].filter((python, n, all) => {
  const { status } = isThere(python)
  if (status !== 0) console.log(`${python} is not there, or older than 3.9: its tests are skipped`)
  return status === 0 && all.indexOf(python) === n
})

describe('the Python client', () => {
  test.each(pythons)('passes its tests under %s, against a running server', async (python) => {
    const { code, output } = await unittest(python)
    if (code !== 0) console.log(output)
    expect(code).toBe(0)
    expect(output).toMatch(/Ran \d\d tests/)
  })

  test.runIf(pythons.length === 0)('is not tested here: no Python was found', () => {})
})
