import type { IncomingMessage } from 'node:http'
import type { Place } from '../../domain/territories.ts'
import { peerAddress } from '../peer-address.ts'

/** Looks an address up; undefined where it is not known. */
export type AddressLookup = (address: string) => Place | undefined

/**
 * Where a caller is: as a header says that the proxy in front of this server sets, else as a database of addresses knows.
 * Undefined where neither tells; then the strictest of all regimes is served.
 */
export function createPlaces(options: {
  /** In lower case; only a proxy that overwrites it may be trusted with it. */
  readonly countryHeader: string | undefined
  readonly lookUp: AddressLookup | undefined
}) {
  const { countryHeader, lookUp } = options

  function placeOf(request: IncomingMessage): Place | undefined {
    const told = countryHeader === undefined ? undefined : request.headers[countryHeader]
    const named = typeof told === 'string' ? parsePlace(told) : undefined
    return named ?? lookUp?.(peerAddress(request))
  }

  return {
    placeOf,
    /** Headers by which answers differ, for `Vary`. */
    variesBy: countryHeader === undefined ? [] : [countryHeader],
  }
}

export type Places = ReturnType<typeof createPlaces>

/** `DE` or `US-CA`; codes that mean no country (`XX`, `T1`) tell nothing. */
function parsePlace(text: string): Place | undefined {
  const code = text.trim().toUpperCase()
  if (/^[A-Z]{2}-[A-Z0-9]{1,3}$/.test(code)) return { country: code.slice(0, 2), region: code }
  return /^[A-Z]{2}$/.test(code) && code !== 'XX' ? { country: code, region: null } : undefined
}
