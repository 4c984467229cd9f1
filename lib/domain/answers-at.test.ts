import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answersAt, changedBy, isSameAnswer } from './answers-at.ts'
import type { ConfigEvent, SubjectEvent } from './events.ts'
import { type Moment, momentsOfChange } from './moments-of-change.ts'
import { foldPast, type Known, knownFrom, type Past } from './past.ts'
import { begin, play, regimes, steps } from './testing/arbitrary-history.ts'
import { alice, aPurpose, aRegime, day, History } from './testing/history.ts'

function pastOf({ events }: History): Past {
  const configuration = events.filter((event): event is ConfigEvent => event.subjectId === null)
  return foldPast(
    configuration,
    events.filter((event): event is SubjectEvent => event.subjectId === alice),
  )
}

const ask = (purpose: string, property: string | null = null, collectedAtMs: number | null = null) => ({
  ...{ purpose, property, collectedAtMs },
})
const reasonAt = (history: History, atMs: number, known: Known, purpose = 'analytics') =>
  answersAt(pastOf(history), atMs, known, [ask(purpose)])[0]!.decision.reason

const momentsOf = (past: Past, known: Known, questions: ReturnType<typeof ask>[], untilMs: number) =>
  [...momentsOfChange(past, known, questions, untilMs)].filter((each): each is Moment => each !== undefined)

describe('what was answered at a moment of the past', () => {
  test('is decided with what was recorded by then, to the millisecond', () => {
    const history = History.begin()
    const atMs = history.nowMs
    history.yes('analytics')
    expect(reasonAt(history, atMs - 1, 'then')).toBe('never_asked')
    expect(reasonAt(history, atMs, 'then')).toBe('consent_given')
  })

  test('a no that was told late is in what is known now, and not in what was known then', () => {
    const history = History.begin()
    history.yes('analytics')
    const saidMs = history.pass(1).nowMs
    history.pass(2).no('analytics', { occurredAtMs: saidMs })
    expect(reasonAt(history, saidMs + day, 'then')).toBe('consent_given')
    expect(reasonAt(history, saidMs + day, 'now')).toBe('consent_denied')
    expect(reasonAt(history, saidMs - 1, 'now')).toBe('consent_given')
  })

  test('a yes that was imported with its date is known now from that date, one told late only from its recording', () => {
    const saidMs = History.begin().nowMs
    for (const [imported, want] of [
      [true, 'consent_given'],
      [false, 'never_asked'],
    ] as const) {
      const history = History.begin().pass(3)
      history.yes('analytics', { occurredAtMs: saidMs, imported })
      expect(reasonAt(history, saidMs + day, 'then')).toBe('never_asked')
      expect(reasonAt(history, saidMs + day, 'now')).toBe(want)
      expect(reasonAt(history, history.nowMs, 'now')).toBe('consent_given')
    }
  })

  test('is decided under the configuration of that moment', () => {
    const history = History.begin()
    history.yes('analytics')
    const atMs = history.nowMs
    history.pass(1).publish({ act: 'purpose_retired', purpose: 'analytics' })
    expect(reasonAt(history, atMs, 'now')).toBe('consent_given')
    expect(reasonAt(history, history.nowMs, 'now')).toBe('purpose_retired')
  })

  test('knows no purpose before there was any configuration, and nobody before she was known', () => {
    const history = History.begin()
    expect(reasonAt(history, 0, 'now')).toBe('purpose_unknown')
    expect(reasonAt(history, history.nowMs, 'now')).toBe('never_asked')
    expect(momentsOf(pastOf(history), 'now', [ask('analytics')], history.nowMs)).toEqual([])
  })
})

