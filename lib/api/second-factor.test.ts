import { Secret, TOTP } from 'otpauth'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { signInSteps } from './testing/sign-in-steps.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
let owner: pg.Client
let steps: ReturnType<typeof signInSteps>
// Long before any code of the present, so that time only goes on.
let nowMs = Date.now() + 3_600_000
beforeAll(async () => {
  api = await startApi({ clock: () => nowMs })
  steps = signInSteps(api)
  owner = new pg.Client(api.database.owner)
  await owner.connect()
})
beforeEach(() => {
  nowMs += 3_600_000
})
afterAll(async () => {
  await owner.end()
  await api.close()
})

const password = 'correct horse battery'
let named = 0
const codeAt = (secret: string, atMs = nowMs) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: atMs })
const nextStep = () => {
  nowMs += 30_000
}

async function join(role = 'officer') {
  const email = `second-${++named}@example.com`
  const invited = await api.call('POST', '/v1/invitations', { email, role })
  const token = String(invited.body.link).split('#')[1]
  await api.call('POST', '/v1/invitations/accept', { token, password })
  const { headers } = await steps.password(email, password)
  const { body } = await api.call('GET', '/v1/internal/session', undefined, headers)
  return { email, id: String(body.id), headers }
}

async function enrol(headers: Record<string, string>) {
  const begun = await api.call('POST', '/v1/account/second-factor', {}, headers)
  expect(begun.status).toBe(201)
  const { secret, uri } = begun.body as { secret: string; uri: string }
  const code = codeAt(secret)
  const confirmed = await api.call('POST', '/v1/account/second-factor/confirm', { code }, headers)
  expect(confirmed.status).toBe(200)
  return { secret, uri, code, codes: confirmed.body.recovery_codes as string[] }
}

async function enrolled(role?: string) {
  const member = await join(role)
  return { ...member, ...(await enrol(member.headers)) }
}

async function ticketOf(email: string) {
  const { status, step } = await steps.password(email, password)
  expect(status).toBe(200)
  expect(step).toEqual({ needs: 'code', ticket: expect.any(String) })
  return step.ticket
}

const actsOf = async (id: string) => {
  const { rows } = await owner.query<{ act: string; detail: Record<string, string> }>(
    'SELECT act, detail FROM admin_acts WHERE actor = $1 OR detail @> $2 ORDER BY at',
    [`member:${id}`, JSON.stringify({ member: id })],
  )
  return rows
}

