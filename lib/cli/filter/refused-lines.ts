import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { CommandFailed, exitCodes } from '../exit-codes.ts'
import { readLines, streamOf } from './lines.ts'

const newline = 0x0a

/**
 * Writes to `into` the records of `inputs` that are not among those in `kept`, which are some of the same in the same
 * order: what was refused, and what could not be read. There must be `count` of them: where there are not, the input
 * changed while it was read.
 */
export async function writeRefused(
  inputs: readonly string[],
  kept: string,
  into: string,
  count: number,
): Promise<void> {
  let found = 0
  const counted = async function* () {
    for await (const line of refused(inputs, kept)) {
      found += 1
      yield line
    }
  }
  await pipeline(streamOf(counted()), createWriteStream(into))
  if (found !== count)
    throw new CommandFailed(exitCodes.guard, 'The input changed while it was read. Nothing was written.')
}

async function* refused(inputs: readonly string[], kept: string): AsyncGenerator<Buffer> {
  const rest = readLines(kept)[Symbol.asyncIterator]()
  let next = await rest.next()
  for (const input of inputs) {
    for await (const line of readLines(input)) {
      const content = withoutEnd(line)
      if (next.done !== true && withoutEnd(next.value).equals(content)) next = await rest.next()
      else if (content.toString('utf8').trim() !== '') yield Buffer.concat([content, lineEnd])
    }
  }
}

const lineEnd = Buffer.of(newline)
const withoutEnd = (line: Buffer) => (line.at(-1) === newline ? line.subarray(0, -1) : line)
