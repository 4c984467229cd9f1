import { createHmac } from 'node:crypto'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { client, startProvider } from '../../tests/oidc/start-provider.ts'
import { signInSteps } from './testing/sign-in-steps.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let provider: Awaited<ReturnType<typeof startProvider>>
let api: RunningApi
let steps: ReturnType<typeof signInSteps>
beforeAll(async () => {
  provider = await startProvider()
  const { issuer } = provider
  api = await startApi({
    signIn: { hasPasswords: false, provider: { name: 'Login', issuer, clientId: client.clientId } },
  })
  steps = signInSteps(api)
})
afterAll(async () => {
  await api.close()
  await provider.close()
})

let named = 0
const newPerson = () => {
  const sub = `person-${++named}`
  return { sub, email: `${sub}@example.com`, email_verified: true }
}
async function invite(email: string) {
  const { body } = await api.call('POST', '/v1/invitations', { email, role: 'officer' })
  return String(body.link).split('#')[1]
}
const accept = (token: string | undefined, ticket: unknown) =>
  api.call('POST', '/v1/invitations/accept', { token, ticket })
/** A member who has joined with the provider. */
async function joined() {
  const person = newPerson()
  const { step } = await steps.idToken(await provider.sign(person))
  expect((await accept(await invite(person.email), step.ticket)).status).toBe(200)
  return { person, ticket: step.ticket }
}

describe('signing in with a provider', () => {
  test('lets nobody in who is no member, and makes nobody a member', async () => {
    const before = (await api.call('GET', '/v1/members')).body
    const { status, step } = await steps.idToken(await provider.sign(newPerson()))
    expect({ status, step }).toEqual({
      status: 200,
      step: { needs: 'invitation', ticket: expect.any(String) },
    })
    expect((await api.call('GET', '/v1/members')).body).toEqual(before)
    expect((await steps.goOn(step.ticket)).status).toBe(401)
  })

  test('lets in whoever accepts an invitation to the address that the provider verified', async () => {
    const { ticket, person } = await joined()
    const { step, headers } = await steps.goOn(ticket)
    expect(step.needs).toBeNull()
    const { body } = await api.call('GET', '/v1/internal/session', undefined, headers)
    expect(body).toMatchObject({ email: person.email, role: 'officer' })
    expect((await steps.goOn(ticket)).status).toBe(401)
  })

  test('accepts no invitation to another address, or for an address that is not verified', async () => {
    const person = newPerson()
    const token = await invite('somebody.else@example.com')
    const { step } = await steps.idToken(await provider.sign(person))
    expect((await accept(token, step.ticket)).body.code).toBe('invitation_invalid')
    for (const email_verified of [false, 'true', undefined]) {
      const own = await invite(person.email)
      const unsure = await steps.idToken(await provider.sign({ ...person, email_verified }))
      expect((await accept(own, unsure.step.ticket)).body.code).toBe('invitation_invalid')
    }
    const { body } = await api.call('GET', '/v1/invitations')
    expect(body.invitations).toContainEqual(expect.objectContaining({ email: 'somebody.else@example.com' }))
  })

  test('knows a member by her subject from then on, whatever her address, and nobody else by it', async () => {
    const { person } = await joined()
    const moved = { sub: person.sub, email: 'new.name@example.com', email_verified: false }
    expect((await steps.idToken(await provider.sign(moved))).step.needs).toBeNull()
    const successor = { ...person, sub: 'who got her address' }
    expect((await steps.idToken(await provider.sign(successor))).step.needs).toBe('invitation')
  })

  test('binds a member who was there before at her first sign-in', async () => {
    // Made with a password, which does not sign her in here.
    await api.signInAs('owner')
    const { body } = await api.call('GET', '/v1/members')
    const [there] = (body.members as { email: string }[]).filter(({ email }) => email.startsWith('owner-'))
    const person = { sub: 'the owner', email: there!.email.toUpperCase(), email_verified: true }
    const unsure = await steps.idToken(await provider.sign({ ...person, email_verified: false }))
    expect(unsure.step.needs).toBe('invitation')
    expect((await steps.idToken(await provider.sign(person))).step.needs).toBeNull()
    const { sub } = person
    expect((await steps.idToken(await provider.sign({ sub }))).step.needs).toBeNull()
  })

  test('is the only way where the operator says so', async () => {
    const { status, step } = await steps.password('alice@example.com', 'correct horse battery')
    expect({ status, code: step.code }).toEqual({ status: 403, code: 'sign_in_method_off' })
    const token = await invite(newPerson().email)
    const { body } = await api.call('POST', '/v1/invitations/accept', { token, password: 'long enough' })
    expect(body.code).toBe('sign_in_method_off')
    const settings = (await api.call('GET', '/v1/sign-in-settings')).body
    expect(settings).toMatchObject({ passwords: false, provider: { name: 'Login', issuer: provider.issuer } })
    expect(JSON.stringify(settings)).not.toContain(client.clientSecret)
  })
})

describe('an ID token', () => {
  const seconds = () => Math.floor(Date.now() / 1000)
  const refused = async (token: string, nonce?: string) => {
    const { status, step } = await steps.idToken(token, nonce)
    expect({ status, code: step.code }).toEqual({ status: 401, code: 'sign_in_failed' })
  }

  test('serves once, however it is written, also where two come at once', async () => {
    const token = await provider.sign(newPerson())
    const answers = await Promise.all([steps.idToken(token), steps.idToken(token)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
    await refused(token)
    await refused(`${token}=`)
  })

  test.each([
    ['of another client', () => ({ aud: 'another' })],
    ['of another client beside this one', () => ({ aud: [client.clientId, 'another'] })],
    ['given to another client', () => ({ azp: 'another' })],
    ['of another issuer', () => ({ iss: 'https://login.example.com' })],
    ['that has run out', () => ({ iat: seconds() - 400, exp: seconds() - 60 })],
    ['that was issued long ago', () => ({ iat: seconds() - 3_600, exp: seconds() + 3_600 })],
    ['without an end', () => ({ exp: undefined })],
    ['without a subject', () => ({ sub: undefined })],
    ['with an empty subject', () => ({ sub: '' })],
    ['for another request', () => ({ nonce: 'another' })],
    ['without a nonce', () => ({ nonce: undefined })],
  ])('%s is refused', async (_name, claims) => {
    await refused(await provider.sign({ ...newPerson(), ...claims() } as Parameters<typeof provider.sign>[0]))
  })

  test('that nobody signed, or somebody else did, is refused', async () => {
    const good = await provider.sign(newPerson())
    const [, payload] = good.split('.')
    const headed = (header: object) =>
      `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}`
    await refused(`${headed({ alg: 'none' })}.`)
    await refused(`${headed({ alg: 'none', kid: 'test' })}.${good.split('.')[2]}`)
    // The public key taken for a shared secret.
    const keys = await (await fetch(`${provider.issuer}/jwks`)).text()
    const input = headed({ alg: 'HS256', kid: 'test' })
    await refused(`${input}.${createHmac('sha256', keys).update(input).digest('base64url')}`)
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
    const claims = { ...newPerson(), iss: provider.issuer, aud: client.clientId, nonce: 'a nonce' }
    const forged = (header: object) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', ...header })
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey)
    await refused(await forged({ kid: 'test' }))
    // A key that the token brings along.
    await refused(await forged({ kid: 'mine', jwk: await exportJWK(publicKey) }))
    await refused('not a token')
  })
})
