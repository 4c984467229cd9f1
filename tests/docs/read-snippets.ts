import { readFileSync } from 'node:fs'

/**
 * The code under a heading of a document, so that what readers copy is what tests run. Throws where there is none: a
 * renamed heading must not turn a test into nothing.
 */
export function readSnippet(path: string, heading: string): string {
  const text = readFileSync(path, 'utf8')
  const section = text.split(/^(?=#{1,4} )/m).find((part) => part.split('\n')[0] === heading)
  const code = /^```\w+\n(.*?)^```$/ms.exec(section ?? '')?.[1]
  if (code === undefined) throw new Error(`${path} has no code under ${heading}`)
  return code
}
