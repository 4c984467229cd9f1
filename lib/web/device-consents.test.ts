import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../api/testing/start-api.ts'
import type { PublicKey } from '../domain/definitions.ts'
import { createDeviceConsents, type Shelf } from './device-consents.ts'
import { handOver, identify, renew, signOut } from './identity.ts'

let api: RunningApi
const Origin = 'http://localhost:3000'
/** How far the server's clock is ahead of the browser's. */
let aheadMs = 0
beforeAll(async () => {
  api = await startApi({ clock: () => Date.now() + aheadMs })
})
afterAll(() => api.close())

/** A browser on one device; `isAway` is a network that carries nothing, `isFull` a storage that takes nothing. */
function browser(state: { isAway?: boolean; isFull?: boolean } = {}) {
  const stored = new Map<string, string>()
  const refuse = () => {
    if (state.isFull) throw new Error('QuotaExceededError')
  }
  const shelf: Shelf = {
    getItem: (name) => {
      refuse()
      return stored.get(name) ?? null
    },
    setItem: (name, value) => {
      refuse()
      stored.set(name, value)
    },
    removeItem: (name) => {
      refuse()
      stored.delete(name)
    },
  }
  const fetchThere: typeof fetch = (input, init) =>
    state.isAway
      ? Promise.reject(new TypeError('no network'))
      : fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), Origin } })
  const open = () =>
    createDeviceConsents({ baseUrl: api.url, property: 'demo', shelf: () => shelf, fetch: fetchThere })
  return { state, stored, open, device: open() }
}

const stateOf = async (device: ReturnType<typeof browser>['device'], purpose: string) =>
  (await device.consents())?.purposes.find(({ key }) => key === purpose)?.state
const yes = (purpose: string) => [{ purpose, act: 'grant' as const }]
const no = (purpose: string) => [{ purpose, act: 'deny' as const }]

test('nothing is stored before a choice, and one entry after it', async () => {
  const { device, stored } = browser()
  const experience = await device.experience('en')
  expect(await device.consents()).toBeUndefined()
  expect(device.isNew()).toBe(true)
  expect(stored.size).toBe(0)
  await device.choose(experience, yes('analytics'))
  expect([...stored.keys()]).toEqual(['assent:demo'])
  expect(device.isNew()).toBe(false)
  expect(await stateOf(device, 'analytics')).toBe('granted')
})

describe('without a network', () => {
  test('a yes is never kept for later', async () => {
    const { device, state, stored } = browser()
    const experience = await device.experience('en')
    state.isAway = true
    await expect(device.choose(experience, yes('analytics'))).rejects.toThrow('unreachable')
    await expect(device.choose(experience, [...yes('analytics'), ...no('ai_training')])).rejects.toThrow(
      'unreachable',
    )
    expect(stored.size).toBe(0)
    state.isAway = false
    expect(await device.consents()).toBeUndefined()
  })

  test('a first no is kept, holds for the whole and its parts, and is sent by the next page', async () => {
    const { device, state, open } = browser()
    const experience = await device.experience('en')
    state.isAway = true
    await expect(device.choose(experience, no('ai_training'))).rejects.toThrow('pending')
    expect(device.isPending()).toBe(true)
    expect([device.refuses('ai_training'), device.refuses('ai_training.evaluation')]).toEqual([true, true])
    expect(device.refuses('analytics')).toBe(false)
    state.isAway = false
    const next = open()
    expect(await stateOf(next, 'ai_training')).toBe('refused')
    expect(next.isPending()).toBe(false)
    expect((await next.check('ai_training.evaluation'))?.reason).toBe('consent_denied')
  })

  test('a no that takes back a yes is sent before the next choice', async () => {
    const { device, state } = browser()
    const experience = await device.experience('en')
    await device.choose(experience, yes('personalization'))
    state.isAway = true
    await expect(
      device.choose(experience, [{ purpose: 'personalization', act: 'withdraw' }]),
    ).rejects.toThrow('pending')
    state.isAway = false
    const after = await device.choose(experience, yes('analytics'))
    expect(after.purposes.map(({ key, state: at }) => [key, at])).toContainEqual([
      'personalization',
      'refused',
    ])
    expect((await device.check('personalization'))?.reason).toBe('consent_withdrawn')
  })

  test('taking back everything holds at once, and is sent later', async () => {
    const { device, state } = browser()
    await device.choose(await device.experience('en'), yes('analytics'))
    state.isAway = true
    await expect(device.withdrawAll()).rejects.toThrow('unreachable')
    expect(device.refuses('analytics')).toBe(true)
    state.isAway = false
    expect(await stateOf(device, 'analytics')).toBe('refused')
    expect(device.isPending()).toBe(false)
  })
})

