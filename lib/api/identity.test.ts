import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { IdentityDefinition, PublicKey } from '../domain/definitions.ts'
import type { Experience } from '../web/experience.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
let nowMs = Date.parse('2026-06-01T12:00:00Z')
const here = 'http://localhost:3000'
const shop = 'https://shop.example'
const host = await generateKeyPair('ES256')
const otherHost = await generateKeyPair('ES256')
const jwkOf = async (key: typeof host) => (await exportJWK(key.publicKey)) as PublicKey

beforeAll(async () => {
  api = await startApi({ clock: () => nowMs })
  const identityOf = async (key: typeof host): Promise<IdentityDefinition> => ({
    namespace: 'user',
    algorithm: 'ES256',
    publicKeys: [await jwkOf(key)],
  })
  const property = { name: 'Shop', origins: [shop, 'https://blog.example'] }
  await api.ledger.publish(api.organisationId, [
    { act: 'property_published', definition: { key: 'demo', ...property, identity: await identityOf(host) } },
    {
      act: 'property_published',
      definition: { key: 'magazine', ...property, identity: await identityOf(otherHost) },
    },
    { act: 'property_published', definition: { key: 'plain', ...property } },
  ])
})
afterAll(() => api.close())

async function post(
  path: string,
  body: object,
  { token, property = 'demo', origin = shop }: { token?: string; property?: string; origin?: string } = {},
) {
  const response = await fetch(`${api.url}/v1/public/${property}${path}`, {
    method: 'POST',
    headers: {
      ...{ Origin: origin, 'Content-Type': 'application/json' },
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

async function serving(): Promise<string> {
  const response = await fetch(`${api.url}/v1/public/demo/experience`, { headers: { Origin: shop } })
  return ((await response.json()) as Experience).serving
}

let ids = 0
const seconds = () => Math.floor(nowMs / 1000)
function assertion(
  claims: Record<string, unknown> = {},
  { key = host.privateKey, alg = 'ES256' }: { key?: Parameters<SignJWT['sign']>[0]; alg?: string } = {},
) {
  const standard = { aud: 'demo', sub: 'alice', iat: seconds(), exp: seconds() + 300, jti: `id-${++ids}` }
  return new SignJWT({ ...standard, ...claims }).setProtectedHeader({ alg }).sign(key)
}

describe('a host’s word', () => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = () => ({
    ...{ aud: 'demo', sub: 'alice', iat: seconds(), exp: seconds() + 300, jti: `id-${++ids}` },
  })

  test.each<{
    name: string
    make: () => Promise<string> | string
    code?: string
    origin?: string
    property?: string
  }>([
    {
      name: 'stolen to a site that the property does not list',
      make: () => assertion(),
      origin: 'https://evil.example',
      code: 'origin_not_allowed',
    },
    {
      name: 'stolen to another of the property’s sites, where it names its own',
      make: () => assertion({ origin: 'https://blog.example' }),
    },
    {
      name: 'run out',
      make: () => assertion({ iat: seconds() - 400, exp: seconds() - 100 }),
      code: 'token_expired',
    },
    { name: 'valid for too long', make: () => assertion({ exp: seconds() + 301 }) },
    { name: 'from the future', make: () => assertion({ iat: seconds() + 90, exp: seconds() + 120 }) },
    { name: 'without an end', make: () => assertion({ exp: undefined }) },
    { name: 'without an id of its own', make: () => assertion({ jti: undefined }) },
    { name: 'with an empty id of its own', make: () => assertion({ jti: '' }) },
    { name: 'about nobody', make: () => assertion({ sub: '' }) },
    { name: 'for another audience', make: () => assertion({ aud: 'magazine' }) },
    { name: 'of another property’s key', make: () => assertion({}, { key: otherHost.privateKey }) },
    {
      name: 'for this property, taken to another',
      make: () => assertion(),
      property: 'magazine',
    },
    { name: 'without a signature', make: () => `${encode({ alg: 'none' })}.${encode(claims())}.` },
    {
      name: 'signed with the public key as a shared secret',
      make: async () =>
        assertion({}, { key: new TextEncoder().encode(await exportSPKI(host.publicKey)), alg: 'HS256' }),
    },
    {
      name: 'that brings its own key',
      make: async () =>
        new SignJWT(claims())
          .setProtectedHeader({ alg: 'ES256', jwk: await jwkOf(otherHost) })
          .sign(otherHost.privateKey),
    },
    {
      name: 'under an algorithm that is not pinned',
      make: async () => {
        const { privateKey } = await generateKeyPair('EdDSA')
        return assertion({}, { key: privateKey, alg: 'EdDSA' })
      },
    },
    { name: 'that is no word at all', make: () => 'a.b.c' },
  ])('is not taken $name', async ({ make, code = 'token_invalid', origin = shop, property = 'demo' }) => {
    const answer = await post('/identities', { assertion: await make() }, { origin, property })
    expect([answer.status, answer.body.code]).toEqual([code === 'origin_not_allowed' ? 403 : 401, code])
    expect(answer.body).not.toHaveProperty('token')
  })

  test('serves once', async () => {
    const word = await assertion()
    const both = await Promise.all([1, 2].map(() => post('/identities', { assertion: word })))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 401])
    expect((await post('/identities', { assertion: word })).body.code).toBe('token_invalid')
  })

  test('is nothing on a property whose host says nothing', async () => {
    const { status, body } = await post(
      '/identities',
      { assertion: await assertion() },
      { property: 'plain' },
    )
    expect([status, body.code]).toEqual([404, 'not_found'])
  })

  test('gives a token for this site, this property and fifteen minutes', async () => {
    const { token } = (await post('/identities', { assertion: await assertion() })).body
    const read = async (options: { origin?: string; property?: string } = {}) =>
      (await post('/snapshots', { serving: await serving() }, { token: token!, ...options })).body.code
    expect(await read()).toBeUndefined()
    expect(await read({ origin: 'https://blog.example' })).toBe('token_invalid')
    expect(await read({ property: 'magazine' })).toBe('token_invalid')
    nowMs += 15 * 60_000 + 1_000
    expect(await read()).toBe('token_expired')
  })

  test('of either key is taken while the host changes its key', async () => {
    const next = await generateKeyPair('ES256')
    const publicKeys = [await jwkOf(next), await jwkOf(host)]
    const identity = { namespace: 'user', algorithm: 'ES256', publicKeys } as const
    await api.ledger.publish(api.organisationId, [
      { act: 'property_published', definition: { key: 'demo', name: 'Shop', origins: [shop], identity } },
    ])
    for (const key of [host.privateKey, next.privateKey]) {
      expect((await post('/identities', { assertion: await assertion({}, { key }) })).status).toBe(201)
    }
  })
})

/** One act of one person on one device; `as` is the user who is signed in there. */
type Step =
  | { readonly on: string; readonly does: 'yes' | 'no' | 'withdraw' | 'sign out' }
  | { readonly on: string; readonly does: 'sign in'; readonly as: string }

const by = (on: string) => ({
  yes: { on, does: 'yes' } as const,
  no: { on, does: 'no' } as const,
  withdraw: { on, does: 'withdraw' } as const,
  signOut: { on, does: 'sign out' } as const,
  signIn: (as: string) => ({ on, does: 'sign in', as }) as const,
})
const tablet = by('tablet')
const phone = by('phone')

/**
 * Linking and unlinking never turn a no into a yes: a device's yes never becomes the user's, nor hers the device's; a no
 * of either, said before they were linked or while they are, is a no of both.
 */
describe('histories of people and devices', () => {
  test.each<{ name: string; steps: readonly Step[]; want: Readonly<Record<string, string>> }>([
    {
      name: 'a yes of the device stays the device’s when she signs in',
      steps: [tablet.yes, tablet.signIn('alice')],
      want: { tablet: 'consent_given', alice: 'never_asked' },
    },
    {
      name: 'her yes stays hers: the device is asked on its own',
      steps: [tablet.no, tablet.signOut, phone.signIn('alice'), phone.yes],
      want: { alice: 'consent_given', phone: 'never_asked', tablet: 'consent_denied' },
    },
    {
      name: 'a no of the device becomes hers when she signs in',
      steps: [tablet.no, tablet.signIn('alice')],
      want: { tablet: 'consent_denied', alice: 'consent_denied' },
    },
    {
      name: 'on a shared tablet the next user gets no yes of the first, and the first none of hers',
      steps: [
        tablet.yes,
        tablet.signIn('alice'),
        tablet.yes,
        tablet.signOut,
        tablet.signIn('bob'),
        tablet.withdraw,
      ],
      want: { alice: 'consent_given', bob: 'consent_withdrawn', tablet: 'consent_withdrawn' },
    },
    {
      name: 'on a shared tablet, signing in ends the link of who forgot to sign out',
      steps: [tablet.yes, tablet.signIn('alice'), tablet.yes, tablet.signIn('bob'), tablet.no],
      want: { alice: 'consent_given', bob: 'consent_denied', tablet: 'consent_denied' },
    },
    {
      name: 'an opt-out while signed in stands for both after signing out',
      steps: [tablet.yes, tablet.signIn('alice'), tablet.yes, tablet.withdraw, tablet.signOut],
      want: { alice: 'consent_withdrawn', tablet: 'consent_withdrawn' },
    },
    {
      name: 'a no on the device after signing out is not hers',
      steps: [tablet.yes, tablet.signIn('alice'), tablet.yes, tablet.signOut, tablet.withdraw],
      want: { alice: 'consent_given', tablet: 'consent_withdrawn' },
    },
    {
      name: 'a no on one of her two devices is hers and the other’s',
      steps: [
        ...[tablet.yes, tablet.signIn('alice'), phone.yes, phone.signIn('alice')],
        ...[tablet.yes, phone.withdraw],
      ],
      want: { alice: 'consent_withdrawn', tablet: 'consent_withdrawn', phone: 'consent_withdrawn' },
    },
    {
      name: 'signing in after she withdrew elsewhere takes the yes from the device',
      steps: [
        ...[phone.yes, phone.signIn('alice'), phone.yes, phone.withdraw, phone.signOut],
        ...[tablet.yes, tablet.signIn('alice')],
      ],
      want: { alice: 'consent_withdrawn', tablet: 'consent_withdrawn' },
    },
    {
      name: 'a yes that she gives after all is hers alone',
      steps: [tablet.no, tablet.signIn('alice'), tablet.yes],
      want: { alice: 'consent_given', tablet: 'consent_denied' },
    },
    {
      name: 'signing in and out again and again gives nobody a yes',
      steps: [
        tablet.no,
        ...[tablet.signIn('alice'), tablet.signOut, tablet.signIn('bob'), tablet.signOut],
        ...[phone.yes, phone.signIn('bob'), phone.signOut, tablet.signIn('alice')],
      ],
      want: {
        alice: 'consent_denied',
        bob: 'consent_denied',
        phone: 'consent_denied',
        tablet: 'consent_denied',
      },
    },
  ])('$name', async ({ steps, want }) => {
    const told = await live(steps)
    for (const [who, reason] of Object.entries(want)) {
      const { body } = await api.call('POST', '/v1/check', {
        ...{ subject: told.subjectOf(who), purpose: 'analytics', property: 'demo' },
      })
      expect([who, body.reason, body.allowed]).toEqual([who, reason, reason === 'consent_given'])
    }
  })
})

let lives = 0

/** Plays a history, with devices and users of its own. */
async function live(steps: readonly Step[]) {
  const life = ++lives
  const devices = new Map<string, { token: string; id: string }>()
  const signedIn = new Map<string, string>()
  const snapshotOf = async (token: string) =>
    (await post('/snapshots', { serving: await serving() }, { token })).body.snapshot
  async function deviceTokenOf(on: string): Promise<string> {
    const known = devices.get(on)
    if (known !== undefined) return known.token
    const { token, device } = (await post('/tokens', { serving: await serving() })).body
    devices.set(on, { token: token!, id: device! })
    return token!
  }
  for (const step of steps) {
    nowMs += 1_000
    const token = await deviceTokenOf(step.on)
    const speaks = signedIn.get(step.on) ?? token
    if (step.does === 'sign in') {
      const word = await assertion({ sub: `${step.as}-${life}` })
      const { status, body } = await post('/identities', { assertion: word }, { token })
      expect(status).toBe(201)
      signedIn.set(step.on, body.token!)
    } else if (step.does === 'sign out') {
      expect((await post('/sign-out', {}, { token })).status).toBe(200)
      signedIn.delete(step.on)
    } else if (step.does === 'withdraw') {
      expect((await post('/withdraw-all', {}, { token: speaks })).status).toBe(200)
    } else {
      const choices = [{ purpose: 'analytics', act: step.does === 'yes' ? 'grant' : 'deny' }]
      const said = { snapshot: await snapshotOf(speaks), choices }
      expect((await post('/consents', said, { token: speaks })).status).toBe(201)
    }
  }
  return {
    subjectOf: (who: string) => {
      const device = devices.get(who)
      return device === undefined ? `user:${who}-${life}` : `device:${device.id}`
    },
  }
}

test('a draft takes no private key: it is not even stored', async () => {
  const { id } = (await api.call('POST', '/v1/releases', { title: 'Sign in' })).body
  const put = async (publicKey: object) =>
    api.call('PUT', `/v1/releases/${id}/items/property/demo`, {
      edit: 0,
      definition: {
        ...{ key: 'demo', name: 'Shop', origins: [shop] },
        identity: { namespace: 'user', algorithm: 'ES256', publicKeys: [publicKey] },
      },
    })
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  expect(await put(await exportJWK(privateKey))).toMatchObject({
    status: 400,
    body: { code: 'body_invalid' },
  })
  expect((await put(await jwkOf(host))).status).toBe(200)
})

test('this installation’s own pages may ask for every property', async () => {
  const { status } = await post('/tokens', { serving: await serving() }, { origin: here })
  expect(status).toBe(201)
})
