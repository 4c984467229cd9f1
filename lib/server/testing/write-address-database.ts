/**
 * A file in MaxMind's format (MaxMind DB 2.0), of a few networks: IPv4 such as `192.0.2.0/24` lies in the IPv6 tree under
 * `::/96`, as in the real ones. Networks must not contain each other.
 */
export function writeAddressDatabase(
  networks: Readonly<Record<string, Value>>,
  databaseType = 'GeoLite2-City',
): Buffer {
  const nodes: [Branch, Branch][] = [[null, null]]
  const data: Buffer[] = []
  let size = 0
  for (const [network, value] of Object.entries(networks)) {
    const bits = bitsOf(network)
    let node = nodes[0]!
    for (const bit of bits.slice(0, -1)) {
      let next = node[bit]
      if (next === null || 'at' in next) {
        next = { node: nodes.length }
        node[bit] = next
        nodes.push([null, null])
      }
      node = nodes[next.node]!
    }
    node[bits.at(-1)!] = { at: size }
    const encoded = encode(value)
    data.push(encoded)
    size += encoded.length
  }
  const record = (branch: Branch) => {
    const value =
      branch === null ? nodes.length : 'node' in branch ? branch.node : nodes.length + 16 + branch.at
    const bytes = Buffer.alloc(3)
    bytes.writeUIntBE(value, 0, 3)
    return bytes
  }
  const metadata = {
    ...{ binary_format_major_version: 2, binary_format_minor_version: 0, build_epoch: 1_780_000_000 },
    ...{ database_type: databaseType, description: {}, ip_version: 6, languages: [] },
    ...{ node_count: nodes.length, record_size: 24 },
  }
  return Buffer.concat([
    ...nodes.flatMap(([left, right]) => [record(left), record(right)]),
    Buffer.alloc(16),
    ...data,
    Buffer.from('abcdef4d61784d696e642e636f6d', 'hex'),
    encode(metadata),
  ])
}

type Value = string | number | readonly Value[] | { readonly [name: string]: Value }
type Branch = { readonly node: number } | { readonly at: number } | null

function bitsOf(network: string): (0 | 1)[] {
  const [address = '', length = ''] = network.split('/')
  const isV4 = address.includes('.')
  const bytes = isV4 ? [...Array<number>(12).fill(0), ...address.split('.').map(Number)] : bytesOf(address)
  const bits = bytes.flatMap((byte) =>
    [...byte.toString(2).padStart(8, '0')].map((bit) => (bit === '1' ? 1 : 0)),
  )
  return bits.slice(0, Number(length) + (isV4 ? 96 : 0))
}

function bytesOf(address: string): number[] {
  const [before = '', after = ''] = address.split('::')
  const groups = (text: string) =>
    text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
  const [head, tail] = [groups(before), groups(after)]
  const all = [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail]
  return all.flatMap((group) => [group >> 8, group & 255])
}

function encode(value: Value): Buffer {
  if (typeof value === 'string')
    return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)])
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value)
    return Buffer.concat([control(6, 4), bytes])
  }
  if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)])
  const entries = Object.entries(value)
  return Buffer.concat([
    control(7, entries.length),
    ...entries.flatMap(([name, each]) => [encode(name), encode(each)]),
  ])
}

/** What it is and how long; the texts here are shorter than 29 bytes. */
const control = (type: number, size: number) =>
  type > 7 ? Buffer.from([size, type - 7]) : Buffer.from([(type << 5) | size])
