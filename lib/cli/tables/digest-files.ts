import { createHash } from 'node:crypto'
import { createReadStream, readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { Digest, FileDigest } from '../filter/report.ts'

/**
 * SHA-256 of a file; of several, of the lines `<sha256>  <path>` that `sha256sum` prints for them, in order, and each
 * file's own besides.
 */
export async function digestFiles(
  paths: readonly string[],
  nameOf: (path: string) => string = (path) => path,
): Promise<Digest & { readonly files?: readonly FileDigest[] }> {
  const files: FileDigest[] = []
  for (const path of paths) files.push({ path: nameOf(path), ...(await digestFile(path)) })
  if (files.length === 1) return { bytes: files[0]!.bytes, sha256: files[0]!.sha256 }
  const sum = files.map(({ path, sha256 }) => `${sha256}  ${path}\n`).join('')
  return {
    bytes: files.reduce((all, { bytes }) => all + bytes, 0),
    sha256: createHash('sha256').update(sum).digest('hex'),
    files,
  }
}

/** The same of a file, or of all files in a directory by their paths within it. */
export async function digestOutput(
  path: string,
): Promise<Digest & { readonly files?: readonly FileDigest[] }> {
  if (!statSync(path).isDirectory()) return digestFiles([path])
  const found = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
  return digestFiles(found, (file) => relative(path, file))
}

async function digestFile(path: string): Promise<Digest> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, sha256: hash.digest('hex') }
}
