import { existsSync, readdirSync, statSync } from 'node:fs'

export const formats = ['ndjson', 'csv', 'parquet'] as const
export type Format = (typeof formats)[number]

export const isFormat = (text: string): text is Format => formats.includes(text as Format)

/** The format that a path's name says; `otherwise` where it says none. */
export function formatOf(path: string, otherwise: Format = 'ndjson'): Format {
  const name = path.toLowerCase().replace(/\.(gz|zst)$/, '')
  if (/\.(parquet|pq)$/.test(name)) return 'parquet'
  if (/\.(csv|tsv)$/.test(name)) return 'csv'
  return /\.(ndjson|jsonl|json)$/.test(name) ? 'ndjson' : otherwise
}

/** The same of an input; a directory has the format of the first file in it whose name says one. */
export function formatOfInput(path: string): Format {
  if (!existsSync(path) || !statSync(path).isDirectory()) return formatOf(path)
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort()
  return formatOf(names.find((name) => /\.(parquet|pq|csv|tsv)(\.gz|\.zst)?$/i.test(name)) ?? path)
}
