import pg from 'pg'
import type { DatabaseAddress } from './database-address.ts'

/**
 * Binds a database to its root secret at the first start, and afterwards refuses any other: with the wrong one
 * no identifier would be found and every answer would be "never asked".
 */
export async function checkFingerprint(
  serve: DatabaseAddress,
  fingerprint: string,
  source: string,
): Promise<void> {
  const client = new pg.Client(serve)
  await client.connect()
  try {
    await client.query(
      'INSERT INTO installation (secret_key_fingerprint) VALUES ($1) ON CONFLICT DO NOTHING',
      [fingerprint],
    )
    const result = await client.query<{ secret_key_fingerprint: string }>(
      'SELECT secret_key_fingerprint FROM installation',
    )
    const known = result.rows[0]?.secret_key_fingerprint
    if (known !== fingerprint) {
      throw new Error(
        `this database belongs to the secret key with the fingerprint ${known}, but ${source} has ${fingerprint}: ` +
          'set ASSENT_SECRET_KEY or ASSENT_SECRET_KEY_FILE to the key it was made with',
      )
    }
  } finally {
    await client.end()
  }
}
