import { expect, test } from 'vitest'
import { territoryFault } from '../domain/territories.ts'
import { gdprTerritories } from './gdpr-territories.ts'
import { starterRegimes } from './starter-regimes.ts'

/** A slip in a code would leave a country without its regime, silently. */
test('the starter regimes claim codes of the right form, and none claims another’s', () => {
  const claimed = starterRegimes.flatMap(({ territories }) => territories ?? [])
  expect(claimed.map(territoryFault)).toEqual(claimed.map(() => undefined))
  expect(new Set(claimed).size).toBe(claimed.length)
  // 27 member states, 7 parts of them, 3 states of the Economic Area, the United Kingdom.
  expect(gdprTerritories).toHaveLength(38)
})
