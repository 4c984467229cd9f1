import { createReadStream } from 'node:fs'
import { Readable, Transform } from 'node:stream'

const newline = 0x0a

/** The files' bytes one after another; where one lacks its last line end, the next file's first line gets its own line. */
export function readFiles(paths: readonly string[]): Readable {
  if (paths.length === 1) return createReadStream(paths[0]!)
  return Readable.from(joined(paths), { objectMode: false })
}

async function* joined(paths: readonly string[]): AsyncGenerator<Buffer> {
  let last = newline
  for (const path of paths) {
    if (last !== newline) yield Buffer.from('\n')
    last = newline
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      last = chunk.at(-1) ?? last
      yield chunk
    }
  }
}

/** The member that says that a record is of this moment, while it is under way. */
export const momentPath = 'assent:collected_now'

/**
 * Puts the moment into every record as its first member; `unmark` takes the same bytes out again. Lines that are no
 * objects, or empty ones, stay as they are: they are broken either way.
 */
export function markMoment(moment: string): { mark(): Transform; unmark(): Transform } {
  const open = Buffer.from('{')
  const added = Buffer.from(`${JSON.stringify(momentPath)}:${JSON.stringify(moment)},`)
  return {
    mark: () =>
      byLine((line) => {
        const at = line.indexOf(open)
        const isObject = at >= 0 && isBlank(line, 0, at) && !isEmptyObject(line, at)
        return isObject ? Buffer.concat([line.subarray(0, at + 1), added, line.subarray(at + 1)]) : line
      }),
    unmark: () =>
      byLine((line) => {
        const at = line.indexOf(open) + 1
        const isMarked = at > 0 && line.subarray(at, at + added.length).equals(added)
        return isMarked ? Buffer.concat([line.subarray(0, at), line.subarray(at + added.length)]) : line
      }),
  }
}

const isSpace = (byte: number | undefined) =>
  byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === newline

function isBlank(line: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isSpace(line[at])) return false
  return true
}

function isEmptyObject(line: Buffer, open: number): boolean {
  let at = open + 1
  while (at < line.length && isSpace(line[at])) at++
  return at >= line.length || line[at] === 0x7d
}

function byLine(change: (line: Buffer) => Buffer): Transform {
  let rest: Buffer = Buffer.alloc(0)
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const whole = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const lines: Buffer[] = []
      let start = 0
      for (let end = whole.indexOf(newline); end >= 0; end = whole.indexOf(newline, start)) {
        lines.push(change(whole.subarray(start, end + 1)))
        start = end + 1
      }
      rest = whole.subarray(start)
      done(null, Buffer.concat(lines))
    },
    flush(done) {
      done(null, rest.length === 0 ? undefined : change(rest))
    },
  })
}
