import { expect, test } from 'vitest'
import { questionChartData } from './question-chart-data.ts'

const of = (purpose: string, reason: string, allowed: boolean, ...counts: number[]) => ({
  ...{ purpose, reason, allowed, counts },
})
const asked = {
  step: 'day',
  at: ['2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'],
  series: [
    of('analytics', 'never_asked', false, 1, 2),
    of('ai_training', 'never_asked', false, 10, 20),
    of('analytics', 'consent_given', true, 5, 0),
    of('analytics', 'consent_denied', false, 50, 0),
    of('analytics', 'consent_expired', false, 2, 0),
    of('analytics', 'stale', false, 0, 1),
  ],
} as const

test('reasons are parts of every bar, yes first, the commonest before others, and the rest is one', () => {
  expect(questionChartData(asked, null)).toEqual({
    steps: ['1 Nov', '2 Nov'],
    series: [
      { name: 'yes: consent_given', tone: 1, values: [5, 0] },
      { name: 'no: consent_denied', tone: 3, values: [50, 0] },
      { name: 'no: never_asked', tone: 4, values: [11, 22] },
      { name: 'no: consent_expired', tone: 5, values: [2, 0] },
      { name: 'other reasons', tone: 'rest', values: [0, 1] },
    ],
  })
})

test('one purpose can be looked at by itself', () => {
  expect(questionChartData(asked, 'ai_training').series).toEqual([
    { name: 'no: never_asked', tone: 3, values: [10, 20] },
  ])
})
