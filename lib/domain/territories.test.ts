import { describe, expect, test } from 'vitest'
import { checkPublish } from './check-publish.ts'
import { countryOf, isWithin, regimesFor, territoryFault } from './territories.ts'
import { aRegime, History } from './testing/history.ts'

const regime = (key: string, ...territories: string[]) => ({
  act: 'regime_published' as const,
  version: 1,
  definition: aRegime(key, { territories }),
})
const world = History.begin(regime('gdpr', 'DE', 'FR'), regime('saxony', 'DE-SN'), regime('ccpa', 'US-CA'))
  .policy!

describe('regimesFor', () => {
  test.each([
    { name: 'a country', place: { country: 'FR', region: null }, want: ['gdpr FR'] },
    {
      name: 'a region’s regime before its country’s: both hold there',
      place: { country: 'DE', region: 'DE-SN' },
      want: ['saxony DE-SN', 'gdpr DE'],
    },
    {
      name: 'a region nobody claims, by its country',
      place: { country: 'DE', region: 'DE-BY' },
      want: ['gdpr DE'],
    },
    {
      name: 'a region alone tells its country',
      place: { country: null, region: 'DE-BY' },
      want: ['gdpr DE'],
    },
    {
      name: 'a region in a country nobody claims',
      place: { country: 'US', region: 'US-CA' },
      want: ['ccpa US-CA'],
    },
    {
      name: 'a country of which only a region is claimed: unknown',
      place: { country: 'US', region: null },
      want: undefined,
    },
    { name: 'a place nobody claims: unknown', place: { country: 'JP', region: 'JP-13' }, want: undefined },
    { name: 'no place: unknown', place: { country: null, region: null }, want: undefined },
  ])('$name', ({ place, want }) => {
    expect(regimesFor(world, place)?.map(({ key, territory }) => `${key} ${territory}`)).toEqual(want)
  })

  test('one regime that claims both is named once', () => {
    const { policy } = History.begin(regime('both', 'DE', 'DE-SN'))
    expect(regimesFor(policy!, { country: 'DE', region: 'DE-SN' })).toEqual([
      { key: 'both', territory: 'DE-SN' },
    ])
  })
})

describe('what may claim a territory', () => {
  test.each(['DE', 'US-CA', 'GB-ENG', 'FR-2A', 'JP-13'])('%s has the form of a code', (code) => {
    expect(territoryFault(code)).toBeUndefined()
  })
  test.each([
    ['de', 'is neither a country'],
    ['DEU', 'is neither a country'],
    ['DE-', 'is neither a country'],
    ['DE-ABCD', 'is neither a country'],
    ['', 'is neither a country'],
    ['UK', 'ISO 3166-1 says GB'],
    ['EL', 'ISO 3166-1 says GR'],
  ])('%j is refused', (code, words) => {
    expect(territoryFault(code)).toContain(words)
    expect(() => checkPublish(world, regime('other', code))).toThrow(words)
  })
  test('no territory belongs to two regimes, nor twice to one', () => {
    expect(() => checkPublish(world, regime('other', 'JP', 'DE'))).toThrow('claimed by the regime gdpr')
    expect(() => checkPublish(world, regime('other', 'JP', 'JP'))).toThrow('is there twice')
    // Its own next version keeps what it has.
    const next = {
      act: 'regime_published' as const,
      version: 2,
      definition: aRegime('gdpr', { territories: ['DE'] }),
    }
    expect(() => checkPublish(world, next)).not.toThrow()
  })
})

test('a region lies in its country, and tells it where nothing else does', () => {
  expect(countryOf({ country: null, region: 'DE-SN' })).toBe('DE')
  expect(countryOf({ country: 'DE', region: null })).toBe('DE')
  expect(isWithin({ country: 'DE', region: 'DE-SN' })).toBe(true)
  expect(isWithin({ country: 'FR', region: 'DE-SN' })).toBe(false)
})
