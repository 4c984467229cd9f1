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
}

export const option = (name: string) =>
  process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)

/** A look, not a figure. */
export const isQuick = process.argv.includes('--quick')

/** Milliseconds of `full` seconds, fewer in a quick run. */
export const seconds = (full: number) => (isQuick ? Math.max(2, full / 4) : full) * 1_000

export const rows: Row[] = []

export function add(row: Row): void {
  rows.push(row)
  const reference = row.reference === undefined ? '' : `, reference ${figure(row.reference)}`
  const ratio = row.ratio === undefined ? '' : `, ratio ${row.ratio.toFixed(2)}`
  const more = Object.entries(row.more ?? {}).map(([name, value]) => `${name} ${figure(value)}`)
  console.log(
    `${row.isMet ? 'met    ' : 'NOT MET'}  ${row.what}: ${figure(row.ours)} ${row.unit}${reference}${ratio}  [${row.bound}]`,
  )
  if (more.length > 0) console.log(`         ${more.join(', ')}`)
}

export const figure = (value: number) =>
  value >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
