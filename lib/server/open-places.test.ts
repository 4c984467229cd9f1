import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { openPlaces } from './open-places.ts'
import { writeAddressDatabase } from './testing/write-address-database.ts'

const dir = mkdtempSync(join(tmpdir(), 'assent-places-'))
const path = join(dir, 'addresses.mmdb')
let close = () => {}
afterEach(() => close())
afterAll(() => rmSync(dir, { recursive: true }))

const networks = {
  '192.0.2.0/25': { country: { iso_code: 'DE' } },
  '198.51.100.0/24': { country: { iso_code: 'US' }, subdivisions: [{ iso_code: 'CA' }] },
  '203.0.113.0/24': { continent: { code: 'EU' } },
  '2001:db8:1::/48': { country: { iso_code: 'FR' } },
  '2001:db8:2::/48': { country_code: 'JP' },
}

async function open(bytes: Buffer, countryHeader?: string) {
  writeFileSync(path, bytes)
  const said: string[] = []
  const options = { countryHeader, addressDatabase: path }
  const places = await openPlaces(options, { tell: (text) => said.push(text), lookEveryMs: 20 })
  close = places.close
  const from = (remoteAddress: string, headers: Record<string, string> = {}) =>
    places.placeOf({ headers, socket: { remoteAddress } } as unknown as IncomingMessage)
  return { from, said }
}

describe('where an address is, by a database in MaxMind’s format', () => {
  test.each([
    { address: '192.0.2.1', want: { country: 'DE', region: null } },
    { address: '::ffff:192.0.2.1', want: { country: 'DE', region: null } },
    { address: '198.51.100.7', want: { country: 'US', region: 'US-CA' } },
    { address: '2001:db8:1::7', want: { country: 'FR', region: null } },
    { address: '2001:db8:2::7', want: { country: 'JP', region: null } },
    { address: '203.0.113.9', want: undefined },
    { address: '192.0.2.200', want: undefined },
    { address: '127.0.0.1', want: undefined },
    { address: '2001:db8:3::1', want: undefined },
    { address: 'fe80::1%eth0', want: undefined },
    { address: '', want: undefined },
  ])('$address', async ({ address, want }) => {
    const { from } = await open(writeAddressDatabase(networks))
    expect(from(address)).toEqual(want)
  })

  test('a header that the proxy sets comes first', async () => {
    const { from } = await open(writeAddressDatabase(networks), 'x-country')
    expect(from('192.0.2.1', { 'x-country': 'JP' })).toEqual({ country: 'JP', region: null })
    expect(from('192.0.2.1', { 'x-country': 'XX' })).toEqual({ country: 'DE', region: null })
  })

  test.each([
    { name: 'text', bytes: Buffer.from('not a database') },
    { name: 'nothing', bytes: Buffer.alloc(0) },
    { name: 'half of one', bytes: writeAddressDatabase(networks).subarray(0, 200) },
    { name: 'one without its tree', bytes: writeAddressDatabase(networks).subarray(-180) },
  ])('a file that is $name fails at the start, with a sentence', async ({ bytes }) => {
    await expect(open(bytes)).rejects.toThrow(/addresses\.mmdb is no database of addresses/)
  })

  test('a file that is not there fails at the start, with a sentence', async () => {
    const options = { countryHeader: undefined, addressDatabase: join(dir, 'missing.mmdb') }
    await expect(openPlaces(options)).rejects.toThrow(/missing\.mmdb cannot be read/)
  })

  test('a file that is replaced is read again; a broken one changes nothing, and is told of', async () => {
    const { from, said } = await open(writeAddressDatabase(networks))
    const replace = (bytes: Buffer) => {
      writeFileSync(`${path}.new`, bytes)
      renameSync(`${path}.new`, path)
    }
    replace(writeAddressDatabase({ '192.0.2.0/24': { country: { iso_code: 'AT' } } }))
    await vi.waitFor(() => expect(from('192.0.2.1')?.country).toBe('AT'), { timeout: 20_000 })
    replace(Buffer.from('broken'))
    await vi.waitFor(() => expect(said.join()).toMatch(/is no database.*still used/), { timeout: 20_000 })
    expect(from('192.0.2.1')?.country).toBe('AT')
  })
})
