import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { needConfirmation, publishAges } from './testing/ask-for-more.ts'
import { pagesOf } from './testing/own-choices.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'
import { type RunningMail, startMail } from './testing/start-mail.ts'

const day = 86_400_000
let nowMs = Date.now()
let mail: RunningMail
let api: RunningApi
const { get, post, experience, newDevice, reasonFor } = pagesOf(
  () => api,
  () => nowMs,
)

beforeAll(async () => {
  mail = await startMail()
  api = await startApi({ clock: () => nowMs, mailer: mail.mailer })
  await publishAges(api, { default: 16, countries: {}, unstated: 'unknown' })
  await needConfirmation(api, 'analytics')
})
afterAll(async () => {
  await api.close()
  await mail.close()
})
// What is limited by the minute is limited in each test by itself.
beforeEach(() => {
  nowMs += 61_000
})

let people = 0
const newAddress = () => `parent-${++people}@example.com`
async function codeTo(address: string): Promise<string> {
  const find = () => mail.letters.findLast(({ to }) => to.includes(address))
  await vi.waitFor(() => expect(find()).toBeDefined(), { timeout: 30_000 })
  return /#c=([\w-]{43})/.exec(find()!.text)![1]!
}
const answer = (code: string, confirms = true) => post('/confirmations/answer', { code, confirms })

async function child(age = 12) {
  const device = await newDevice()
  await device.ageIs(age)
  return device
}
/** A child whose yes waits for a parent, and the letter’s code. */
async function waiting(purpose = 'personalization') {
  const device = await child()
  const address = newAddress()
  const { status, body } = await device.asks(address, purpose)
  expect([status, body.kind]).toEqual([201, 'guardian'])
  return { ...device, address, code: await codeTo(address) }
}

