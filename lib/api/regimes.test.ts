import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { starterRegimes } from '../config/starter-regimes.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

const gdpr = starterRegimes.find(({ key }) => key === 'gdpr')!
const saxony = { ...gdpr, key: 'saxony', name: 'Saxony', territories: ['DE-SN'] }

let api: RunningApi
beforeAll(async () => {
  api = await startApi()
  await api.ledger.publish(api.organisationId, [
    { act: 'regime_published', version: 1, definition: saxony },
    { act: 'regime_published', version: 2, definition: { ...saxony, consentLifetimeDays: 30 } },
  ])
})
afterAll(() => api.close())

describe('GET /v1/regimes/{key}', () => {
  test('tells every version, oldest first, and where each was published', async () => {
    const { status, body } = await api.call('GET', '/v1/regimes/saxony')
    expect(status).toBe(200)
    expect(body).toMatchObject({ key: 'saxony', version: 2, consentLifetimeDays: 30, is_own: false })
    expect(body.versions).toMatchObject([
      { version: 1, definition: { consentLifetimeDays: 365, territories: ['DE-SN'] } },
      { version: 2, definition: { consentLifetimeDays: 30 } },
    ])
    expect((await api.call('GET', '/v1/regimes/default')).body).toMatchObject({ is_own: true })
  })

  test('another organisation’s is as unknown as one nobody has', async () => {
    const other = await otherOrganisation(api)
    const theirs = { ...saxony, key: 'theirs' }
    await api.ledger.publish(other.organisationId, [
      { act: 'regime_published', version: 1, definition: theirs },
    ])
    const [found, unknown] = await Promise.all(
      ['theirs', 'nobody'].map((key) => api.call('GET', `/v1/regimes/${key}`)),
    )
    expect(found!.status).toBe(404)
    expect(found!.body).toEqual(unknown!.body)
  })
})

describe('a consent recorded with a place', () => {
  const say = (subject: string, more: object, act = 'deny') =>
    api.call('POST', '/v1/consents', {
      ...{ subject, property: 'demo', evidence: { method: 'form' } },
      notice: { key: 'starter', version: 1, locale: 'en' },
      choices: [{ purpose: 'ai_training', act }],
      ...more,
    })
  const regimesOf = async (subject: string) => {
    const { body } = await api.call('POST', '/v1/subjects/lookup', { subject })
    const found = await api.call('GET', `/v1/subjects/${String(body.id)}/consents`)
    return { regimes: found.body.regimes, history: found.body.history as Record<string, unknown>[] }
  }

  test.each([
    { name: 'a country', place: { country: 'FR' }, want: ['gdpr'] },
    {
      name: 'a region and its country, both',
      place: { country: 'DE', region: 'DE-SN' },
      want: ['gdpr', 'saxony'],
    },
    { name: 'a region alone', place: { region: 'US-CA' }, want: ['ccpa'] },
    { name: 'a place nobody claims', place: { country: 'JP' }, want: [] },
    { name: 'a regime named beside it', place: { country: 'FR', regime: 'ccpa' }, want: ['ccpa'] },
  ])('is seen under the regimes of $name, be it a yes or a no', async ({ name, place, want }) => {
    for (const act of ['grant', 'deny']) {
      const subject = `user:${act}-${name.replaceAll(' ', '-')}`
      expect((await say(subject, place, act)).status).toBe(201)
      expect((await regimesOf(subject)).regimes).toEqual(want)
    }
  })

  test('keeps the place with a yes, and the set of regimes only grows', async () => {
    await say('user:moves', { region: 'US-CA' }, 'grant')
    await say('user:moves', { country: 'DE', region: 'DE-SN' }, 'grant')
    await say('user:moves', { country: 'JP' }, 'grant')
    const { regimes, history } = await regimesOf('user:moves')
    expect(regimes).toEqual(['ccpa', 'gdpr', 'saxony'])
    expect(history).toMatchObject([
      { country: 'US', region: 'US-CA', regime: 'ccpa' },
      { country: 'DE', region: 'DE-SN', regime: 'saxony', widerRegimes: ['gdpr'] },
      { country: 'JP', regime: null },
    ])
    expect(history[2]).not.toHaveProperty('region')
  })

  test('is turned away where the region lies elsewhere', async () => {
    const { status, body } = await say('user:alice', { country: 'FR', region: 'DE-SN' })
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'body_invalid', pointer: '/region' })
  })
})
