import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OrganisationId } from '../domain/ids.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { member as first, type RunningApi, startApi } from './testing/start-api.ts'

type Shown = { id: string; email: string; role: string; last_seen_at: string | null }

let api: RunningApi
let owner: pg.Client
let aheadMs = 0
/** Where time stands still, but for `aheadMs`. */
let stoodStillMs: number | undefined
beforeAll(async () => {
  api = await startApi({ clock: () => (stoodStillMs ?? Date.now()) + aheadMs })
  owner = new pg.Client(api.database.owner)
  await owner.connect()
})
beforeEach(() => {
  aheadMs = 0
  stoodStillMs = undefined
})
afterAll(async () => {
  await owner.end()
  await api.close()
})

const password = 'correct horse battery'
const dayMs = 86_400_000
let named = 0
const newEmail = () => `member-${++named}@example.com`
const internal = () => ({ Authorization: `Bearer ${api.internalToken}` })

const invite = async (email: string, role = 'officer', headers: Record<string, string> = {}) => {
  const { status, body } = await api.call('POST', '/v1/invitations', { email, role }, headers)
  expect(status).toBe(201)
  return { ...body, token: String(body.link).split('#')[1]! } as { id: string; link: string; token: string }
}
const accept = (token: string, given = password) =>
  api.call('POST', '/v1/invitations/accept', { token, password: given })
const signIn = async (email: string, given = password) => {
  const { status, body } = await api.call(
    'POST',
    '/v1/internal/sign-in',
    { email, password: given },
    internal(),
  )
  return { status, headers: { ...internal(), 'Assent-Session': String(body.session) } }
}
const list = async (headers: Record<string, string> = {}) => {
  const { body } = await api.call('GET', '/v1/members', undefined, headers)
  return body.members as Shown[]
}
const find = async (email: string) => (await list()).find((each) => each.email === email)
const join = async (role = 'officer') => {
  const email = newEmail()
  expect((await accept((await invite(email, role)).token)).status).toBe(200)
  return { email, id: (await find(email))!.id, ...(await signIn(email)) }
}
const actsAbout = async (text: string) => {
  const { rows } = await owner.query<{ act: string; actor: string; detail: Record<string, string> }>(
    'SELECT act, actor, detail FROM admin_acts WHERE detail::text LIKE $1 ORDER BY at, act',
    [`%${text}%`],
  )
  return rows
}

describe('an invitation', () => {
  test('makes a member of the role, who signs in with the password she chose', async () => {
    const email = newEmail()
    const { link, token } = await invite(email.toUpperCase(), 'auditor')
    expect(link).toBe(`http://localhost:3000/admin/invitation#${token}`)
    expect(await accept(token)).toMatchObject({ status: 200, body: { email, role: 'auditor' } })
    expect(await find(email)).toMatchObject({ role: 'auditor', last_seen_at: null })
    expect((await signIn(email)).status).toBe(200)
    expect((await find(email))!.last_seen_at).not.toBeNull()
  })

  test('lets in once, also where two come at once', async () => {
    const { token } = await invite(newEmail())
    const answers = await Promise.all([accept(token), accept(token), accept(token)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410])
  })

  test('that was used, withdrawn, replaced, run out or never given answers alike', async () => {
    const never = await accept('x'.repeat(43))
    expect(never).toMatchObject({ status: 410, body: { code: 'invitation_invalid' } })
    const used = await invite(newEmail())
    await accept(used.token)
    const withdrawn = await invite(newEmail())
    expect((await api.call('DELETE', `/v1/invitations/${withdrawn.id}`)).status).toBe(200)
    const email = newEmail()
    const replaced = await invite(email)
    const second = await invite(email)
    const old = await invite(newEmail())
    for (const { token } of [used, withdrawn, replaced])
      expect((await accept(token)).body).toEqual(never.body)
    aheadMs = 7 * dayMs - 5_000
    expect((await accept(second.token)).status).toBe(200)
    aheadMs = 7 * dayMs + 5_000
    expect((await accept(old.token)).body).toEqual(never.body)
    const { body } = await api.call('GET', '/v1/invitations')
    expect((body.invitations as Shown[]).map(({ id }) => id)).not.toContain(old.id)
  })

  test('is kept as a hash alone', async () => {
    const { token } = await invite(newEmail())
    for (const table of ['invitations', 'admin_acts']) {
      const { rows } = await owner.query(`SELECT t::text AS row FROM ${table} t`)
      const hex = Buffer.from(token).toString('hex')
      for (const { row } of rows) {
        expect(row).not.toContain(token)
        expect(row).not.toContain(hex)
      }
    }
  })

  test('to a member is refused, and gives no role beyond the caller’s own scopes', async () => {
    const { status, body } = await api.call('POST', '/v1/invitations', {
      email: first.email,
      role: 'auditor',
    })
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'conflict' })
    const key = { Authorization: `Bearer ${await api.makeKey('members:write', 'members:read')}` }
    const beyond = await api.call('POST', '/v1/invitations', { email: newEmail(), role: 'owner' }, key)
    expect(beyond).toMatchObject({ status: 403, body: { code: 'scope_missing' } })
    const { id } = (await find(first.email))!
    expect((await api.call('PUT', `/v1/members/${id}/role`, { role: 'owner' }, key)).status).toBe(403)
  })

  test('asks for a password of ten characters, and is still open after a shorter one', async () => {
    const { token } = await invite(newEmail())
    expect((await accept(token, 'too short')).status).toBe(400)
    expect((await accept(token)).status).toBe(200)
  })
})

