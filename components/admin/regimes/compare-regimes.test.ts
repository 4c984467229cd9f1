import { expect, test } from 'vitest'
import type { RegimeRules } from '../../../lib/client/regime-types.ts'
import { compareRegimes } from './compare-regimes.ts'
import { countryOptions, isNamed, placeName, regionOptions } from './place-names.ts'
import { gpcRefuses, resolveRule } from './resolve-rule.ts'

const regime: RegimeRules = {
  key: 'gdpr',
  name: 'GDPR',
  territories: ['DE'],
  rules: { ai_training: { rule: 'opt_in', basis: 'consent' } },
  fallback: { rule: 'opt_out', basis: 'legitimate_interests', optInBelowAge: 16 },
  ageBands: { default: 16, countries: { AT: 14 }, unstated: 'capable' },
  gpc: { counts: false, purposes: ['ads'] },
  consentLifetimeDays: 365,
}

test('only what differs between two versions is told, in words', () => {
  expect(compareRegimes(regime, regime)).toEqual([])
  const next: RegimeRules = { ...regime, territories: ['DE', 'US-CA'], consentLifetimeDays: 180 }
  expect(compareRegimes(regime, next)).toEqual([
    {
      name: 'Territories',
      from: ['Germany (DE)'],
      to: ['California, United States (US-CA)', 'Germany (DE)'],
      differs: true,
    },
    { name: 'A yes lasts', from: ['1 year'], to: ['180 days'], differs: true },
  ])
  const ages = compareRegimes(regime, { ...regime, ageBands: null })
  expect(ages).toMatchObject([
    { from: expect.arrayContaining(['from 14 in Austria']), to: ['asks for none'] },
  ])
})

test('a child follows its parent, and everything else what holds for the rest', () => {
  expect(resolveRule(regime, 'ai_training.tuning')).toMatchObject({ rule: 'opt_in', of: 'ai_training' })
  expect(resolveRule(regime, 'constructor')).toMatchObject({ rule: 'opt_out', of: null })
  expect(gpcRefuses(regime, { key: 'ads.near', saleOrSharing: false })).toBe(true)
  expect(gpcRefuses(regime, { key: 'adsense', saleOrSharing: true })).toBe(false)
})

test('places have names, and a slip in a code is seen', () => {
  expect(placeName('DE-SN')).toBe('Saxony, Germany')
  expect(placeName('JP-13')).toBe('JP-13, Japan')
  expect([isNamed('DE'), isNamed('US-CA'), isNamed('UK'), isNamed('QQ')]).toEqual([true, true, false, false])
  expect(countryOptions.length).toBeGreaterThan(230)
  expect(regionOptions(['JP-13', 'FR']).JP).toEqual([{ value: 'JP-13', name: 'JP-13' }])
})
