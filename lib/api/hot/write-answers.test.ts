import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Decision } from '../../domain/decision.ts'
import { denyReasons, permitReasons } from '../../domain/reasons.ts'
import { evaluationJson } from './answer.ts'
import { AnswerWriter } from './write-answers.ts'

const notices = [
  null,
  { key: 'starter', version: 1, locale: 'en' },
  { key: 'Grüße', version: 12, locale: null },
  // Says what a piece is cut at.
  { key: ' 17 May 1971 03:04 UTC', version: 4_503_599_627, locale: '"' },
]
const lists = [[], ['feedback', 'chat'], ['ü']]
const times = fc.oneof(
  fc.integer({ min: 0, max: 4_000_000_000_000 }),
  fc.integer({ min: 1_795_000_000_000, max: 1_795_100_000_000 }),
  fc.constantFrom(0, 43_297_445_678, 253_402_300_799_999, 253_402_300_800_000, -1),
)
const positions = fc.oneof(
  fc.nat(100_000),
  fc.constantFrom(0, 9, 10, 4_503_599_627_370_001, 281_474_976_710_655),
)
const bases = fc.record({
  seq: fc.option(positions, { freq: 9 }),
  atMs: fc.option(times, { freq: 9 }),
  notice: fc.constantFrom(...notices),
})
const decisions: fc.Arbitrary<Decision> = fc.oneof(
  fc.record({ allowed: fc.constant(false as const), reason: fc.constantFrom(...denyReasons), basis: bases }),
  fc.record({
    allowed: fc.constant(true as const),
    reason: fc.constantFrom(...permitReasons),
    basis: bases,
    obligations: fc.record({
      categories: fc.constantFrom(...lists),
      collectedFromMs: times,
      useUntilMs: times,
    }),
    assumed: fc.constantFrom([], ['collected_at'] as const),
  }),
)

test('writes what each answer alone would be, byte for byte', () => {
  const revisions = [
    { epoch: 0, log: 0, seq: 7 },
    { epoch: 2, log: 0, seq: 1_000_000 },
  ]
  fc.assert(
    fc.property(
      fc.array(fc.tuple(decisions, fc.constantFrom(...revisions), fc.constantFrom(0, 7)), { maxLength: 30 }),
      (drawn) => {
        const writer = new AnswerWriter(16)
        for (const [decision, revision, lagMs] of drawn) writer.answer({ decision, revision, lagMs })
        const want = drawn
          .map(([decision, revision, lagMs]) => evaluationJson({ decision, revision, lagMs }))
          .join('')
        expect(writer.written.toString('latin1')).toBe(want)
      },
    ),
    { numRuns: 3_000 },
  )
})