describe('a member', () => {
  test('has her new role at her next call, and no session once she is removed', async () => {
    const { id, email, headers } = await join('auditor')
    const make = () => api.call('POST', '/v1/keys', { name: 'K', scopes: ['config:read'] }, headers)
    expect((await make()).status).toBe(403)
    expect((await api.call('PUT', `/v1/members/${id}/role`, { role: 'developer' })).status).toBe(200)
    expect((await make()).status).toBe(201)
    expect((await api.call('DELETE', `/v1/members/${id}`)).status).toBe(200)
    expect(await make()).toMatchObject({ status: 401, body: { code: 'token_expired' } })
    expect((await signIn(email)).status).toBe(401)
    expect(await find(email)).toBeUndefined()
    expect((await api.call('DELETE', `/v1/members/${id}`)).status).toBe(404)
  })

  test('who was removed can be asked in again', async () => {
    const { id, email } = await join()
    await api.call('DELETE', `/v1/members/${id}`)
    await accept((await invite(email, 'auditor')).token, 'another password')
    expect((await find(email))!.id).not.toBe(id)
    expect((await signIn(email, 'another password')).status).toBe(200)
  })

  test('is written down with what was done to her and by whom', async () => {
    const { headers } = await join('owner')
    const by = `member:${(await api.call('GET', '/v1/internal/session', undefined, headers)).body.id}`
    const email = newEmail()
    const { id: invitation, token } = await invite(email, 'officer', headers)
    await accept(token)
    const { id } = (await find(email))!
    await api.call('PUT', `/v1/members/${id}/role`, { role: 'auditor' }, headers)
    await api.call('DELETE', `/v1/members/${id}/sessions`, undefined, headers)
    await api.call('DELETE', `/v1/members/${id}`, undefined, headers)
    expect(await actsAbout(email)).toEqual([
      { act: 'member_invited', actor: by, detail: { invitation, email, role: 'officer' } },
      {
        act: 'member_joined',
        actor: `member:${id}`,
        detail: { member: id, invitation, email, role: 'officer' },
      },
      { act: 'role_changed', actor: by, detail: { member: id, email, from: 'officer', to: 'auditor' } },
      { act: 'sessions_ended', actor: by, detail: { member: id, email } },
      { act: 'member_removed', actor: by, detail: { member: id, email, role: 'auditor' } },
    ])
  })
})