describe('a second factor', () => {
  test('is asked for after the password, and there is no session before it', async () => {
    const { email, secret, uri, headers } = await enrolled()
    expect(uri).toContain(`secret=${secret}`)
    expect(uri).toContain(encodeURIComponent(email))
    // What was begun without it has ended.
    expect(await steps.isSignedIn(headers)).toBe(false)
    nextStep()
    const before = await owner.query('SELECT count(*) FROM sessions')
    const ticket = await ticketOf(email)
    expect((await owner.query('SELECT count(*) FROM sessions')).rows).toEqual(before.rows)
    const { status, headers: signedIn, step } = await steps.goOn(ticket, { code: codeAt(secret) })
    expect({ status, needs: step.needs }).toEqual({ status: 200, needs: null })
    expect(await steps.isSignedIn(signedIn)).toBe(true)
  })

  test('says nothing to who does not know the password: known, unknown and enrolled answer alike', async () => {
    const { email } = await enrolled()
    const wrong = await steps.password(email, 'not the password')
    const unknown = await steps.password('nobody@example.com', 'not the password')
    expect(wrong.status).toBe(401)
    expect(wrong.step).toEqual(unknown.step)
  })

  test('takes each code once, also where two use it at once, and not the one that confirmed it', async () => {
    const { email, secret, code } = await enrolled()
    expect((await steps.goOn(await ticketOf(email), { code })).step.code).toBe('code_wrong')
    nextStep()
    const tickets = [await ticketOf(email), await ticketOf(email), await ticketOf(email)]
    const answers = await Promise.all(tickets.map((ticket) => steps.goOn(ticket, { code: codeAt(secret) })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422])
  })

  test('takes the code of the step before and after, none further, and none older than the last', async () => {
    const { email, secret } = await enrolled()
    nowMs += 300_000
    const tryAt = async (offset: number) =>
      (await steps.goOn(await ticketOf(email), { code: codeAt(secret, nowMs + offset * 30_000) })).status
    expect(await tryAt(-2)).toBe(422)
    expect(await tryAt(2)).toBe(422)
    expect(await tryAt(-1)).toBe(200)
    expect(await tryAt(1)).toBe(200)
    expect(await tryAt(0)).toBe(422)
  })

  test('takes no code of another member, nor a sealed secret that was moved to her', async () => {
    const [hers, other] = [await enrolled(), await enrolled()]
    nextStep()
    expect((await steps.goOn(await ticketOf(hers.email), { code: codeAt(other.secret) })).status).toBe(422)
    expect((await steps.goOn(await ticketOf(hers.email), { code: other.codes[0]! })).status).toBe(422)
    const { step } = await steps.password(hers.email, password)
    expect((await steps.goOn(step.ticket, { member: other.id, code: codeAt(other.secret) })).status).toBe(401)
    await owner.query(
      'UPDATE second_factors SET secret_sealed = (SELECT secret_sealed FROM second_factors WHERE member_id = $1) WHERE member_id = $2',
      [other.id, hers.id],
    )
    const moved = await steps.goOn(await ticketOf(hers.email), { code: codeAt(other.secret) })
    expect(moved.status).toBe(500)
  })

  test('counts wrong codes towards the lock, and the right password does not lift it', async () => {
    const { email, secret } = await enrolled()
    nextStep()
    const ticket = await ticketOf(email)
    const guesses = Array.from({ length: 5 }, (_, n) => steps.goOn(ticket, { code: `00000${n}` }))
    expect((await Promise.all(guesses)).map(({ status }) => status)).toEqual([422, 422, 422, 422, 422])
    expect((await steps.goOn(ticket, { code: codeAt(secret) })).status).toBe(422)
    expect((await steps.password(email, password)).status).toBe(401)
    nowMs += 31_000
    const second = await ticketOf(email)
    // Asking again and again leaves the count where it is.
    for (let n = 0; n < 6; n++) await ticketOf(email)
    expect((await steps.goOn(second, { code: '000000' })).status).toBe(422)
    expect((await steps.password(email, password)).status).toBe(401)
    nowMs += 61_000
    expect((await steps.goOn(await ticketOf(email), { code: codeAt(secret) })).status).toBe(200)
  })

  test('has ten recovery codes, each for one sign-in, however they are typed', async () => {
    const { email, codes } = await enrolled()
    expect(new Set(codes).size).toBe(10)
    const typed = ` ${codes[0]!.toLowerCase().replaceAll('-', ' ')} `
    const first = await steps.goOn(await ticketOf(email), { code: typed })
    expect(first.status).toBe(200)
    expect((await steps.goOn(await ticketOf(email), { code: codes[0]! })).status).toBe(422)
    const { body } = await api.call('GET', '/v1/account/second-factor', undefined, first.headers)
    expect(body).toMatchObject({ recovery_codes_left: 9 })
  })

  test('is kept sealed, and its codes as hashes', async () => {
    const { secret, codes } = await enrolled()
    for (const table of ['second_factors', 'recovery_codes', 'admin_acts']) {
      const { rows } = await owner.query(`SELECT t::text AS row FROM ${table} t`)
      for (const { row } of rows) {
        for (const text of [secret, Buffer.from(secret).toString('base64url'), codes[0]!]) {
          expect(row).not.toContain(text)
        }
      }
    }
  })

  test('is removed by a code of it, or by an owner for who lost it; her sessions end', async () => {
    const own = await enrolled()
    nextStep()
    const { headers } = await steps.goOn(await ticketOf(own.email), { code: codeAt(own.secret) })
    const remove = (code: string) => api.call('POST', '/v1/account/second-factor/remove', { code }, headers)
    expect((await remove(codeAt(own.secret))).status).toBe(422)
    expect((await api.call('POST', '/v1/account/second-factor', {}, headers)).status).toBe(409)
    nextStep()
    expect((await remove(codeAt(own.secret))).status).toBe(200)
    expect(await steps.isSignedIn(headers)).toBe(false)
    expect((await steps.password(own.email, password)).step.needs).toBeNull()

    const lost = await enrolled()
    const boss = await enrolled('owner')
    nextStep()
    const by = (await steps.goOn(await ticketOf(boss.email), { code: codeAt(boss.secret) })).headers
    const path = (id: string) => `/v1/members/${id}/second-factor`
    expect((await api.call('DELETE', path(boss.id), undefined, by)).status).toBe(409)
    const ticket = await ticketOf(lost.email)
    expect((await api.call('DELETE', path(lost.id), undefined, by)).status).toBe(200)
    expect((await steps.goOn(ticket, { code: codeAt(lost.secret) })).step.needs).toBeNull()
    expect((await actsOf(lost.id)).map(({ act }) => act)).toContain('second_factor_removed')
  })

  test('that was not confirmed asks nothing of her, and a ticket from before one begins no session', async () => {
    const { email, headers } = await join()
    await api.call('POST', '/v1/account/second-factor', {}, headers)
    expect((await steps.password(email, password)).step.needs).toBeNull()
    expect(
      (await api.call('POST', '/v1/account/second-factor/confirm', { code: '000000' }, headers)).status,
    ).toBe(422)
  })
})