test('where the browser refuses to store, a yes can still be taken back', async () => {
  const { device, stored } = browser({ isFull: true })
  const experience = await device.experience('en')
  await device.choose(experience, yes('analytics'))
  expect(stored.size).toBe(0)
  // An earlier no could have been forgotten: nothing is taken for allowed.
  expect(device.isNew()).toBe(false)
  expect((await device.withdrawAll())?.purposes).toContainEqual(
    expect.objectContaining({ key: 'analytics', state: 'refused' }),
  )
})

test('a token that is no longer taken is forgotten, with nothing allowed', async () => {
  const { device, stored } = browser()
  stored.set('assent:demo', JSON.stringify({ token: 'x.y.z', device: 'd' }))
  expect(await device.consents()).toBeUndefined()
  expect(stored.size).toBe(0)
  stored.set('assent:demo', 'not JSON')
  expect(await device.consents()).toBeUndefined()
})

test('a device gets a code for the preference page once it has a token, and another token for itself', async () => {
  const { device, stored } = browser()
  expect(await handOver(device)).toBeUndefined()
  await device.choose(await device.experience('en'), yes('analytics'))
  expect(await handOver(device)).toEqual(expect.any(String))
  const before = JSON.parse(stored.get('assent:demo')!)
  aheadMs = 60_000
  await renew(device)
  const after = JSON.parse(stored.get('assent:demo')!)
  expect(after).toMatchObject({ device: before.device, revision: before.revision })
  expect(after.token).not.toBe(before.token)
  expect(await stateOf(device, 'analytics')).toBe('granted')
})

// Last: the server's clock, which the log follows, is ahead from here on.
describe('a token that has run out', () => {
  test('of a user does not keep her from taking back what this device gave', async () => {
    const host = await generateKeyPair('ES256')
    const publicKeys = [(await exportJWK(host.publicKey)) as PublicKey]
    const { properties } = api.decisions.policy(api.organisationId)!
    const definition = {
      ...properties.get('demo')!,
      identity: { namespace: 'user', algorithm: 'ES256', publicKeys },
    }
    await api.ledger.publish(api.organisationId, [{ act: 'property_published', definition } as never])
    const { device } = browser()
    await device.choose(await device.experience('en'), yes('ai_training'))
    const seconds = Math.floor(Date.now() / 1000)
    const claims = { aud: 'demo', sub: 'alice', iat: seconds, exp: seconds + 300, jti: 'once' }
    await identify(
      device,
      await new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(host.privateKey),
    )
    aheadMs = 20 * 60_000
    await device.withdrawAll()
    expect(device.isPending()).toBe(false)
    expect(await stateOf(device, 'ai_training')).toBe('refused')
    // Her token has run out: the device lets her go by its own.
    await signOut(device)
    expect(await stateOf(device, 'ai_training')).toBe('refused')
  })

  test('of a device still takes back', async () => {
    const { device } = browser()
    await device.choose(await device.experience('en'), yes('ai_training'))
    const asked = { subject: `device:${device.device()}`, purpose: 'ai_training', property: 'demo' }
    aheadMs = 366 * 86_400_000
    await device.withdrawAll()
    const collected_at = new Date().toISOString()
    const { body } = await api.call('POST', '/v1/check', { ...asked, collected_at })
    expect(body).toMatchObject({ allowed: false, reason: 'consent_withdrawn' })
  })

  test('of a device takes back what was given with it before it is let go of, and a kept no is sent with a new one', async () => {
    const { device, state, stored } = browser()
    const experience = await device.experience('en')
    await device.choose(experience, [...yes('ai_training'), ...yes('analytics')])
    const first = device.device()
    state.isAway = true
    await expect(device.choose(experience, no('analytics'))).rejects.toThrow('pending')
    state.isAway = false
    aheadMs += 366 * 86_400_000
    expect(await stateOf(device, 'analytics')).toBe('refused')
    expect(device.device()).not.toBe(first)
    expect(device.isPending()).toBe(false)
    expect(JSON.parse(stored.get('assent:demo')!).refusals).toBeUndefined()
    const collected_at = new Date().toISOString()
    for (const purpose of ['ai_training', 'analytics']) {
      const asked = { subject: `device:${first}`, purpose, property: 'demo', collected_at }
      const { body } = await api.call('POST', '/v1/check', asked)
      expect(body).toMatchObject({ allowed: false, reason: 'consent_withdrawn' })
    }
  })
})
