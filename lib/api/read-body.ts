import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { AssentError } from '../domain/errors.ts'

export const bodyBytesMax = 1_048_576
const depthMax = 64

/** Throws `content_type_unsupported` unless the body is said to be JSON, in UTF-8. */
export function checkJsonType(contentType: string | undefined): void {
  if (contentType === 'application/json') return
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';')
  const isUtf8 = parameters.every(
    (text) => !/^\s*charset=/.test(text) || /^\s*charset="?utf-8"?\s*$/.test(text),
  )
  if (type.trim() === 'application/json' && isUtf8) return
  throw new AssentError('content_type_unsupported', 'The body must be application/json in UTF-8.')
}

/** The whole body, at most 1 MiB. Throws `body_too_large`; rejects where the sender goes away. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length > bodyBytesMax) {
        request.removeAllListeners('data')
        request.resume()
        reject(new AssentError('body_too_large', `The body may have ${bodyBytesMax} bytes.`))
        return
      }
      chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    request.on('aborted', () => reject(new AssentError('body_not_json', 'The body ended too early.')))
    request.on('error', () => reject(new AssentError('body_not_json', 'The body ended too early.')))
  })
}

/** Throws `body_not_utf8`, `body_too_deep`, `body_not_json`. */
export function parseJson(bytes: Buffer): unknown {
  const text = bytes.toString('utf8')
  // Broken bytes become U+FFFD; only then it is worth asking whether they were broken or said so.
  if (text.includes('\ufffd') && !isUtf8(bytes)) {
    throw new AssentError('body_not_utf8', 'The body holds bytes that are not UTF-8.')
  }
  if (isTooDeep(text)) throw new AssentError('body_too_deep', `The body may be nested ${depthMax} deep.`)
  try {
    return JSON.parse(text)
  } catch {
    throw new AssentError('body_not_json', 'The body is not JSON.')
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0
  let isString = false
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (isString) {
      if (unit === 0x5c) i++
      else if (unit === 0x22) isString = false
    } else if (unit === 0x22) isString = true
    else if (unit === 0x7b || unit === 0x5b) {
      depth++
      if (depth > depthMax) return true
    } else if (unit === 0x7d || unit === 0x5d) depth--
  }
  return false
}
