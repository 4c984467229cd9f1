import { describe, expect, test } from 'vitest'
import { SipHash128 } from './sip-hash.ts'

const key = Uint8Array.from({ length: 16 }, (_, i) => i)

/** The digest of the bytes 00 01 02 … */
function hex(length: number): string {
  const hash = new SipHash128(key)
  const input = Buffer.alloc((length & ~7) + 8)
  for (let at = 0; at < length; at++) input[at] = at
  input[input.length - 1] = length
  for (let at = 0; at < input.length; at += 4) hash.blocks[at >>> 2] = input.readInt32LE(at)
  hash.finish(0, input.length)
  return Buffer.from(hash.out.slice().buffer).toString('hex')
}

describe('SipHash128', () => {
  // The authors' reference answers for the key 00…0f and the inputs 00, 00 01, …
  test.each([
    { length: 0, want: 'a3817f04ba25a8e66df67214c7550293' },
    { length: 1, want: 'da87c1d86b99af44347659119b22fc45' },
    { length: 2, want: '8177228da4a45dc7fca38bdef60affe4' },
    { length: 3, want: '9c70b60c5267a94e5f33b6b02985ed51' },
  ])('gives the reference answer for $length bytes', ({ length, want }) => {
    expect(hex(length)).toBe(want)
  })

  test('tells apart inputs around a block’s end', () => {
    const digests = Array.from({ length: 64 }, (_, length) => hex(length))
    expect(new Set(digests).size).toBe(64)
  })
})
