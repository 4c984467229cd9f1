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
