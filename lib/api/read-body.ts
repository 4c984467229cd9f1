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

/**
 * The whole body, at most `bytesMax`, to `done`; most come in one piece. `body_too_large`, or `body_not_json` where the
 * sender goes away, to `fail`.
 */
export function receiveBody(
  request: IncomingMessage,
  done: (bytes: Buffer) => void,
  fail: (error: AssentError) => void,
  bytesMax: number = bodyBytesMax,
): void {
  let first: Buffer | undefined
  let more: Buffer[] | undefined
  let length = 0
  let isOver = false
  const end = (error: AssentError) => {
    if (isOver) return
    isOver = true
    fail(error)
  }
  request.on('data', (chunk: Buffer) => {
    if (isOver) return
    length += chunk.length
    if (length > bytesMax) end(new AssentError('body_too_large', `The body may have ${bytesMax} bytes.`))
    else if (first === undefined) first = chunk
    else if (more === undefined) more = [first, chunk]
    else more.push(chunk)
  })
  request.on('end', () => {
    if (!isOver) done(more === undefined ? (first ?? empty) : Buffer.concat(more))
  })
  request.on('error', () => end(new AssentError('body_not_json', 'The body ended too early.')))
}

const empty = Buffer.alloc(0)

/** The same as a promise. */
export function readBody(request: IncomingMessage, bytesMax?: number): Promise<Buffer> {
  return new Promise((resolve, reject) => receiveBody(request, resolve, reject, bytesMax))
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
  if (!hasMany(text, '{') && !hasMany(text, '[')) return false
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

/** Whether `text` has so many of a bracket that it may be too deep: half of them of one kind. */
function hasMany(text: string, bracket: string): boolean {
  let count = 0
  for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
    if (++count > depthMax / 2) return true
  }
  return false
}
