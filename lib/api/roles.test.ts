import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../auth/member-store.ts'
import { type Scope, scopes } from '../auth/scopes.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { rowsOfPeople } from './testing/roles-people.ts'
import { rowsOfRooms } from './testing/roles-rooms.ts'
import { type Acting, type Asked, type RoleRow, rowsOfRoles } from './testing/roles-table.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

const rows: Readonly<Record<string, RoleRow>> = { ...rowsOfRoles, ...rowsOfPeople, ...rowsOfRooms }
const roles: readonly Role[] = ['owner', 'officer', 'auditor', 'developer']

let api: RunningApi
let everything: string
let mine: Acting
let theirs: Acting
const made = new Map<string, Promise<string>>()
const sessions = new Map<string, Record<string, string>>()

beforeAll(async () => {
  api = await startApi()
  everything = await keyWith(...scopes)
  const other = await otherOrganisation(api)
  mine = actingWith(everything, 'user:alice')
  theirs = actingWith(other.key, 'user:theirs')
  for (const [organisationId, id] of [
    [api.organisationId, 'alice'],
    [other.organisationId, 'theirs'],
  ] as const) {
    await api.ledger.recordConsents(aConsent(organisationId, { subject: { namespace: 'user', id } }), null)
  }
  for (const role of roles) {
    const session = await api.signInAs(role)
    sessions.set(role, session)
    // Who may look at people says why first.
    const asked = { subject: 'user:alice', reason: { why: 'audit' } }
    await send('POST', '/v1/subjects/lookup', session, asked)
  }
  // Two people who may approve are there: keys would not publish by themselves.
  const alone = { path: '/v1/settings/publication', body: { four_eyes: 'off' } }
  await send('PUT', alone.path, sessions.get('owner')!, alone.body)
})
afterAll(() => api.close())

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` })

function keyWith(...wanted: readonly Scope[]): Promise<string> {
  const name = wanted.join(' ')
  const key = made.get(name) ?? api.makeKey(...wanted)
  made.set(name, key)
  return key
}

const send = (method: string, path: string, headers: Record<string, string>, body?: unknown) =>
  fetch(api.url + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  })

function actingWith(key: string, subject: string): Acting {
  return {
    subject,
    store: () => api.usage.flush(),
    call: (method, path, body, headers = {}) => send(method, path, { ...bearer(key), ...headers }, body),
  }
}

/** Status, stable code where it is a problem, and the text itself. */
async function tryOut(name: string, row: RoleRow, asked: Asked, headers: Record<string, string>) {
  const method = name.split(' ')[0]!
  const response = await send(method, asked.path, { ...row.headers, ...headers }, asked.body)
  const text = await response.text()
  const isProblem = response.headers.get('content-type') === 'application/problem+json'
  return { status: response.status, code: isProblem ? JSON.parse(text).code : null, text }
}

/**
 * Who may do what, tried for real: every route that the API declares, by every role, by keys with and without its
 * scope, and by nobody. A route without a row fails, so that none comes in without saying who may call it.
 */
describe('who may do what', () => {
  test('is said for every route of the API, and for nothing beside', () => {
    const declared = new Set(api.routes.filter((route) => !route.startsWith('OPTIONS ')))
    expect([...declared].sort()).toEqual(Object.keys(rows).sort())
  })

  describe.each(Object.entries(rows))('%s', (name, row) => {
    const { access } = row
    const answered = { status: row.status, code: row.code ?? null }
    const run = async (headers: Record<string, string>) => tryOut(name, row, await row.ask(mine), headers)

    if (access === 'anyone') {
      test('by anyone', async () => {
        expect(await run({})).toMatchObject({ status: row.status })
      })
      return
    }

    if (access === 'web') {
      test('by the web process alone: to others there is nothing', async () => {
        for (const headers of [{}, bearer(everything)]) {
          expect(await run(headers)).toEqual(await tryOut(name, row, { path: '/v1/nowhere' }, headers))
        }
      })
      return
    }

    test('not without a credential, nor by the pages without a live session', async () => {
      expect(await run({})).toMatchObject({ status: 401, code: 'key_missing' })
      for (const session of [{}, { 'Assent-Session': 'x'.repeat(43) }]) {
        const got = await run({ ...bearer(api.internalToken), ...session })
        if (access.roles.length > 0) expect(got).toMatchObject({ status: 401, code: 'token_expired' })
        else expect([401, 403]).toContain(got.status)
      }
    })

    test.each(roles)('by a member who is %s: as her role says', async (role) => {
      const got = await run(sessions.get(role)!)
      if (access.roles.includes(role)) expect(got).toMatchObject(answered)
      else if (row.isRaw) expect(got).toMatchObject({ status: 401, code: 'key_unknown' })
      else expect(got).toMatchObject({ status: 403, code: 'scope_missing' })
    })

    test('by a key with its scope, not by one with every other', async () => {
      const { scope } = access
      if (scope === null) {
        expect(await run(bearer(everything))).toMatchObject({ status: 403, code: 'scope_missing' })
        return
      }
      if (row.isForMembers) {
        expect(await run(bearer(everything))).toMatchObject({ status: 403, code: 'scope_missing' })
        return
      }
      const right = await keyWith(scope, ...(row.alsoNeeds ?? []))
      expect(await run(bearer(right))).toMatchObject(answered)
      if (access.or !== undefined) expect(await run(bearer(await keyWith(access.or)))).toMatchObject(answered)
      const wrong = await keyWith(...scopes.filter((each) => each !== scope && each !== access.or))
      expect(await run(bearer(wrong))).toMatchObject({ status: 403, code: 'scope_missing' })
    })

    if (row.other === undefined) return
    test('not about what is another organisation’s, exactly as about what does not exist', async () => {
      const { theirs: found, unknown } = await row.other!(theirs)
      const [ofTheirs, ofNobody] = await Promise.all(
        [found, unknown].map(async (asked) => {
          const who = row.isForMembers ? sessions.get('owner')! : bearer(everything)
          const got = await tryOut(name, row, asked, who)
          return { ...got, text: got.text.replaceAll(asked.id, '…') }
        }),
      )
      expect(ofTheirs).toMatchObject({ status: 404, code: 'not_found' })
      expect(ofTheirs).toEqual(ofNobody)
    })
  })
})
