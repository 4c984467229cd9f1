import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

const day = 86_400_000
/** A Monday. */
const startMs = Date.UTC(2026, 0, 5, 9)
let nowMs = startMs
let api: RunningApi

beforeAll(async () => {
  api = await startApi({ clock: () => nowMs })
  const say = (id: string, act: 'grant' | 'deny' | 'withdraw', property: string | null = 'demo') =>
    api.ledger.recordConsents(
      aConsent(api.organisationId, {
        ...{ subject: { namespace: 'user', id }, property, regime: 'gdpr' },
        choices: [{ purpose: 'ai_training', act }],
      }),
      null,
    )
  await say('a', 'grant')
  await say('b', 'grant')
  await say('c', 'deny')
  nowMs += 2 * day
  await say('a', 'withdraw')
  nowMs += 6 * day
  await say('d', 'grant', null)
})
afterAll(() => api.close())

const get = async (path: string, headers = {}) => (await api.call('GET', path, undefined, headers)).body

describe('the overview', () => {
  test('counts answers by day and purpose, with rates of those who were asked', async () => {
    expect(await get('/v1/overview/consents?from=2026-01-05&to=2026-01-13')).toMatchObject({
      ...{ from: '2026-01-05', to: '2026-01-13', is_current: true },
      series: [
        {
          purpose: 'ai_training',
          points: [
            { at: '2026-01-05', granted: 2, refused: 1, withdrawn: 0 },
            { at: '2026-01-07', granted: 0, refused: 0, withdrawn: 1 },
            { at: '2026-01-13', granted: 1, refused: 0, withdrawn: 0 },
          ],
          totals: { asked: 4, granted: 3, granted_rate: 0.75, refused_rate: 0.25, withdrawn: 1 },
        },
      ],
    })
  })

  test('adds up by week from Monday, of one property, and of what lies between the days alone', async () => {
    const body = await get('/v1/overview/consents?from=2026-01-05&to=2026-01-13&step=week&property=demo')
    expect(body.series).toMatchObject([{ points: [{ at: '2026-01-05', granted: 2, withdrawn: 1 }] }])
    expect(await get('/v1/overview/consents?from=2026-01-06&to=2026-01-12')).toMatchObject({
      series: [{ points: [{ at: '2026-01-07' }], totals: { asked: 0, granted_rate: null } }],
    })
    expect(await get('/v1/overview/consents?from=2026-01-06&to=2026-01-01')).toMatchObject({
      code: 'parameter_invalid',
    })
  })

  test('tells how long a yes stood that was withdrawn', async () => {
    const { withdraw_delays: delays } = (await get('/v1/overview/consents?from=2026-01-05')) as {
      withdraw_delays: { bounds_ms: number[]; purposes: { purpose: string; counts: number[] }[] }
    }
    const { counts } = delays.purposes[0]!
    expect(counts).toHaveLength(delays.bounds_ms.length + 1)
    // Two days exactly: no longer below the bound of two days.
    expect(delays.bounds_ms[counts.indexOf(1)]).toBe(7 * day)
  })

  test('says where a purpose stands by regime, each person once, and who was never asked', async () => {
    const { coverage } = (await get('/v1/overview/coverage')) as {
      coverage: { purpose: string; regimes: string[] }[]
    }
    expect(coverage.find(({ purpose }) => purpose === 'ai_training')).toMatchObject({
      ...{ regimes: ['gdpr'], subjects: 4, never_asked: 0 },
      states: { granted: 2, refused: 2, superseded: 0 },
    })
    expect(coverage.find(({ purpose }) => purpose === 'analytics')).toMatchObject({ never_asked: 4 })
    nowMs += 300 * day
    const later = (await get('/v1/overview/coverage')) as { coverage: { purpose: string }[] }
    expect(later.coverage.find(({ purpose }) => purpose === 'ai_training')).toMatchObject({
      states: { granted: 0, refused: 2 },
    })
  })

  test('is an organisation’s own', async () => {
    const { key } = await otherOrganisation(api)
    const headers = { Authorization: `Bearer ${key}` }
    expect((await get('/v1/overview/consents?from=2026-01-05', headers)).series).toEqual([])
    expect((await get('/v1/overview/coverage', headers)).coverage).toEqual([])
  })
})
