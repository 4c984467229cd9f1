import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** 32 secret bytes, and where they came from. */
export type LoadedKey = { readonly secret: Uint8Array; readonly source: string }

/**
 * Reads 32 secret bytes: `given` by the environment variable `name`, else from `file`, else from `ownFile`, which is
 * made (mode 0600) where it is missing. Throws where the text is not 32 bytes in base64url.
 */
export function loadKey(options: {
  readonly name: string
  readonly given: string | undefined
  readonly file: string | undefined
  readonly ownFile: string
}): LoadedKey {
  const { name, given, file, ownFile } = options
  if (given !== undefined) return { secret: parseKey(given, name), source: name }
  const path = file ?? ownFile
  if (file === undefined && !existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  }
  return { secret: readKeyFile(path), source: path }
}

/** Throws where the file does not hold 32 bytes in base64url. */
export function readKeyFile(path: string): Uint8Array {
  return parseKey(readFileSync(path, 'utf8').trim(), path)
}

function parseKey(text: string, source: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64url')
  if (!/^[A-Za-z0-9_-]{43}=?$/.test(text) || bytes.length !== 32) {
    throw new Error(`${source} must hold 32 random bytes in base64url (43 characters)`)
  }
  return bytes
}
