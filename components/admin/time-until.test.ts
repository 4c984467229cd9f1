import { expect, test } from 'vitest'
import { timeUntil } from './time-until.ts'

const minute = 60_000
const hour = 60 * minute

test.each([
  [0, 'now'],
  [-1, 'now'],
  [1, 'in less than a minute'],
  [minute, 'in 1 minute'],
  [hour - 1, 'in 59 minutes'],
  [23 * hour, 'in 23 hours'],
  [47 * hour, 'in 1 day'],
  [72 * hour, 'in 3 days'],
])('%s ms are told as %s', (leftMs, words) => {
  expect(timeUntil(1_000 + leftMs, 1_000)).toBe(words)
})