describe('age', () => {
  test('is asked before a yes where the regime does not take everyone for grown up, and nothing is recorded', async () => {
    const { purposes } = await experience()
    expect(purposes.filter(({ is_asked }) => is_asked).every(({ step }) => step === 'age')).toBe(true)
    expect(purposes.find(({ key }) => key === 'service')).toMatchObject({ step: null, is_asked: false })
    const device = await newDevice()
    const { body } = await device.says('grant', 'personalization')
    expect(body.not_recorded).toEqual([{ purpose: 'personalization', step: 'age' }])
    expect((await device.asks(newAddress(), 'personalization')).body.code).toBe('conflict')
    expect(await reasonFor(device.device, 'personalization')).toBe('age_unknown')
    // A no needs no age.
    await device.says('deny', 'personalization')
    expect(await reasonFor(device.device, 'personalization')).toBe('consent_denied')
  })

  test('kept in years, lets her say yes herself, or have it confirmed', async () => {
    const device = await child(16)
    expect((await get('/consents', device.token)).body.age).toBe(16)
    expect(await device.stands('personalization')).toMatchObject({ step: null })
    expect(await device.stands('analytics')).toMatchObject({ step: 'confirm' })
    await device.says('grant', 'personalization')
    expect(await reasonFor(device.device, 'personalization')).toBe('consent_given')
    const { events } = (await get('/record', device.token)).body
    expect(events[0]).toMatchObject({ act: 'age_stated' })
    expect(JSON.stringify(events[0])).not.toMatch(/birth/)
  })

  test.each([-1, 131, 15.5, '15'])('%j is no number of years', async (age) => {
    const { token } = await newDevice()
    expect((await post('/age', { age }, token)).body.code).toBe('body_invalid')
  })

  test('answered higher afterwards, lifts nothing; lower counts; years pass', async () => {
    const device = await child(12)
    const ageNow = async () => (await get('/consents', device.token)).body.age
    const told = await device.ageIs(30)
    const same = await device.ageIs(12)
    expect([told.status, told.body]).toEqual([same.status, same.body])
    expect(await ageNow()).toBe(12)
    expect(await device.stands('personalization')).toMatchObject({ step: 'guardian' })
    await device.ageIs(11)
    expect(await ageNow()).toBe(11)
    nowMs += day
    await device.ageIs(13)
    expect(await ageNow()).toBe(11)
    await device.ageIs(12)
    expect(await ageNow()).toBe(12)
    // A birthday a day is no birthday.
    nowMs += day
    await device.ageIs(13)
    expect(await ageNow()).toBe(12)
  })

  test('answered twice at once, one after the other', async () => {
    const device = await newDevice()
    await Promise.all([device.ageIs(12), device.ageIs(30), device.ageIs(31)])
    const { age } = (await get('/consents', device.token)).body
    const first = (await get('/record', device.token)).body.events[0]
    expect(age).toBeLessThanOrEqual(first.atLeast)
  })

  test('as a service or an officer knows it, mends what was mistyped', async () => {
    const device = await child(4)
    const subject = `device:${device.device}`
    const session = await api.signInAs('officer')
    const told = await api.call('POST', '/v1/ages', { subject, at_least: 40, below: null }, session)
    expect(told).toMatchObject({ status: 201, body: { revision: expect.any(String) } })
    const { body } = await get('/consents', device.token)
    expect(body.age).toBeNull()
    expect(await device.stands('personalization')).toMatchObject({ step: null })
    await device.says('grant', 'personalization')
    expect(await reasonFor(device.device, 'personalization')).toBe('consent_given')
    const database = new pg.Client(api.database.owner)
    await database.connect()
    const { rows } = await database.query("SELECT actor, detail FROM admin_acts WHERE act = 'age_recorded'")
    await database.end()
    expect(rows).toEqual([
      { actor: expect.stringMatching(/^member:/), detail: { subject: expect.stringMatching(/^sub_/) } },
    ])
    for (const wrong of [
      { at_least: null, below: null },
      { at_least: 16, below: 16 },
      { at_least: -1, below: null },
    ]) {
      expect((await api.call('POST', '/v1/ages', { subject, ...wrong })).body.code).toBe('body_invalid')
    }
  })

  test('is asked of nobody where everyone is taken for grown up', async () => {
    const adults = await startApi({ clock: () => nowMs, mailer: mail.mailer })
    const pages = pagesOf(
      () => adults,
      () => nowMs,
    )
    const device = await pages.newDevice()
    expect((await device.ageIs(12)).body.code).toBe('not_found')
    expect((await pages.get('/consents', device.token)).body.age).toBeNull()
    await adults.close()
  })
})

