import { type Duck, valuesOf } from './duck.ts'
import { unknownBit } from './record-table.ts'

const codesMax = 512

/**
 * Counts what is decided while the output is written, in the same pass over the input: the SQL functions `tally(code)`
 * and, where permissions end, `tally_until(code, use_until)` are 1 for codes of a yes, and see every record once. That
 * they did is for the caller to check, by the number of all records. They are given no nulls.
 */
export class Tally {
  /** Records by code, those with `unknownBit` beyond the others. */
  readonly counts = new Float64Array(codesMax)
  /** The earliest of all that are permitted. */
  useUntilMs = Number.POSITIVE_INFINITY
  /** 1 for codes of a yes. */
  readonly #permits = new Uint8Array(codesMax)

  constructor(duck: Duck) {
    const { DOUBLE, DuckDBScalarFunction, USMALLINT, UTINYINT } = duck.api
    for (const [name, hasUntil] of [
      ['tally', false],
      ['tally_until', true],
    ] as const) {
      duck.connection.registerScalarFunction(
        DuckDBScalarFunction.create({
          name,
          parameterTypes: hasUntil ? [USMALLINT, DOUBLE] : [USMALLINT],
          returnType: UTINYINT,
          volatile: true,
          mainFunction: (_, input, output) => {
            const codes = valuesOf<Uint16Array>(input.getColumnVector(0))
            const answers = valuesOf<Uint8Array>(output)
            this.#count(codes, answers)
            if (hasUntil) this.#until(answers, valuesOf<Float64Array>(input.getColumnVector(1)))
            output.flush()
          },
        }),
      )
    }
  }

  begin(permits: ReadonlySet<number>): void {
    this.counts.fill(0)
    this.useUntilMs = Number.POSITIVE_INFINITY
    this.#permits.fill(0)
    for (const code of permits) {
      this.#permits[code] = 1
      this.#permits[code + unknownBit] = 1
    }
  }

  #count(codes: Uint16Array, answers: Uint8Array): void {
    const { counts } = this
    const permits = this.#permits
    for (let row = 0; row < codes.length; row++) {
      const code = codes[row]! % codesMax
      counts[code]! += 1
      answers[row] = permits[code]!
    }
  }

  #until(answers: Uint8Array, untils: Float64Array): void {
    for (let row = 0; row < untils.length; row++) {
      if (answers[row] === 1 && untils[row]! < this.useUntilMs) this.useUntilMs = untils[row]!
    }
  }
}
