/** One row of the table: ours, the reference of the same run, and the bound. */
export type Row = {
  readonly what: string
  readonly ours: number
  readonly unit: string
  readonly reference?: number
  readonly ratio?: number
  readonly bound: string
  readonly isMet: boolean
  readonly more?: Readonly<Record<string, number>>
  /** See `pace`. */
  readonly paceMs: number
}

export const option = (name: string) =>
  process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)

/** A look, not a figure. */
export const isQuick = process.argv.includes('--quick')

/** Milliseconds of `full` seconds, fewer in a quick run. */
export const seconds = (full: number) => (isQuick ? Math.max(2, full / 4) : full) * 1_000

export const rows: Row[] = []

export function add(measured: Omit<Row, 'paceMs'>): void {
  const row = { ...measured, paceMs: pace() }
  rows.push(row)
  const reference = row.reference === undefined ? '' : `, reference ${figure(row.reference)}`
  const ratio = row.ratio === undefined ? '' : `, ratio ${row.ratio.toFixed(2)}`
  const more = Object.entries({ ...row.more, 'pace ms': row.paceMs }).map(
    ([name, value]) => `${name} ${figure(value)}`,
  )
  console.log(
    `${row.isMet ? 'met    ' : 'NOT MET'}  ${row.what}: ${figure(row.ours)} ${row.unit}${reference}${ratio}  [${row.bound}]`,
  )
  console.log(`         ${more.join(', ')}`)
}

const paceWords = new Int32Array(1 << 24).fill(1)

/**
 * How fast this machine is just now: milliseconds of a fixed piece of work, half of it arithmetic, half reads at random
 * over 64 MB. On shared machines the same build may be twice as fast an hour later; figures compare at one pace only.
 */
function pace(): number {
  const began = performance.now()
  let at = 1
  for (let n = 0; n < 20_000_000; n++) at = (Math.imul(at, 1_664_525) + 1_013_904_223) | 0
  for (let n = 0; n < 1_000_000; n++) {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223 + paceWords[at >>> 8]!) | 0
  }
  paceWords[0] = at & 1
  return performance.now() - began
}

export const figure = (value: number) =>
  value >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
