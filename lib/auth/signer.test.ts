import { randomBytes } from 'node:crypto'
import { mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compactVerify, createLocalJWKSet } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSigner } from './signer.ts'
import { loadSigningKeys } from './signing-key.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'assent-signer-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

const load = (changes: { key?: string; file?: string } = {}) =>
  loadSigningKeys({ key: undefined, file: undefined, dataDir, ...changes })
const verify = async (jws: string, by: Awaited<ReturnType<typeof createSigner>>) =>
  compactVerify(jws, createLocalJWKSet({ keys: [...by.publicKeys] }), { algorithms: ['EdDSA'] })

describe('the signer', () => {
  // RFC 8032 §7.1, test 1; the thumbprint is RFC 8037 Appendix A.3's for that very key.
  test('knows the public key and thumbprint that the standards give for a private key', async () => {
    const current = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
    const signer = await createSigner({ current, previous: [] })
    expect(signer.publicKeys).toEqual([
      {
        kty: 'OKP',
        crv: 'Ed25519',
        x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
        kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
        alg: 'EdDSA',
        use: 'sig',
      },
    ])
  })

  test('what it signs is verified by its public keys, and names key and type', async () => {
    const signer = await createSigner(load())
    const { payload, protectedHeader } = await verify(await signer.sign('t+jws', { é: 1 }), signer)
    expect(JSON.parse(Buffer.from(payload).toString())).toEqual({ é: 1 })
    expect(protectedHeader).toEqual({ alg: 'EdDSA', typ: 't+jws', kid: signer.publicKeys[0]!.kid })
    const other = await createSigner({ current: randomBytes(32), previous: [] })
    await expect(verify(await other.sign('t+jws', {}), signer)).rejects.toThrow()
  })

  test('a key of its own is made once, for its owner’s eyes only', () => {
    const first = load()
    expect(load()).toEqual(first)
    expect(statSync(join(dataDir, 'signing.key')).mode & 0o777).toBe(0o600)
  })

  test('after a rotation new signatures have a new key, and old ones are still verified', async () => {
    const before = await createSigner(load())
    const signed = await before.sign('t+jws', { n: 1 })
    renameSync(join(dataDir, 'signing.key'), join(dataDir, 'signing.key.previous'))
    const after = await createSigner(load())
    expect(after.publicKeys.map(({ kid }) => kid)).toHaveLength(2)
    expect(after.publicKeys[0]!.kid).not.toBe(before.publicKeys[0]!.kid)
    expect(after.publicKeys[1]).toEqual(before.publicKeys[0])
    await verify(signed, after)
  })

  test('takes the key from the environment, and refuses what is none', () => {
    const key = randomBytes(32)
    expect(load({ key: key.toString('base64url') })).toEqual({ current: key, previous: [] })
    const file = join(dataDir, 'mounted')
    writeFileSync(file, 'too short')
    expect(() => load({ file })).toThrow(/mounted must hold 32 random bytes/)
  })
})
