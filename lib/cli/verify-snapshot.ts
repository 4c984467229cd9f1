import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { exitCodes, usage } from './exit-codes.ts'

export const verifyHelp = `  assent verify-snapshot FILE SIGNATURE --keys JWKS
      Whether FILE is the snapshot that was signed, byte for byte. SIGNATURE is what
      /v1/snapshots/{purpose}/{id}/signature answered, JWKS what /.well-known/jwks.json did: no server is asked.
      Exits 0 where it is, 1 where it is not.`

/** What a snapshot's signature says of it, as far as it is looked at here. */
type Statement = {
  readonly purpose: string
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
  readonly created_at: string
  readonly use_until: string | null
  readonly revision: { readonly from: string; readonly to: string }
}

/** `assent verify-snapshot`: checks a snapshot offline. Prints what was signed, or why it is not believed. */
export async function verifySnapshot(args: readonly string[]): Promise<number> {
  const { file, signature, keys } = readArguments(args)
  const statement = statementOf(readText(signature), readText(keys))
  if (typeof statement === 'string') return refuse(statement)
  const hash = createHash('sha256')
  let bytes = 0
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      hash.update(chunk)
      bytes += chunk.length
    }
  } catch (error) {
    throw usage((error as Error).message)
  }
  if (bytes !== statement.bytes || hash.digest('hex') !== statement.sha256) {
    return refuse(`${file} is not the file that was signed`)
  }
  process.stdout.write(
    `Signed: ${statement.rows} rows for ${statement.purpose}, made ${statement.created_at}; ` +
      `go on in the change feed from ${statement.revision.from}.\n`,
  )
  return exitCodes.ok
}

function readArguments(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { keys: { type: 'string' } },
    })
    const [file, signature, ...more] = positionals
    if (file === undefined || signature === undefined || more.length > 0 || values.keys === undefined) {
      throw new Error('a file, its signature and --keys are needed')
    }
    return { file, signature, keys: values.keys }
  } catch (error) {
    throw usage(`${(error as Error).message}\n\n${verifyHelp}`)
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw usage((error as Error).message)
  }
}

function refuse(why: string): number {
  process.stderr.write(`Not verified: ${why}.\n`)
  return exitCodes.no
}

/** What was signed, or why the signature is not believed. Only EdDSA of the right type counts (RFC 7515, RFC 8037). */
function statementOf(answered: string, jwks: string): Statement | string {
  const compact = /"signature":"([^"]*)"/.exec(answered)?.[1] ?? answered.trim()
  const [header = '', payload = '', signature = '', ...more] = compact.split('.')
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString())
  let named: { readonly alg?: unknown; readonly typ?: unknown; readonly kid?: unknown }
  try {
    named = read(header) as typeof named
  } catch {
    return 'the signature is no JWS'
  }
  if (more.length > 0 || named.alg !== 'EdDSA' || named.typ !== 'assent-snapshot+jws') {
    return 'the signature is not a snapshot’s'
  }
  const key = keysOf(jwks).find(({ kid, crv }) => kid === named.kid && crv === 'Ed25519')
  if (key === undefined) return 'its key is not among those given'
  const isSigned = verify(
    null,
    Buffer.from(`${header}.${payload}`),
    createPublicKey({ key, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  )
  return isSigned ? (read(payload) as Statement) : 'the signature does not hold'
}

function keysOf(jwks: string): readonly (JsonWebKey & { readonly kid?: string })[] {
  try {
    const { keys } = JSON.parse(jwks) as { keys: readonly JsonWebKey[] }
    return [...keys]
  } catch {
    throw usage('--keys must name a file with what /.well-known/jwks.json answered')
  }
}
