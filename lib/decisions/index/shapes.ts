import type { Shape } from '../../domain/pack-state.ts'

/** The shapes of an index, numbered from 0 in the order they were first met. Nothing is ever taken out. */
export class Shapes {
  readonly #byJson = new Map<string, number>()
  readonly #shapes: Shape[] = []
  /** Values that each shape leaves open. */
  values = new Uint16Array(256)
  /** Each shape's own number, at that number: what a source that numbers them alike is read by. */
  readonly numbers: number[] = []

  get size(): number {
    return this.#shapes.length
  }

  numberOf = (json: string): number => {
    const known = this.#byJson.get(json)
    if (known !== undefined) return known
    const number = this.#shapes.length
    const shape = JSON.parse(json) as Shape
    this.#shapes.push(shape)
    this.#byJson.set(json, number)
    this.numbers.push(number)
    if (number >= this.values.length) {
      const grown = new Uint16Array(2 * number)
      grown.set(this.values)
      this.values = grown
    }
    this.values[number] = shape.n
    return number
  }

  at = (number: number): Shape => this.#shapes[number]!
}
