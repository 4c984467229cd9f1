import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OrganisationId } from '../domain/ids.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { signInSteps } from './testing/sign-in-steps.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
let owner: pg.Client
let steps: ReturnType<typeof signInSteps>
let theirKey: Record<string, string>
let theirs: OrganisationId
const startMs = Date.now()
let nowMs = startMs
beforeAll(async () => {
  api = await startApi({ clock: () => nowMs })
  steps = signInSteps(api)
  const other = await otherOrganisation(api)
  theirs = other.organisationId
  theirKey = { Authorization: `Bearer ${other.key}` }
  owner = new pg.Client(api.database.owner)
  await owner.connect()
})
beforeEach(() => {
  nowMs += 60_000
})
afterAll(async () => {
  await owner.end()
  await api.close()
})

const hourMs = 3_600_000
let named = 0
const newEmail = () => `signs-in-${++named}@example.com`

async function join(email: string, password: string, key: Record<string, string> = {}) {
  const invited = await api.call('POST', '/v1/invitations', { email, role: 'officer' }, key)
  const token = String(invited.body.link).split('#')[1]
  const joined = await api.call('POST', '/v1/invitations/accept', { token, password })
  expect(joined.status).toBe(200)
}
const organisationOf = async (headers: Record<string, string>) => {
  const { body } = await api.call('GET', '/v1/internal/session', undefined, headers)
  const { rows } = await owner.query('SELECT organisation_id::text AS id FROM members WHERE id = $1', [
    body.id,
  ])
  return `org_${rows[0].id.replaceAll('-', '')}`
}

describe('an address in two organisations', () => {
  test('is asked which, where the password is right for both', async () => {
    const email = newEmail()
    await join(email, 'one password for both')
    await join(email, 'one password for both', theirKey)
    const { step } = await steps.password(email, 'one password for both')
    expect(step).toMatchObject({ needs: 'organisation' })
    const choices = step.choices as { member: string; organisation: string }[]
    expect(choices).toHaveLength(2)
    const reached = await Promise.all(
      choices.map(async ({ member }) => {
        const { step: again } = await steps.password(email, 'one password for both')
        return organisationOf((await steps.goOn(again.ticket, { member })).headers)
      }),
    )
    expect(reached.sort()).toEqual([api.organisationId, theirs].sort())
    const stranger = '00000000-0000-4000-8000-000000000000'
    expect((await steps.goOn(step.ticket, { member: stranger })).status).toBe(401)
  })

  test('signs straight in to the one whose password it is, and locks the other by it never', async () => {
    const email = newEmail()
    await join(email, 'the password of mine')
    await join(email, 'the password of theirs', theirKey)
    for (let n = 0; n < 6; n++) {
      const { step, headers } = await steps.password(email, 'the password of mine')
      expect(step.needs).toBeNull()
      if (n === 0) expect(await organisationOf(headers)).toBe(api.organisationId)
    }
    const { headers } = await steps.password(email, 'the password of theirs')
    expect(await organisationOf(headers)).toBe(theirs)
  })

  test('is locked in both by wrong passwords, and a ticket for one does not reach the other', async () => {
    const email = newEmail()
    await join(email, 'the password of mine')
    await join(email, 'the password of theirs', theirKey)
    for (let n = 0; n < 5; n++) expect((await steps.password(email, `guess number ${n}`)).status).toBe(401)
    expect((await steps.password(email, 'the password of mine')).status).toBe(401)
    expect((await steps.password(email, 'the password of theirs')).status).toBe(401)
  })
})

describe('a session', () => {
  test('lies idle for two hours at most, and lasts twelve however it is used', async () => {
    const email = newEmail()
    await join(email, 'long enough to be one')
    const { headers: idle } = await steps.password(email, 'long enough to be one')
    const { headers: used } = await steps.password(email, 'long enough to be one')
    for (let hour = 0; hour < 11; hour++) {
      nowMs += hourMs
      expect(await steps.isSignedIn(used)).toBe(true)
      if (hour === 0) {
        const { body } = await api.call('GET', '/v1/sessions', undefined, used)
        expect(body.sessions).toHaveLength(2)
      }
    }
    expect(await steps.isSignedIn(idle)).toBe(false)
    const { body } = await api.call('GET', '/v1/sessions', undefined, used)
    expect(body.sessions).toHaveLength(1)
    nowMs += hourMs
    expect(await steps.isSignedIn(used)).toBe(false)
  })

  test('that a member ends herself is written down', async () => {
    const email = newEmail()
    await join(email, 'long enough to be one')
    await steps.password(email, 'long enough to be one')
    const { headers } = await steps.password(email, 'long enough to be one')
    await api.call('DELETE', '/v1/sessions', undefined, headers)
    const { body } = await api.call('GET', '/v1/internal/session', undefined, headers)
    const { rows } = await owner.query(
      "SELECT detail FROM admin_acts WHERE actor = $1 AND act = 'own_sessions_ended'",
      [`member:${body.id}`],
    )
    expect(rows).toEqual([{ detail: { ended: '1' } }])
  })
})

describe('accepting invitations', () => {
  test('is limited for each network, and goes on a minute later', async () => {
    nowMs += 60_000
    const guess = () =>
      api.call('POST', '/v1/invitations/accept', { token: 'x'.repeat(43), password: 'long enough' })
    const answers: number[] = []
    for (let n = 0; n < 121; n++) answers.push((await guess()).status)
    expect(answers.slice(0, 120).every((status) => status === 410)).toBe(true)
    expect(answers[120]).toBe(429)
    nowMs += 60_000
    expect((await guess()).status).toBe(410)
  })

  test('takes a password or a ticket, not both and not neither', async () => {
    for (const more of [{}, { password: 'long enough', ticket: 'x' }]) {
      const { status } = await api.call('POST', '/v1/invitations/accept', { token: 'x', ...more })
      expect(status).toBe(400)
    }
  })
})
