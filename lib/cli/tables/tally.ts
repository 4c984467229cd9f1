import type { Duck } from './duck.ts'

/** Added to a code where the record's first subject was never recorded. */
export const unknownBit = 256
const codesMax = 512

/**
 * Counts what is decided while the output is written, in the same pass over the input: the SQL function
 * `tally(code, use_until)` is 1 for codes of a yes, and sees every record once. That it did is for the caller to check,
 * by the number of all records.
 */
export class Tally {
  /** Records by code, those with `unknownBit` beyond the others. */
  readonly counts = new Float64Array(codesMax)
  /** The earliest of all that are permitted. */
  useUntilMs = Number.POSITIVE_INFINITY
  #permits: ReadonlySet<number> = new Set()

  constructor(duck: Duck) {
    const { DOUBLE, DuckDBScalarFunction, UINTEGER, UTINYINT } = duck.api
    duck.connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name: 'tally',
        parameterTypes: [UINTEGER, DOUBLE],
        returnType: UTINYINT,
        volatile: true,
        mainFunction: (_, input, output) => {
          const codes = input.getColumnVector(0)
          const untils = input.getColumnVector(1)
          for (let row = 0, rows = input.rowCount; row < rows; row++) {
            const code = (codes.getItem(row) as number) % codesMax
            this.counts[code]! += 1
            const isPermitted = this.#permits.has(code % unknownBit)
            output.setItem(row, isPermitted ? 1 : 0)
            if (isPermitted) this.useUntilMs = Math.min(this.useUntilMs, untils.getItem(row) as number)
          }
          output.flush()
        },
      }),
    )
  }

  begin(permits: ReadonlySet<number>): void {
    this.counts.fill(0)
    this.useUntilMs = Number.POSITIVE_INFINITY
    this.#permits = permits
  }
}
