import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packState, type Shape, unpackState } from './pack-state.ts'
import { begin, play, regimes, steps } from './testing/arbitrary-history.ts'
import { alice } from './testing/history.ts'

test('what is packed comes out as it was, and shapes hold neither positions nor times', () => {
  const shapes: string[] = []
  const numberOf = (json: string) => {
    if (!shapes.includes(json)) shapes.push(json)
    return shapes.indexOf(json)
  }
  fc.assert(
    fc.property(regimes, steps, (drawn, said) => {
      const state = play(begin(drawn), said).states.get(alice)
      if (state === undefined) return
      const packed = packState(state, numberOf)
      const shapeAt = (number: number) => JSON.parse(shapes[number]!) as Shape
      expect(unpackState(alice, state.seq, packed, shapeAt)).toEqual(state)
      const later = play(begin(drawn).pass(3), said).states.get(alice)!
      const isOdd = (json: string) => json.includes('"days":null')
      if (!shapes.some(isOdd)) expect(packState(later, numberOf).length).toBe(packed.length)
    }),
    { numRuns: 2_000 },
  )
  expect(shapes.join('')).not.toMatch(/\d{10}/)
})
