import { describe, expect, test } from 'vitest'
import { alsoNeeded, answer, questions } from './choices.ts'
import type { ExperiencePurpose } from './experience.ts'

function aPurpose(key: string, changes: Partial<ExperiencePurpose> = {}): ExperiencePurpose {
  return {
    ...{ key, name: key, description: '', rule: 'opt_in', categories: [], recipients: [] },
    ...{ parent: key.includes('.') ? key.slice(0, key.lastIndexOf('.')) : null, retention_days: null },
    ...{
      retention: '',
      is_sale_or_sharing: false,
      is_sensitive: false,
      is_ai_training: false,
      is_asked: true,
    },
    ...changes,
  }
}
const asked = {
  purposes: [
    aPurpose('ads'),
    aPurpose('ads.own'),
    aPurpose('ads.own.mail'),
    aPurpose('ads.others'),
    aPurpose('service', { is_asked: false }),
    aPurpose('service.reports'),
    aPurpose('ai_training', { is_ai_training: true }),
  ],
}
const keys = (purposes: readonly ExperiencePurpose[]) => purposes.map(({ key }) => key)

test('a question is asked for what has no asked whole, and AI training never among the others', () => {
  expect(keys(questions(asked, 'other'))).toEqual(['ads', 'service.reports'])
  expect(keys(questions(asked, 'ai_training'))).toEqual(['ai_training'])
})

describe('what a yes to a part also needs', () => {
  test.each([
    { of: 'ads', want: [] },
    { of: 'ads.own', want: ['ads', 'ads.others'] },
    { of: 'ads.own.mail', want: ['ads', 'ads.own', 'ads.others'] },
    { of: 'service.reports', want: [] },
  ])('of $of', ({ of, want }) => {
    expect(keys(alsoNeeded(asked, of))).toEqual(want)
  })
})

test('a yes names its parts; a no takes back where there was a yes', () => {
  expect(answer(asked, 'ads.own', true, 'refused')).toEqual([
    { purpose: 'ads.own', act: 'grant' },
    { purpose: 'ads.own.mail', act: 'grant' },
  ])
  expect(answer(asked, 'ads', false, 'granted')).toEqual([{ purpose: 'ads', act: 'withdraw' }])
  expect(answer(asked, 'ads', false, 'never_asked')).toEqual([{ purpose: 'ads', act: 'deny' }])
})
