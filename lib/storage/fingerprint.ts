import pg from 'pg'
import type { DatabaseAddress } from './database-address.ts'

/** This process has another secret key than the database was made with. `message` is for the operator. */
export class WrongSecretKey extends Error {
  override readonly name = 'WrongSecretKey'
}

/**
 * Binds a database to its root secret at the first start, and afterwards refuses any other: with the wrong one
 * no identifier would be found and every answer would be "never asked". Without `mayBind` nothing is written, and a
 * database that belongs to nobody yet is refused too.
 */
export async function checkFingerprint(
  serve: DatabaseAddress,
  fingerprint: string,
  source: string,
  options: { readonly mayBind: boolean } = { mayBind: true },
): Promise<void> {
  const client = new pg.Client(serve)
  await client.connect()
  try {
    if (options.mayBind) {
      await client.query(
        'INSERT INTO installation (secret_key_fingerprint) VALUES ($1) ON CONFLICT DO NOTHING',
        [fingerprint],
      )
    }
    const result = await client.query<{ secret_key_fingerprint: string }>(
      'SELECT secret_key_fingerprint FROM installation',
    )
    const known = result.rows[0]?.secret_key_fingerprint
    if (known === undefined)
      throw new Error('nobody has set up this database yet; start a node that writes first')
    if (known !== fingerprint) {
      throw new WrongSecretKey(
        `this database belongs to the secret key with the fingerprint ${known}, but ${source} has ${fingerprint}: ` +
          'set ASSENT_SECRET_KEY or ASSENT_SECRET_KEY_FILE to the key it was made with',
      )
    }
  } finally {
    await client.end()
  }
}
