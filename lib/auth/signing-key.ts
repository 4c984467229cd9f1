import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { loadKey, readKeyFile } from './key-file.ts'

export type SigningKeys = {
  /** The Ed25519 private key that signs (RFC 8032: 32 bytes). */
  readonly current: Uint8Array
  /** Those that signed before; what they signed is still verified. */
  readonly previous: readonly Uint8Array[]
}

/**
 * The keys of signatures: from the environment, from the file it names, or from `<dataDir>/signing.key`, which is made
 * where nothing else is given. Earlier keys are the files beside it whose names begin with its name and `.previous`; a
 * key is rotated by renaming its file so and starting again. Throws where one does not hold 32 bytes in base64url.
 */
export function loadSigningKeys(options: {
  readonly key: string | undefined
  readonly file: string | undefined
  readonly dataDir: string
}): SigningKeys {
  const { key, file, dataDir } = options
  const ownFile = join(dataDir, 'signing.key')
  const { secret } = loadKey({ name: 'ASSENT_SIGNING_KEY', given: key, file, ownFile })
  const path = file ?? ownFile
  const folder = dirname(path)
  const previous = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.startsWith(`${basename(path)}.previous`))
        .sort()
        .map((name) => readKeyFile(join(folder, name)))
    : []
  return { current: secret, previous }
}
