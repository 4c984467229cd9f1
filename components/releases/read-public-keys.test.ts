import { describe, expect, test } from 'vitest'
import { readPublicKeys } from './read-public-keys.ts'

const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }

describe('public keys, as they are typed', () => {
  test.each([
    { name: 'one key', text: key },
    { name: 'a list', text: [key] },
    { name: 'a key set', text: { keys: [{ ...key, key_ops: ['verify'], ext: true }] } },
  ])('are read from $name', ({ text }) => {
    expect(readPublicKeys(JSON.stringify(text))).toEqual({ keys: [key] })
  })

  test.each([
    { name: 'a private key', text: JSON.stringify({ ...key, d: 'secret' }), want: /private key/ },
    { name: 'a shared secret', text: JSON.stringify({ kty: 'oct', k: 'secret' }), want: /shared secret/ },
    { name: 'a private key in PEM', text: '-----BEGIN PRIVATE KEY-----\nMC4', want: /private key/ },
    { name: 'PEM', text: '-----BEGIN PUBLIC KEY-----\nMCow', want: /PEM/ },
    { name: 'text', text: 'a key', want: /not JSON/ },
    { name: 'an empty set', text: '{"keys":[]}', want: /no key in it/ },
    { name: 'something else', text: '[1]', want: /no key: a key has/ },
  ])('are not taken from $name', ({ text, want }) => {
    const { fault, keys } = readPublicKeys(text)
    expect(keys).toBeUndefined()
    expect(fault).toMatch(want)
  })
})
