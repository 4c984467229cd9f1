import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameReader, FrameWriter } from './frames.ts'

const kinds = ['head', 'config', 'shapes', 'states', 'identifiers'] as const
const frames = fc.array(fc.tuple(fc.constantFrom(...kinds), fc.uint8Array({ maxLength: 300 })), {
  maxLength: 12,
})

function streamOf(parts: readonly (readonly [(typeof kinds)[number], Uint8Array])[]): Buffer {
  const writer = new FrameWriter()
  const bytes = parts.flatMap(([kind, payload]) => writer.frame(kind, Buffer.from(payload)))
  return Buffer.concat([...bytes, writer.end()])
}

function read(stream: Buffer, cuts: readonly number[]) {
  const seen: [string, string][] = []
  const reader = new FrameReader((kind, payload) => seen.push([kind, payload.toString('hex')]))
  let at = 0
  for (const cut of [
    ...cuts.map((share) => Math.floor(share * stream.length)).sort((a, b) => a - b),
    stream.length,
  ]) {
    reader.push(stream.subarray(at, cut))
    at = cut
  }
  return { seen, isComplete: reader.isComplete() }
}

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 })

test('what is written is read, however the stream is cut', () => {
  fc.assert(
    fc.property(frames, cuts, (parts, at) => {
      const { seen, isComplete } = read(streamOf(parts), at)
      expect(isComplete).toBe(true)
      expect(seen).toEqual(parts.map(([kind, payload]) => [kind, Buffer.from(payload).toString('hex')]))
    }),
  )
})

test('no beginning of a stream is a whole one', () => {
  const stream = streamOf([
    ['head', Buffer.from('{}')],
    ['states', Buffer.alloc(100)],
  ])
  for (let bytes = 0; bytes < stream.length; bytes++) {
    expect(read(stream.subarray(0, bytes), []).isComplete).toBe(false)
  }
})

test('a bit that changed on its way is noticed', () => {
  const stream = streamOf([['states', Buffer.alloc(64, 7)]])
  for (let at = 0; at < stream.length; at++) {
    const changed = Buffer.from(stream)
    changed[at]! ^= 4
    let isTaken = false
    try {
      isTaken = read(changed, []).isComplete
    } catch {
      // Refused outright.
    }
    expect(isTaken).toBe(false)
  }
})
