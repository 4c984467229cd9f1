import { type CityResponse, open } from 'maxmind'
import { createPlaces, type Places } from '../api/public/places.ts'

/**
 * Where callers are, by header or by a MaxMind database (country or city). The file is read again when it is replaced.
 * Rejects where it is none.
 */
export async function openPlaces(options: {
  readonly countryHeader: string | undefined
  readonly addressDatabase: string | undefined
}): Promise<Places> {
  const { countryHeader, addressDatabase } = options
  if (addressDatabase === undefined) return createPlaces({ countryHeader, lookUp: undefined })
  const reader = await open<CityResponse>(addressDatabase, {
    watchForUpdates: true,
    watchForUpdatesNonPersistent: true,
  })
  return createPlaces({
    countryHeader,
    lookUp(address) {
      const found = reader.get(address.replace(/^::ffff:/, ''))
      const country = found?.country?.iso_code
      if (country === undefined) return undefined
      const within = found?.subdivisions?.[0]?.iso_code
      return { country, region: within === undefined ? null : `${country}-${within}` }
    },
  })
}
