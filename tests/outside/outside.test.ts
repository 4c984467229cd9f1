import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeBootstrapKey, startServer } from '../running-server.ts'

const watch = join(import.meta.dirname, 'watch.cjs')
let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'assent-outside-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

type Contact = { readonly kind: string; readonly target: string }

const contactsOf = (file: string): readonly Contact[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Contact)

/** Another machine's, by name or address; a path is a local socket. */
const isOutside = ({ target }: Contact) =>
  !/^(localhost|127\.\d+\.\d+\.\d+|::1|0\.0\.0\.0|::|\/.*)$/.test(target)

test('what is watched for is seen', () => {
  const file = join(dir, 'seen')
  const reach = `
    const fail = () => undefined
    require('node:net').connect({ host: '192.0.2.1', port: 9 }).on('error', fail).destroy()
    fetch('http://assent.invalid/').catch(fail)
    const socket = require('node:dgram').createSocket('udp4')
    socket.on('error', fail).send('x', 9, '192.0.2.2', () => socket.close())`
  execFileSync(process.execPath, ['--require', watch, '--eval', reach], {
    env: { ...process.env, ASSENT_WATCH_FILE: file },
  })
  const targets = contactsOf(file)
    .filter(isOutside)
    .map(({ target }) => target)
  expect(new Set(targets)).toEqual(new Set(['192.0.2.1', 'assent.invalid', '192.0.2.2']))
})

test('a server with nothing configured sends nothing outside, from its start to its end', async () => {
  const file = join(dir, 'contacts')
  const key = makeBootstrapKey()
  const server = await startServer(join(dir, 'data'), key, {
    NODE_OPTIONS: `--require ${watch}`,
    ASSENT_WATCH_FILE: file,
    ASSENT_SEED: 'demo',
  })
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${server.url}${path}`, {
      ...{ method, headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    await answer.arrayBuffer()
    return answer.status
  }
  // Pages come a moment after answers.
  for (let waitedMs = 0; waitedMs < 60_000 && (await call('GET', '/')) === 502; waitedMs += 250)
    await delay(250)
  const pages = ['/', '/demo', '/p/demo', '/docs', '/admin/sign-in', '/admin', '/banner.js', '/openapi.json']
  for (const path of pages) expect(await call('GET', path), path).toBeLessThan(400)
  const subject = 'user:alice'
  expect(
    await call('POST', '/v1/consents', { subject, choices: [{ purpose: 'analytics', act: 'deny' }] }),
  ).toBe(201)
  expect(await call('POST', '/v1/check', { subject, purpose: 'analytics' })).toBe(200)
  expect(await call('GET', '/v1/evidence?limit=5')).toBe(200)
  // What runs by itself now and then has begun.
  await delay(3_000)
  await server.stop()
  const contacts = contactsOf(file)
  expect(contacts.length).toBeGreaterThan(0)
  expect(contacts.filter(isOutside)).toEqual([])
})
