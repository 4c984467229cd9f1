export type Picture = {
  readonly mediaType: 'image/webp' | 'image/png'
  readonly width: number
  readonly height: number
}

const starts = (bytes: Uint8Array, at: number, text: string) =>
  [...text].every((letter, index) => bytes[at + index] === letter.charCodeAt(0))
const little = (bytes: Uint8Array, at: number, count: number) =>
  Array.from({ length: count }, (_, index) => (bytes[at + index] ?? 0) * 256 ** index).reduce((a, b) => a + b)
const big = (bytes: Uint8Array, at: number) =>
  Array.from({ length: 4 }, (_, index) => (bytes[at + index] ?? 0) * 256 ** (3 - index)).reduce(
    (a, b) => a + b,
  )

/**
 * What a picture says of itself: WebP (RFC 9649) or PNG (W3C PNG, third edition), whole from its first bytes to its last.
 * Undefined for everything else: what is sent on as a picture is nothing but one.
 */
export function readPicture(bytes: Uint8Array): Picture | undefined {
  return readWebp(bytes) ?? readPng(bytes)
}

function readWebp(bytes: Uint8Array): Picture | undefined {
  if (bytes.length < 30 || !starts(bytes, 0, 'RIFF') || !starts(bytes, 8, 'WEBP')) return undefined
  // The length is that of what follows it; an odd one is padded.
  const length = little(bytes, 4, 4) + 8
  if (length !== bytes.length && length + 1 !== bytes.length) return undefined
  const mediaType = 'image/webp'
  if (starts(bytes, 12, 'VP8X')) {
    return { mediaType, width: little(bytes, 24, 3) + 1, height: little(bytes, 27, 3) + 1 }
  }
  if (starts(bytes, 12, 'VP8L') && bytes[20] === 0x2f) {
    const bits = little(bytes, 21, 4)
    return { mediaType, width: (bits % 0x4000) + 1, height: (Math.floor(bits / 0x4000) % 0x4000) + 1 }
  }
  if (starts(bytes, 12, 'VP8 ') && bytes[23] === 0x9d && bytes[24] === 0x01 && bytes[25] === 0x2a) {
    return { mediaType, width: little(bytes, 26, 2) % 0x4000, height: little(bytes, 28, 2) % 0x4000 }
  }
  return undefined
}

function readPng(bytes: Uint8Array): Picture | undefined {
  const isBegun = starts(bytes, 0, '\x89PNG\r\n\x1a\n') && starts(bytes, 12, 'IHDR')
  if (bytes.length < 45 || !isBegun || !starts(bytes, bytes.length - 8, 'IEND')) return undefined
  return { mediaType: 'image/png', width: big(bytes, 16), height: big(bytes, 20) }
}
