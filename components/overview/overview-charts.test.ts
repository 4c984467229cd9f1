import { describe, expect, test } from 'vitest'
import { answersChart, delaysChart, medianDelay, stepsBetween } from './overview-charts.ts'
import type { ConsentsOverview, PurposeSeries } from './overview-types.ts'

const none = { granted: 0, refused: 0, withdrawn: 0, objected: 0, expired: 0 }
const over: ConsentsOverview = {
  ...{ from: '2026-11-23', to: '2026-11-25', step: 'day', series: [], is_current: true },
  withdraw_delays: { bounds_ms: [], purposes: [] },
}

describe('the charts of the overview', () => {
  test('a day on which nothing was said is there, and a part that never was is not', () => {
    const series: PurposeSeries = {
      purpose: 'analytics',
      points: [
        { at: '2026-11-23', ...none, granted: 2 },
        { at: '2026-11-25', ...none, granted: 1, withdrawn: 1 },
      ],
      totals: { ...none, granted: 3, withdrawn: 1, asked: 3, granted_rate: 1, refused_rate: 0 },
    }
    expect(answersChart(series, over)).toEqual({
      steps: ['23 Nov', '24 Nov', '25 Nov'],
      series: [
        { name: 'yes', tone: 1, values: [2, 0, 1] },
        { name: 'taken back', tone: 4, values: [0, 0, 1] },
      ],
    })
  })

  test('weeks begin on the Monday at or before the first day', () => {
    expect(stepsBetween('2026-11-25', '2026-12-08', 'week')).toEqual([
      '2026-11-23',
      '2026-11-30',
      '2026-12-07',
    ])
    expect(stepsBetween('2026-11-23', '2026-11-23', 'week')).toEqual(['2026-11-23'])
    // A Sunday belongs to the week before.
    expect(stepsBetween('2026-11-29', '2026-11-29', 'week')).toEqual(['2026-11-23'])
  })

  test('delays are named by their bounds, and the middle one is found', () => {
    const bounds = [60_000, 7_200_000, 172_800_000]
    expect(delaysChart(bounds, [1, 2, 3, 4]).steps).toEqual([
      '< 1 minute',
      '< 2 hours',
      '< 2 days',
      '≥ 2 days',
    ])
    expect(medianDelay(bounds, [0, 0, 0, 0])).toBeNull()
    expect(medianDelay(bounds, [1, 2, 1, 0])).toBe('under 2 hours')
    expect(medianDelay(bounds, [0, 0, 0, 5])).toBe('over 2 days')
  })
})