describe('a ticket', () => {
  test('begins one session, runs out after five minutes, and cannot be made up', async () => {
    const { email, secret, codes } = await enrolled()
    nextStep()
    const ticket = await ticketOf(email)
    expect((await steps.goOn(ticket, { code: codeAt(secret) })).status).toBe(200)
    expect((await steps.goOn(ticket, { code: codes[0]! })).status).toBe(401)
    // Written another way it is the same ticket.
    expect((await steps.goOn(`${ticket}==`, { code: codes[1]! })).status).toBe(401)
    const late = await ticketOf(email)
    nowMs += 300_000
    expect((await steps.goOn(late, { code: codeAt(secret) })).status).toBe(401)
    expect((await steps.goOn('x'.repeat(200), { code: codeAt(secret) })).status).toBe(401)
  })
})

describe('an owner who demands a second factor', () => {
  test('lets nobody without one do anything but add it, at once, and everybody again when she ceases', async () => {
    const [without, having] = [await join(), await enrolled()]
    nextStep()
    const { headers: with2 } = await steps.goOn(await ticketOf(having.email), { code: codeAt(having.secret) })
    const demand = (require_second_factor: boolean) =>
      api.call('PUT', '/v1/sign-in-settings', { require_second_factor })
    const read = async (headers: Record<string, string>, path = '/v1/purposes') => {
      const { status, body } = await api.call('GET', path, undefined, headers)
      return body.code ?? status
    }
    expect((await demand(true)).status).toBe(200)
    expect(await read(without.headers)).toBe('second_factor_needed')
    expect(await read(without.headers, '/v1/sessions')).toBe('second_factor_needed')
    expect(await read(with2)).toBe(200)
    const me = await api.call('GET', '/v1/internal/session', undefined, without.headers)
    expect(me.body.must_enrol).toBe(true)
    const { body } = await api.call('GET', '/v1/sign-in-settings')
    expect(body).toMatchObject({ passwords: true, provider: null, require_second_factor: true })
    expect(body.members).toContainEqual(
      expect.objectContaining({ email: having.email, has_second_factor: true }),
    )
    const { secret } = await enrol(without.headers)
    nextStep()
    const { headers } = await steps.goOn(await ticketOf(without.email), { code: codeAt(secret) })
    expect(await read(headers)).toBe(200)
    const another = await join()
    expect(await read(another.headers)).toBe('second_factor_needed')
    await demand(false)
    expect(await read(another.headers)).toBe(200)
  })
})

describe('what is written down', () => {
  test('of signing in, failing at it and signing out: whose, and no address', async () => {
    const { id, email, headers } = await join()
    await steps.password(email, 'not the password')
    await api.call('DELETE', '/v1/internal/session', undefined, headers)
    await expect
      .poll(async () => (await actsOf(id)).map(({ act }) => act).sort())
      .toEqual(['member_joined', 'sign_in_failed', 'signed_in', 'signed_out'])
    const acts = await actsOf(id)
    const detailOf = (wanted: string) => acts.find(({ act }) => act === wanted)!.detail
    expect(detailOf('sign_in_failed')).toEqual({ member: id, why: 'password' })
    expect(detailOf('signed_in')).toEqual({
      session: expect.any(String),
      by: 'password',
      second_factor: 'none',
    })
  })
})
