/**
 * SipHash-2-4 with 128 bits of output as WebAssembly, which has the 64-bit words that JavaScript lacks: a digest costs
 * a third of what halves of words cost. The bytes are put together here, from the algorithm as its authors state it.
 *
 * The module exports `memory`, one page, and `run(state, bytes, next)`: takes in the `bytes` bytes of whole blocks from
 * `blocksAt` on, starting with the state at address `state`. Where `next` is not 0 it stores the state there; else it
 * ends the hash and stores the digest at `digestAt`.
 */
export const digestAt = 0
export const blocksAt = 64

const op = {
  if: 0x04,
  loop: 0x03,
  else: 0x05,
  end: 0x0b,
  branchIf: 0x0d,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  load64: 0x29,
  store64: 0x37,
  const32: 0x41,
  const64: 0x42,
  lessThan32: 0x49,
  add32: 0x6a,
  add64: 0x7c,
  xor64: 0x85,
  rotateLeft64: 0x89,
} as const
const i32 = 0x7f
const i64 = 0x7e
const noResult = 0x40
const aligned8 = 3

/** Parameters, then locals. */
const [state, bytes, next, at, v0, v1, v2, v3, m] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const
const v = [v0, v1, v2, v3] as const

const get = (local: number) => [op.get, local]
const set = (local: number) => [op.set, local]
const constant = (value: number) => [op.const64, ...signed(value)]
const xorInto = (local: number, value: readonly number[]) => [
  ...get(local),
  ...value,
  op.xor64,
  ...set(local),
]
const load = (offset: number) => [op.load64, aligned8, ...unsigned(offset)]
const store = (offset: number) => [op.store64, aligned8, ...unsigned(offset)]

/** a += b; b = rotl(b, by) ^ a */
const mix = (a: number, b: number, by: number) => [
  ...[...get(a), ...get(b), op.add64, ...set(a)],
  ...[...get(b), ...constant(by), op.rotateLeft64, ...get(a), op.xor64, ...set(b)],
]
const turn = (a: number) => [...get(a), ...constant(32), op.rotateLeft64, ...set(a)]
const round = [mix(v0, v1, 13), turn(v0), mix(v2, v3, 16), mix(v0, v3, 21), mix(v2, v1, 17), turn(v2)].flat()
const rounds = (count: number) => Array.from({ length: count }, () => round).flat()
const folded = [...get(v0), ...get(v1), op.xor64, ...get(v2), op.xor64, ...get(v3), op.xor64]

const body = [
  v.flatMap((local, i) => [...get(state), ...load(8 * i), ...set(local)]),
  [op.loop, noResult],
  [...get(at), ...load(blocksAt), ...set(m)],
  xorInto(v3, get(m)),
  rounds(2),
  xorInto(v0, get(m)),
  [...get(at), op.const32, 8, op.add32, op.tee, at, ...get(bytes), op.lessThan32, op.branchIf, 0],
  [op.end],
  [...get(next), op.if, noResult],
  v.flatMap((local, i) => [...get(next), ...get(local), ...store(8 * i)]),
  [op.else],
  xorInto(v2, constant(0xee)),
  rounds(4),
  [op.const32, digestAt, ...folded, ...store(0)],
  xorInto(v1, constant(0xdd)),
  rounds(4),
  [op.const32, digestAt, ...folded, ...store(8)],
  [op.end, op.end],
].flat()
const locals = [2, 1, i32, 5, i64]

/** Instantiates the code; every instance has a memory of its own. */
export function instantiateSipHash(): {
  readonly memory: ArrayBuffer
  readonly run: (state: number, bytes: number, next: number) => void
} {
  compiled ??= new WebAssembly.Module(moduleBytes())
  const { memory, run } = new WebAssembly.Instance(compiled).exports as {
    memory: WebAssembly.Memory
    run: (state: number, bytes: number, next: number) => void
  }
  return { memory: memory.buffer, run }
}

let compiled: WebAssembly.Module | undefined

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const code = [...locals, ...body]
  const named = (name: string) => [name.length, ...[...name].map((unit) => unit.charCodeAt(0))]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 3, i32, i32, i32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...named('run'), 0, 0, ...named('memory'), 2, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ])
}

function section(id: number, content: readonly number[]): readonly number[] {
  return [id, ...unsigned(content.length), ...content]
}

/** LEB128. */
function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

function signed(value: number): readonly number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)]
}
