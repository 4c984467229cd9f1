import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The root of all keys: from the environment, from the file it names, or from `<dataDir>/secret.key`, which is
 * made (mode 0600) where nothing else is given. Throws where the text is not 32 bytes in base64url.
 */
export function loadSecretKey(options: {
  readonly key: string | undefined
  readonly file: string | undefined
  readonly dataDir: string
}): { readonly secret: Uint8Array; readonly source: string } {
  if (options.key !== undefined)
    return { secret: parse(options.key, 'ASSENT_SECRET_KEY'), source: 'ASSENT_SECRET_KEY' }
  const path = options.file ?? join(options.dataDir, 'secret.key')
  if (options.file === undefined && !existsSync(path)) {
    mkdirSync(options.dataDir, { recursive: true })
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  }
  return { secret: parse(readFileSync(path, 'utf8').trim(), path), source: path }
}

function parse(text: string, source: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64url')
  if (!/^[A-Za-z0-9_-]{43}=?$/.test(text) || bytes.length !== 32) {
    throw new Error(`${source} must hold 32 random bytes in base64url (43 characters)`)
  }
  return bytes
}