describe('the last owner', () => {
  let organisationId: OrganisationId
  let theirs: Record<string, string>
  beforeAll(async () => {
    const other = await otherOrganisation(api)
    organisationId = other.organisationId
    theirs = { Authorization: `Bearer ${other.key}` }
  })

  test('can neither be removed nor given another role, also where two leave at once', async () => {
    await Promise.all([api.signInAs('owner', organisationId), api.signInAs('owner', organisationId)])
    const [a, b] = (await list(theirs)).map(({ id }) => id)
    const both = await Promise.all([
      api.call('DELETE', `/v1/members/${a}`, undefined, theirs),
      api.call('PUT', `/v1/members/${b}/role`, { role: 'auditor' }, theirs),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    expect(both.find(({ status }) => status === 409)!.body.code).toBe('last_owner')
    const left = (await list(theirs)).filter(({ role }) => role === 'owner')
    expect(left).toHaveLength(1)
    const path = `/v1/members/${left[0]!.id}`
    expect((await api.call('DELETE', path, undefined, theirs)).body.code).toBe('last_owner')
    expect((await api.call('PUT', `${path}/role`, { role: 'auditor' }, theirs)).body.code).toBe('last_owner')
    expect((await api.call('PUT', `${path}/role`, { role: 'owner' }, theirs)).status).toBe(200)
  })

  test('of another organisation is nobody here', async () => {
    const { id } = (await list(theirs))[0]!
    expect((await list()).map((each) => each.id)).not.toContain(id)
    expect((await api.call('DELETE', `/v1/members/${id}`)).status).toBe(404)
    expect(await list(theirs)).toContainEqual(expect.objectContaining({ id }))
  })
})

describe('sessions', () => {
  const listed = async (headers: Record<string, string>) =>
    (await api.call('GET', '/v1/sessions', undefined, headers)).body.sessions as {
      id: string
      is_current: boolean
      last_seen_at: string
    }[]

  test('are a member’s own: she ends one, or all others', async () => {
    const { email, headers } = await join()
    const [second, third] = [await signIn(email), await signIn(email)]
    const all = await listed(headers)
    expect(all).toHaveLength(3)
    expect(all.filter(({ is_current }) => is_current)).toHaveLength(1)
    const ofSecond = (await listed(second.headers)).find(({ is_current }) => is_current)!.id
    const stranger = await join()
    expect((await api.call('DELETE', `/v1/sessions/${ofSecond}`, undefined, stranger.headers)).status).toBe(
      404,
    )
    expect((await api.call('DELETE', `/v1/sessions/${ofSecond}`, undefined, headers)).status).toBe(200)
    const me = (of: Record<string, string>) => api.call('GET', '/v1/internal/session', undefined, of)
    expect((await me(second.headers)).status).toBe(401)
    const others = await api.call('DELETE', '/v1/sessions', undefined, headers)
    expect(others).toMatchObject({ status: 200, body: { ended: 1 } })
    expect((await me(third.headers)).status).toBe(401)
    expect(await listed(headers)).toHaveLength(1)
    expect((await me(stranger.headers)).status).toBe(200)
  })

  test('are ended by an owner, all of a member’s', async () => {
    const { id, headers } = await join()
    expect((await api.call('DELETE', `/v1/members/${id}/sessions`)).status).toBe(200)
    expect((await api.call('GET', '/v1/sessions', undefined, headers)).status).toBe(401)
  })

  test('say when they were last seen, within a minute', async () => {
    const { headers } = await join()
    const [before] = await listed(headers)
    aheadMs = 61_000
    await listed(headers)
    const [after] = await listed(headers)
    expect(Date.parse(after!.last_seen_at) - Date.parse(before!.last_seen_at)).toBeGreaterThanOrEqual(60_000)
  })
})

describe('signing in', () => {
  test('many guesses at once do not outrun the lock', async () => {
    const { email } = await join()
    stoodStillMs = Date.now()
    await Promise.all(Array.from({ length: 12 }, (_, n) => signIn(email, `guess number ${n}`)))
    expect((await signIn(email)).status).toBe(401)
    aheadMs = 20_000
    expect((await signIn(email)).status).toBe(401)
    aheadMs = 31_000
    expect((await signIn(email)).status).toBe(200)
    aheadMs = 0
    expect((await signIn(email)).status).toBe(200)
  })
})
