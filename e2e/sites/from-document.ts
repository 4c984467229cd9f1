import { join } from 'node:path'
import { readSnippet } from '../../tests/docs/read-snippets.ts'

const document = join(process.cwd(), 'docs/banner-on-your-site.md')

export type Addresses = { readonly assent: string; readonly statistics: string; readonly property: string }

/** What readers copy from the document, with the addresses of this run. */
export function snippetOf(heading: string, addresses: Addresses): string {
  return withAddresses(readSnippet(document, heading), addresses)
}

export function withAddresses(code: string, { assent, statistics, property }: Addresses): string {
  return code
    .replaceAll('https://consent.example.com', assent)
    .replaceAll('https://stats.example', statistics)
    .replaceAll('"demo"', `"${property}"`)
    .replaceAll('/p/demo', `/p/${property}`)
}
