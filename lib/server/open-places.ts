import { unwatchFile, watchFile } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type CityResponse, Reader, validate } from 'maxmind'
import { createPlaces, type Places } from '../api/public/places.ts'

/** What databases of countries and cities know of an address; some know the country's code alone. */
type Found = {
  readonly country?: { readonly iso_code?: string }
  readonly country_code?: string
  readonly subdivisions?: readonly { readonly iso_code?: string }[]
}

/**
 * Where callers are, by header or by a file in MaxMind's format (country or city). The file is read again when it is
 * replaced; one that cannot be read then changes nothing, and `tell` hears of it. Rejects with a sentence where it cannot
 * be read at the start. `close` ends the watching.
 */
export async function openPlaces(
  options: { readonly countryHeader: string | undefined; readonly addressDatabase: string | undefined },
  { tell = (message: string): void => void process.stderr.write(`${message}\n`), lookEveryMs = 5_000 } = {},
): Promise<Places & { readonly close: () => void }> {
  const { countryHeader, addressDatabase: path } = options
  if (path === undefined) {
    return { ...createPlaces({ countryHeader, lookUp: undefined }), close: () => undefined }
  }
  let reader = await readDatabase(path)
  const look = async () => {
    try {
      reader = await readDatabase(path)
    } catch (error) {
      tell(`${(error as Error).message} The one that was read before is still used.`)
    }
  }
  const changed = () => void look()
  // By polling: it also sees a file that was put in its place, on whatever file system.
  watchFile(path, { persistent: false, interval: lookEveryMs }, changed)
  const places = createPlaces({
    countryHeader,
    lookUp(address) {
      const plain = address.replace(/^::ffff:/, '')
      const found = (validate(plain) ? reader.get(plain) : null) as Found | null
      const country = found?.country?.iso_code ?? found?.country_code
      if (country === undefined || country === '') return undefined
      const within = found?.subdivisions?.[0]?.iso_code
      return { country, region: within === undefined ? null : `${country}-${within}` }
    },
  })
  return { ...places, close: () => unwatchFile(path, changed) }
}

async function readDatabase(path: string): Promise<Reader<CityResponse>> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new Error(`ASSENT_ADDRESS_DATABASE: ${path} cannot be read (${cause.message}).`, { cause })
  })
  try {
    const reader = new Reader<CityResponse>(bytes)
    // One look proves that tree and data hold together.
    reader.get('192.0.2.1')
    return reader
  } catch (cause) {
    const reason = 'is no database of addresses in MaxMind’s format (.mmdb), or it is damaged.'
    throw new Error(`ASSENT_ADDRESS_DATABASE: ${path} ${reason}`, { cause })
  }
}
