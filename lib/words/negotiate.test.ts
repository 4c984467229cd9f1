import { describe, expect, test } from 'vitest'
import { acceptedTags, directionOf, nearest, negotiate } from './negotiate.ts'

describe('negotiate', () => {
  test.each([
    ['en-GB', 'en'],
    ['de-AT', 'de'],
    ['DE', 'de'],
    ['pt-BR', 'pt'],
    ['fr-CA', 'fr'],
    ['es-419', 'es'],
    ['zh', 'zh-Hans'],
    ['zh-CN', 'zh-Hans'],
    ['zh-SG', 'zh-Hans'],
    ['zh-TW', 'zh-Hant'],
    ['zh-HK', 'zh-Hant'],
    ['zh-Hant-MO', 'zh-Hant'],
    ['zh-Hans-TW', 'zh-Hans'],
    ['no', 'nb'],
    ['nn', 'nb'],
    ['nb-NO', 'nb'],
    ['iw', 'he'],
    ['mo', 'ro'],
    ['ar-EG', 'ar'],
    ['hi-Latn', 'hi'],
    ['uk_UA', 'uk'],
    ['sr', 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['x-klingon', 'en'],
    ['fa', 'en'],
  ])('%s is served by %s', (wanted, got) => {
    expect(negotiate(wanted)).toBe(got)
  })

  test('takes the first that is spoken', () => {
    expect(negotiate('fa', 'de', 'en')).toBe('de')
    expect(negotiate('sr-Latn-RS', 'hr', 'en')).toBe('hr')
    expect(negotiate()).toBe('en')
  })
})

describe('nearest', () => {
  test.each([
    { wanted: 'de', available: ['en', 'de-AT', 'de'], got: 'de' },
    { wanted: 'pt-BR', available: ['en', 'pt'], got: 'pt' },
    { wanted: 'pt', available: ['en', 'pt-BR'], got: 'pt-BR' },
    { wanted: 'zh-TW', available: ['zh-Hans', 'zh-Hant'], got: 'zh-Hant' },
    { wanted: 'zh-Hant', available: ['zh', 'en'], got: 'zh' },
    { wanted: 'nn-NO', available: ['en', 'no'], got: 'no' },
    { wanted: 'fr', available: ['en', 'de'], got: undefined },
    { wanted: '../../etc', available: ['en', 'de'], got: undefined },
  ])('of $available, $got serves $wanted', ({ available, wanted, got }) => {
    expect(nearest(available, wanted)).toBe(got)
  })
})

describe('acceptedTags', () => {
  test.each([
    { header: '', want: [] },
    { header: 'da, en-GB;q=0.8, en;q=0.7', want: ['da', 'en-GB', 'en'] },
    { header: 'en;q=0.3,fr;q=0.9 , de', want: ['de', 'fr', 'en'] },
    { header: 'fr;q=0, de, *;q=0.5', want: ['de'] },
    { header: 'fr;q=lots, de', want: ['de'] },
  ])('“$header” wants $want', ({ header, want }) => {
    expect(acceptedTags(header)).toEqual(want)
  })
})

describe('directionOf', () => {
  test.each(['ar', 'ar-EG', 'he', 'iw', 'fa', 'ur', 'yi', 'ku-Arab', 'AR'])(
    '%s runs right to left',
    (tag) => {
      expect(directionOf(tag)).toBe('rtl')
    },
  )

  test.each(['en', 'ar-Latn', 'ku', 'ja', 'zh-Hant', 'hi', 'arn', 'hello world'])(
    '%s runs left to right',
    (tag) => {
      expect(directionOf(tag)).toBe('ltr')
    },
  )
})