describe('the moments that changed an answer', () => {
  test('are the events that did, and the ends of what was given', () => {
    const history = History.begin()
    const givenMs = history.nowMs
    history.yes('analytics')
    history.pass(1).yes('analytics')
    const withdrawnMs = history.pass(1).nowMs
    history.no('analytics')
    const againMs = history.pass(1).nowMs
    history.yes('analytics')
    const moments = momentsOf(pastOf(history), 'then', [ask('analytics')], againMs + 400 * day)
    expect(
      moments.map(({ atMs, changes }) => [atMs, changes[0]?.before.reason, changes[0]?.after.reason]),
    ).toEqual([
      [givenMs, 'never_asked', 'consent_given'],
      [withdrawnMs, 'consent_given', 'consent_denied'],
      [againMs, 'consent_denied', 'consent_given'],
      [againMs + 365 * day, 'consent_given', 'consent_expired'],
    ])
  })

  test('are the earlier ends too that a later rule gives, and the ends of retention', () => {
    const history = History.begin()
    const givenMs = history.nowMs
    history.yes('analytics')
    const definition = aRegime('home', { consentLifetimeDays: 10 })
    history.pass(1).publish({ act: 'regime_published', version: 2, definition })
    const untilMs = givenMs + 400 * day
    const times = (collectedAtMs: number | null) =>
      momentsOf(pastOf(history), 'then', [ask('analytics', null, collectedAtMs)], untilMs).map(
        ({ atMs, changes }) => [atMs, changes[0]?.after.reason],
      )
    expect(times(null).at(-1)).toEqual([givenMs + 10 * day, 'consent_expired'])
    const shorter = aPurpose('analytics', { retentionDays: 5 })
    history.publish({ act: 'purpose_published', version: 2, definition: shorter })
    expect(times(givenMs)).toContainEqual([givenMs + 5 * day, 'retention_exceeded'])
  })

  test('each event names what it changed', () => {
    const history = History.begin()
    history.yes('analytics')
    history.yes('analytics')
    const past = pastOf(history)
    const questions = [ask('analytics'), ask('ads')]
    expect(changedBy(past, 0, questions)).toMatchObject([
      { question: { purpose: 'analytics' }, before: { allowed: false }, after: { allowed: true } },
    ])
    expect(changedBy(past, 1, questions)).toEqual([])
  })
})

const purposes = ['service', 'analytics', 'ads', 'ai_training', 'ai_training.tuning']
const asked = fc.array(
  fc.record({
    purpose: fc.constantFrom(...purposes),
    property: fc.constantFrom(null, 'app', 'web'),
    collected: fc.constantFrom(null, null, 0, 3, 20),
  }),
  { minLength: 1, maxLength: 3 },
)

test('for any history, the answers at its end are those that are given live', () => {
  fc.assert(
    fc.property(regimes, steps, asked, (drawn, said, each) => {
      const history = play(begin(drawn), said)
      const { nowMs } = history
      const questions = each.map(({ purpose, property, collected }) =>
        ask(purpose, property, collected === null ? null : nowMs - collected * day),
      )
      for (const known of knownFrom) {
        for (const { question, decision } of answersAt(pastOf(history), nowMs, known, questions)) {
          const { purpose, property, collectedAtMs } = question
          expect(decision).toEqual(history.ask(purpose, { property, collectedAtMs: collectedAtMs ?? nowMs }))
        }
      }
    }),
    { numRuns: 200 },
  )
})

test('for any history, no answer differs between two neighbouring moments', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  fc.assert(
    fc.property(
      regimes,
      steps,
      asked,
      fc.array(share, { minLength: 6, maxLength: 6 }),
      (drawn, said, each, shares) => {
        const history = play(begin(drawn), said)
        const past = pastOf(history)
        const untilMs = history.nowMs + 420 * day
        const questions = each.map(({ purpose, property, collected }) =>
          ask(purpose, property, collected === null ? null : history.nowMs - collected * day),
        )
        for (const known of knownFrom) {
          const moments = momentsOf(past, known, questions, untilMs)
          for (const [index, { atMs }] of moments.entries()) {
            const nextMs = moments[index + 1]?.atMs ?? untilMs + 1
            const first = answersAt(past, atMs, known, questions)
            for (const part of shares) {
              const between = Math.min(nextMs - 1, atMs + Math.floor(part * (nextMs - atMs)))
              for (const [place, { decision }] of answersAt(past, between, known, questions).entries()) {
                expect(isSameAnswer(decision, first[place]!.decision)).toBe(true)
              }
            }
          }
        }
      },
    ),
    { numRuns: 200 },
  )
})
