import { describe, expect, test } from 'vitest'
import { isDisallowed, parseContentUsage, trainingPreference } from './content-usage.ts'

describe('a Content-Usage field', () => {
  test.each([
    ['train-ai=n', { 'train-ai': 'n' }],
    ['train-ai=y, search=n', { 'train-ai': 'y', search: 'n' }],
    ['  train-ai=n  ', { 'train-ai': 'n' }],
    ['train-ai=y,\ttrain-ai=n', { 'train-ai': 'n' }],
    ['train-ai;exceptions="/a,b";x=?1', { 'train-ai': '?1' }],
    ['train-ai=("y" n;q=0.5)', { 'train-ai': '("y" n;q=0.5)' }],
    ['', {}],
  ])('%j has the members %j', (text, members) => {
    expect(Object.fromEntries(parseContentUsage(text) ?? [['error', '']])).toEqual(members)
  })

  test.each([
    'train-ai=',
    'Train-AI=n',
    'train-ai=n search=n',
    'train-ai=n,',
    ',train-ai=n',
    '"x"',
    'a=\u00e4',
    'a=n;;b',
  ])('%j is none, so that all of it is void', (text) => expect(parseContentUsage(text)).toBeUndefined())
})

test.each([
  { statements: [], said: 'unknown' },
  { statements: ['search=n'], said: 'unknown' },
  { statements: ['train-ai=maybe'], said: 'unknown' },
  { statements: ['train-ai=n,'], said: 'unknown' },
  { statements: ['train-ai=y'], said: 'allowed' },
  { statements: ['train-ai=y', 'search=n'], said: 'allowed' },
  { statements: ['train-ai=y', 'train-ai=n'], said: 'disallowed' },
  { statements: ['train-ai=N'], said: 'unknown' },
])('$statements together say $said', ({ statements, said }) => {
  expect(trainingPreference(statements)).toBe(said)
})

test('a preference against training holds for training and its parts alone', () => {
  const against = ['train-ai=n']
  const purposes = ['ai_training', 'ai_training.fine_tuning', 'analytics', 'ai_trainings']
  expect(purposes.map((purpose) => isDisallowed(purpose, against))).toEqual([true, true, false, false])
})
