import { join } from 'node:path'
import { type LoadedKey, loadKey } from './key-file.ts'

/**
 * The root of all keys but the signing key: from the environment, from the file it names, or from
 * `<dataDir>/secret.key`, which is made where nothing else is given. Throws where the text is not 32 bytes in base64url.
 */
export function loadSecretKey(options: {
  readonly key: string | undefined
  readonly file: string | undefined
  readonly dataDir: string
}): LoadedKey {
  const { key, file, dataDir } = options
  return loadKey({ name: 'ASSENT_SECRET_KEY', given: key, file, ownFile: join(dataDir, 'secret.key') })
}
