import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPrisma } from '../storage/open-prisma.ts'
import { createUsageStore } from '../storage/usage.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
/** A noon, so that days have two ends of minutes. */
const nowMs = Math.floor(Date.now() / dayMs) * dayMs + dayMs / 2

let api: RunningApi
beforeAll(async () => {
  api = await startApi({ clock: () => nowMs })
})
afterAll(() => api.close())

type Made = { id: string; key: string }
type Service = { key: string; state: string; decisions: number; denied: number; purposes: object[] }
const bearer = (key: string) => ({ Authorization: `Bearer ${key}` })

async function make(): Promise<Made> {
  const made = await api.call('POST', '/v1/keys', { name: 'Trainer', scopes: ['decisions:read'] })
  return made.body as Made
}
/** Counts as a process stores them: so many of a reason, so long ago. */
async function stored(
  key: string,
  counts: readonly (readonly [agoMs: number, reason: string, count: number])[],
) {
  const prisma = openPrisma(api.database.serve)
  const rows = counts.map(([agoMs, reason, count]) => ({
    ...{ organisationId: api.organisationId, key, purpose: 'analytics', reason, count },
    minuteMs: Math.floor((nowMs - agoMs) / minuteMs) * minuteMs,
  }))
  await createUsageStore(prisma).add(crypto.randomUUID(), rows as never, [])
  await prisma.$disconnect()
}
const serviceOf = async (id: string, query = '') =>
  ((await api.call('GET', `/v1/services${query}`)).body.services as Service[]).find(({ key }) => key === id)
const iso = (agoMs: number) => new Date(nowMs - agoMs).toISOString()

describe('GET /v1/services', () => {
  test('adds up what each key asked, to the minute, whether a part of the time is read by the day or not', async () => {
    const { id } = await make()
    await stored(id, [
      [0, 'consent_given', 1],
      [10 * minuteMs, 'never_asked', 2],
      [dayMs, 'never_asked', 4],
      [3 * dayMs, 'consent_given', 8],
      [3 * dayMs + minuteMs, 'consent_given', 16],
      [200 * dayMs, 'consent_given', 32],
    ])
    const over = async (fromAgoMs: number, toAgoMs = -minuteMs) =>
      serviceOf(id, `?from=${iso(fromAgoMs)}&to=${iso(toAgoMs)}`)
    expect(await over(11 * minuteMs)).toMatchObject({ decisions: 3, denied: 2 })
    expect(await over(11 * minuteMs, 0)).toMatchObject({ decisions: 2, denied: 2 })
    expect(await over(3 * dayMs)).toMatchObject({ decisions: 15, denied: 6 })
    expect(await over(3 * dayMs + minuteMs)).toMatchObject({ decisions: 31, denied: 6 })
    expect(await over(300 * dayMs)).toMatchObject({
      ...{ state: 'live', decisions: 63, denied: 6, last_asked_at: iso(0) },
      purposes: [{ purpose: 'analytics', decisions: 63, denied: 6, is_new: true }],
    })
  })

  test('shows live keys that asked nothing, and others only where they asked in that time', async () => {
    const [idle, gone] = [await make(), await make()]
    await stored(gone.id, [[5 * dayMs, 'never_asked', 1]])
    await api.call('DELETE', `/v1/keys/${gone.id}`)
    expect(await serviceOf(idle.id)).toMatchObject({ state: 'live', decisions: 0, last_asked_at: null })
    expect(await serviceOf(gone.id)).toMatchObject({ state: 'revoked', decisions: 1 })
    expect(await serviceOf(gone.id, `?from=${iso(dayMs)}`)).toBeUndefined()
  })
})