describe('a guardian', () => {
  test('is asked by mail, and confirms on a POST: recorded as hers, with how it was confirmed', async () => {
    const { code, device, token, address, stands } = await waiting()
    const letter = mail.letters.at(-1)!
    expect(letter.text).toContain('A child asks for your decision')
    expect(letter.text).toContain('Answers that fit you')
    expect(await stands('personalization')).toMatchObject({
      ...{ state: 'never_asked', step: 'guardian' },
      waits_until: new Date(nowMs + day).toISOString(),
    })
    const { body } = await post('/confirmations/read', { code })
    expect(body).toMatchObject({ kind: 'guardian', controller: 'Your organisation' })
    expect(JSON.stringify(body)).not.toMatch(new RegExp(`${device}|${address}|"age"`))
    expect(await reasonFor(device, 'personalization')).toBe('guardian_required')
    expect((await answer(code)).body).toEqual({ kind: 'guardian', outcome: 'confirmed' })
    expect(await reasonFor(device, 'personalization')).toBe('consent_given')
    const { events } = (await get('/record', token)).body
    expect(events.at(-1)).toMatchObject({
      ...{ act: 'granted', actor: 'guardian', purpose: 'personalization' },
      evidence: { method: 'double_opt_in', confirmed_by: 'guardian_mail', address },
    })
    expect((await answer(code)).body.code).toBe('token_invalid')
    // The child takes it back by herself, and no guardian gives it again.
    await post('/withdraw-all', {}, token)
    expect(await reasonFor(device, 'personalization')).toBe('consent_withdrawn')
    expect(await stands('personalization')).toMatchObject({ step: 'guardian_stronger' })
  })

  test('confirms as well what must be confirmed', async () => {
    const { code, device } = await waiting('analytics')
    expect((await answer(code)).body.outcome).toBe('confirmed')
    expect(await reasonFor(device, 'analytics')).toBe('consent_given')
  })

  test('says no, which is recorded as a guardian’s, and may say yes another time', async () => {
    const { code, device, asks } = await waiting()
    expect((await answer(code, false)).body).toEqual({ kind: 'guardian', outcome: 'refused' })
    expect(await reasonFor(device, 'personalization')).toBe('consent_denied')
    const again = newAddress()
    expect((await asks(again, 'personalization')).status).toBe(201)
    expect((await answer(await codeTo(again))).body.outcome).toBe('confirmed')
    expect(await reasonFor(device, 'personalization')).toBe('consent_given')
  })

  test('is not enough by mail for AI training; what an officer recorded stands', async () => {
    const device = await child()
    expect(await device.stands('ai_training')).toMatchObject({ step: 'guardian_stronger' })
    expect((await device.asks(newAddress(), 'ai_training')).body.code).toBe('conflict')
    expect((await device.asks(newAddress(), 'ai_training.fine_tuning')).body.code).toBe('conflict')
    const session = await api.signInAs('officer')
    const said = {
      ...{ subject: `device:${device.device}`, property: 'demo', actor: 'guardian' },
      notice: { key: 'starter', version: 2, locale: 'en' },
      evidence: { method: 'identity_seen', reference: 'file 12' },
      choices: [{ purpose: 'ai_training', act: 'grant' }],
    }
    expect((await api.call('POST', '/v1/consents', said, session)).status).toBe(201)
    expect(await reasonFor(device.device, 'ai_training')).toBe('consent_given')
  })

  test('is not enough by mail for special categories, of the purpose or of a part', async () => {
    const { organisationId, ledger, decisions } = api
    const before = decisions.policy(organisationId)!.purposes.get('personalization')!
    const definition = before.versions.at(-1)!
    await ledger.publish(organisationId, [
      {
        act: 'purpose_published',
        version: 1,
        definition: { ...definition, key: 'personalization.health', categories: ['health'] },
      },
    ])
    const device = await child()
    expect(await device.stands('personalization')).toMatchObject({ step: 'guardian_stronger' })
    await ledger.publish(organisationId, [{ act: 'purpose_retired', purpose: 'personalization.health' }])
    expect(await device.stands('personalization')).toMatchObject({ step: 'guardian' })
  })

  test('the child’s own no ends what waits, and beats what is confirmed', async () => {
    const first = await waiting()
    await first.says('deny', 'personalization')
    expect(['confirmation_void', 'token_invalid']).toContain((await answer(first.code)).body.code)
    expect(await reasonFor(first.device, 'personalization')).toBe('consent_denied')
    expect((await first.asks(newAddress(), 'personalization')).body.code).toBe('conflict')
  })

  test('is asked no more once she may decide herself', async () => {
    const { code, device } = await waiting()
    await api.ledger.recordFact(
      api.organisationId,
      { namespace: 'device', id: device },
      {
        ...{ act: 'age_stated', atLeast: 18, below: null },
      },
    )
    expect((await answer(code)).body.code).toBe('confirmation_void')
    expect(await reasonFor(device, 'personalization')).toBe('never_asked')
  })

  test('a yes of her own that waited when she told her age counts no more', async () => {
    const device = await child(40)
    const address = newAddress()
    expect((await device.asks(address, 'analytics')).body.kind).toBe('confirm')
    await device.ageIs(12)
    expect((await answer(await codeTo(address))).body.code).toBe('confirmation_void')
  })
})
