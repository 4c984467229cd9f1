import fc from 'fast-check'
import { expect, test } from 'vitest'
import { questionOf, readState, type SaidWord, type SimulatorState, saidWords, writeState } from './state.ts'

const said = fc.record({
  at: fc.constantFrom('2026-03-02', '2026-04-01'),
  did: fc.constantFrom(...(Object.keys(saidWords) as SaidWord[])),
  on: fc.constantFrom('ai_training', 'analytics'),
  shown: fc.constantFrom('', 'starter~1~en'),
  by: fc.constantFrom('subject' as const, 'guardian' as const),
  where: fc.constantFrom('', 'demo'),
})
const states: fc.Arbitrary<SimulatorState> = fc.record({
  age: fc.constantFrom('', '15'),
  country: fc.constant('DE'),
  region: fc.constantFrom('', 'DE-SN'),
  gpc: fc.boolean(),
  purpose: fc.constantFrom('ai_training', 'analytics'),
  property: fc.constantFrom('', 'demo'),
  collected: fc.constantFrom('', 'now', '2026-03', '2026-03-10'),
  asked: fc.constantFrom('', '2026-11-01'),
  release: fc.constantFrom('', 'a-release'),
  said: fc.array(said, { maxLength: 3 }),
})

/** Whoever is sent an address sees what the sender saw. */
test('an address holds the whole state', () => {
  fc.assert(
    fc.property(states, (state) => {
      const params: Record<string, string | string[]> = {}
      for (const [name, value] of new URL(writeState(state), 'http://localhost').searchParams) {
        const known = params[name]
        params[name] = known === undefined ? value : [...(typeof known === 'string' ? [known] : known), value]
      }
      expect(readState(params, 'service')).toEqual(state)
    }),
  )
})

test('an address is asked as it reads; a month means its first day', () => {
  const state = readState(
    {
      ...{ age: '15', region: 'DE-SN', gpc: 'on', purpose: 'ai_training', collected: '2026-03' },
      ...{ at: '2026-03-02', did: 'grant_explicit', shown: 'starter~1~en', by: 'guardian' },
    },
    'service',
  )
  expect(questionOf(state, 0)).toEqual({
    person: {
      ...{ age: 15, country: 'DE', region: 'DE-SN', gpc: true },
      history: [
        {
          ...{ at: '2026-03-02', act: 'grant', purpose: 'ai_training', method: 'form', actor: 'guardian' },
          ...{ explicit: true, notice: { key: 'starter', version: 1, locale: 'en' } },
        },
      ],
    },
    question: { purpose: 'ai_training', collected_at: '2026-03-01' },
  })
  expect(questionOf(readState({ collected: 'now', age: 'x' }, 'service'), 0)).toEqual({
    person: { age: 'unknown', gpc: false, history: [] },
    question: { purpose: 'service', collected_at: '1970-01-01T00:00:00.000Z' },
  })
})