describe('GET /v1/services/{key}/questions', () => {
  const questions = async (id: string, query: string) =>
    (await api.call('GET', `/v1/services/${id}/questions?${query}`)).body as {
      at: string[]
      series: { purpose: string; reason: string; counts: number[] }[]
    }

  test.each(['minute', 'hour', 'day'] as const)('gives a series for each reason, by the %s', async (step) => {
    const { id } = await make()
    const stepMs = { minute: minuteMs, hour: 60 * minuteMs, day: dayMs }[step]
    await stored(id, [
      [0, 'never_asked', 3],
      [2 * stepMs, 'never_asked', 5],
      [2 * stepMs, 'consent_given', 7],
      [9 * stepMs, 'consent_given', 11],
    ])
    const { at, series } = await questions(id, `from=${iso(2 * stepMs)}&step=${step}`)
    expect(at).toHaveLength(3)
    expect(Date.parse(at[1]!) - Date.parse(at[0]!)).toBe(stepMs)
    expect(series.sort((a, b) => (a.reason < b.reason ? -1 : 1))).toEqual([
      { purpose: 'analytics', reason: 'consent_given', allowed: true, counts: [7, 0, 0] },
      { purpose: 'analytics', reason: 'never_asked', allowed: false, counts: [5, 0, 3] },
    ])
  })

  test.each([
    `from=${iso(2 * dayMs)}&step=minute`,
    `from=${iso(0)}&to=${iso(dayMs)}`,
    `from=${iso(2_000 * dayMs)}`,
    'from=yesterday',
    'step=week',
  ])('refuses %s', async (query) => {
    const { id } = await make()
    const refused = await api.call('GET', `/v1/services/${id}/questions?${query}`)
    expect(refused).toMatchObject({ status: 400, body: { code: 'parameter_invalid' } })
  })

  test('gives nothing of another organisation, in the list neither', async () => {
    const other = await otherOrganisation(api)
    const { id } = await make()
    await stored(id, [[0, 'never_asked', 1]])
    const theirs = await api.call('GET', `/v1/services/${id}/questions`, undefined, bearer(other.key))
    expect(theirs).toMatchObject({ status: 404, body: { code: 'not_found' } })
    const { services } = (await api.call('GET', '/v1/services', undefined, bearer(other.key))).body
    expect((services as Service[]).map(({ decisions }) => decisions)).toEqual([0])
    const { first_uses } = (await api.call('GET', '/v1/first-uses', undefined, bearer(other.key))).body
    expect(first_uses).toEqual([])
  })
})

describe('the first use of a purpose', () => {
  const ask = (key: string, purpose: string) =>
    api.call('POST', '/v1/check', { subject: 'user:alice', purpose }, bearer(key))
  const unseen = async (id: string) => {
    await api.usage.flush()
    const { first_uses } = (await api.call('GET', '/v1/first-uses')).body
    return (first_uses as { key: string; purpose: string }[])
      .filter(({ key }) => key === id)
      .map(({ purpose }) => purpose)
      .sort()
  }

  test('waits until someone has seen it, who is written down, and does not come again', async () => {
    const { id, key } = await make()
    await ask(key, 'analytics')
    await ask(key, 'ai_training')
    await ask(key, 'made-up-1')
    await ask(key, 'made-up-2')
    expect(await unseen(id)).toEqual(['ai_training', 'analytics', 'other'])
    const officer = await api.signInAs('officer')
    const see = () => api.call('POST', '/v1/first-uses/seen', { key: id, purpose: 'ai_training' }, officer)
    expect((await see()).status).toBe(200)
    expect((await see()).status).toBe(200)
    await ask(key, 'ai_training')
    expect(await unseen(id)).toEqual(['analytics', 'other'])
    const prisma = openPrisma(api.database.serve)
    const acts = await prisma.adminAct.findMany({ where: { act: 'first_use_seen' } })
    await prisma.$disconnect()
    expect(acts).toMatchObject([
      { actor: expect.stringMatching(/^member:/), detail: { key: id, purpose: 'ai_training' } },
    ])
  })

  test('is none where the key before asked the same, and is one where it did not', async () => {
    const { id, key } = await make()
    await ask(key, 'analytics')
    await api.usage.flush()
    const rotated = await api.call('POST', `/v1/keys/${id}/rotate`, { overlap_hours: 1 })
    const successor = rotated.body as Made
    await ask(successor.key, 'analytics')
    await ask(successor.key, 'ai_training')
    expect(await unseen(successor.id)).toEqual(['ai_training'])
  })

  test('is that of the key before where both ask within one minute', async () => {
    const { id, key } = await make()
    const successor = (await api.call('POST', `/v1/keys/${id}/rotate`, { overlap_hours: 1 })).body as Made
    await ask(key, 'analytics')
    await ask(successor.key, 'analytics')
    expect([await unseen(id), await unseen(successor.id)]).toEqual([['analytics'], []])
  })
})
