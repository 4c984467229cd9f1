import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'

const newline = 0x0a
const batchBytes = 65_536

/** A file's lines, each with its line end, the last as it is. */
export async function* readLines(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const whole = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let start = 0
    for (let end = whole.indexOf(newline); end >= 0; end = whole.indexOf(newline, start)) {
      yield whole.subarray(start, end + 1)
      start = end + 1
    }
    rest = whole.subarray(start)
  }
  if (rest.length > 0) yield rest
}

/** Those lines that `isWanted` by their place. */
export async function* pickLines(path: string, isWanted: (place: number) => boolean): AsyncGenerator<Buffer> {
  let place = 0
  for await (const line of readLines(path)) if (isWanted(place++)) yield line
}

/** Lines as a stream of bytes, many lines at once. */
export function streamOf(lines: AsyncIterable<Buffer>): Readable {
  return Readable.from(batched(lines), { objectMode: false })
}

async function* batched(lines: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let batch: Buffer[] = []
  let bytes = 0
  for await (const line of lines) {
    batch.push(line)
    bytes += line.length
    if (bytes < batchBytes) continue
    yield Buffer.concat(batch)
    batch = []
    bytes = 0
  }
  if (bytes > 0) yield Buffer.concat(batch)
}

/**
 * The places of those lines of `all` that are not in `some`, whose lines are some of the same in the same order. Throws
 * where they are not.
 */
export async function placesMissing(
  all: AsyncIterable<Buffer>,
  some: AsyncIterable<Buffer>,
): Promise<readonly number[]> {
  const rest = some[Symbol.asyncIterator]()
  const missing: number[] = []
  let next = await rest.next()
  let place = 0
  for await (const line of all) {
    if (next.done !== true && next.value.equals(line)) next = await rest.next()
    else missing.push(place)
    place += 1
  }
  if (next.done !== true) throw new Error('a line came back that was not sent')
  return missing
}
