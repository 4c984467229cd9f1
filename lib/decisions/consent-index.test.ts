import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide } from '../domain/decide.ts'
import { decideOverTime } from '../domain/decide-over-time.ts'
import type { ConfigBody, SubjectEvent } from '../domain/events.ts'
import { IdentifierDigest } from '../domain/identifier-digest.ts'
import type { OrganisationId, SubjectId } from '../domain/ids.ts'
import { packState } from '../domain/pack-state.ts'
import { toPackedBytes } from '../domain/packed-bytes.ts'
import type { RecallScope } from '../domain/recall.ts'
import { Spans, spansMax } from '../domain/spans.ts'
import { begin, play, query, regimes, steps, toQuery } from '../domain/testing/arbitrary-history.ts'
import {
  alice,
  aPurpose,
  day,
  device,
  type History,
  History as Log,
  organisation,
} from '../domain/testing/history.ts'
import { ConsentIndex } from './consent-index.ts'
import { decideFast } from './index/decide-fast.ts'
import { spanFast } from './index/span-fast.ts'
import { idWords, SubjectTable } from './index/subject-table.ts'
import { OrganisationPolicy } from './organisation-policy.ts'

const lookupKey = randomBytes(16)
const digests = new IdentifierDigest(lookupKey)

function indexOf(history: History): ConsentIndex {
  const index = new ConsentIndex(lookupKey)
  for (const event of history.events) index.apply(event)
  const identifier = { namespace: 'user', id: 'alice' }
  if (history.states.has(alice)) index.name(organisation, digests.bytes(organisation, identifier), alice)
  return index
}

const told = ({ count, reasons, fromMs, withoutTime, useUntilMs }: Spans) => ({
  ...{ count, withoutTime, useUntilMs },
  // Of more than fit, none is told.
  reasons: count > spansMax ? [] : reasons.slice(0, count),
  fromMs: count > spansMax ? [] : [...fromMs.slice(0, count)],
})

const recall = (scope: RecallScope): ConfigBody => ({
  ...{ act: 'consents_invalidated', scope, reason: 'a dark pattern', by: 'member:1' },
})

describe('the packed index', () => {
  test('says what the full decision says, whatever was said and asked', () => {
    fc.assert(
      fc.property(regimes, steps, fc.array(query, { minLength: 6, maxLength: 6 }), (drawn, said, asked) => {
        const history = play(begin(drawn), said)
        const index = indexOf(history)
        const subject = index.find(organisation, 'user', 'alice')
        expect(index.stateOf(subject)).toEqual(history.states.get(alice))
        for (const each of asked) {
          const q = toQuery(history, each)
          const plan = index.organisations.get(organisation)!.plan(q)
          expect(index.decide(plan, subject, q)).toEqual(history.ask(q.purpose, q))
        }
      }),
      { numRuns: 4_000 },
    )
  })

  test('says of every collection time what the full decision says', () => {
    fc.assert(
      fc.property(regimes, steps, fc.array(query, { minLength: 6, maxLength: 6 }), (drawn, said, asked) => {
        const history = play(begin(drawn), said)
        const index = indexOf(history)
        const subject = index.find(organisation, 'user', 'alice')
        const [want, got] = [new Spans(), new Spans()]
        for (const each of asked) {
          const q = { ...toQuery(history, each), demandsCollectedAt: true, collectedAtMs: null }
          const state = history.states.get(alice)
          want.set(decideOverTime(history.policy!, state, q), decide(history.policy!, state, q))
          index.span(index.organisations.get(organisation)!.plan(q), subject, q, got)
          expect(told(got)).toEqual(told(want))
        }
      }),
      { numRuns: 4_000 },
    )
  })

  test('decides plain histories without unpacking them', () => {
    const history = Log.begin()
    history.yes('ai_training')
    history.no('ads')
    history.pass(1).yes('analytics', { notice: { key: 'app', version: 1, locale: 'en' }, property: 'app' })
    history.pass(1).yes('ai_training')
    history.no('ai_training.tests', { act: 'withdrawn' })
    const table = new SubjectTable()
    const subject = table.findOrAdd(organisation, Int32Array.of(1, 2, 3, 4))
    table.write(subject, history.states.get(alice)!)
    const policy = new OrganisationPolicy(history.policy!, table.shapes)
    const ask = (purpose: string, property: string | null = null) => {
      const q = history.query(purpose, { collectedAtMs: history.nowMs - day, property })
      return decideFast(policy.plan(q), table, subject, q)
    }
    expect(ask('ai_training')?.reason).toBe('child_refused')
    expect(ask('ai_training.tuning')?.reason).toBe('consent_given')
    expect(ask('ai_training.tests')?.reason).toBe('consent_withdrawn')
    expect(ask('ads')?.reason).toBe('consent_denied')
    expect(ask('analytics')?.reason).toBe('property_not_covered')
    expect(ask('analytics', 'app')?.reason).toBe('consent_given')
    expect(ask('service')?.reason).toBe('notice_only')
    expect(ask('nothing')?.reason).toBe('purpose_unknown')
    const spans = new Spans()
    const span = (purpose: string, property: string | null = null) => {
      const q = history.query(purpose, { property, demandsCollectedAt: true })
      return spanFast(policy.plan(q), table, subject, q, spans) ? told(spans).reasons : undefined
    }
    expect(span('ai_training')).toEqual(['child_refused'])
    expect(span('ads')).toEqual(['consent_denied'])
    expect(span('analytics')).toEqual(['property_not_covered'])
    expect(span('analytics', 'app')).toEqual([
      'collected_before_consent',
      'consent_given',
      'collected_at_required',
    ])
    expect(span('service')).toEqual(['collected_before_notice', 'notice_only', 'collected_at_required'])
    expect(span('nothing')).toEqual(['purpose_unknown'])
    // The same plan a day later: what it knows of everyone is as of then.
    history.pass(1)
    expect(span('service')).toHaveLength(3)
    expect(spans.fromMs[2]).toBe(history.nowMs + 5_001)
  })

  test.each([
    {
      name: 'an ancestor’s yes says nothing of a part that was ever refused, though that no was set aside',
      tell: (history: History) => {
        history.yes('ai_training')
        history.pass(1).no('ai_training.tuning', { act: 'objected' })
        history.pass(1).record({ act: 'objection_overridden', purpose: 'ai_training.tuning' })
      },
      property: null,
      daysAgo: 0,
      reason: 'never_asked',
    },
    {
      name: 'a lifted no of the whole ends what a part’s older yes covers',
      tell: (history: History) => {
        history.yes('ai_training.tuning')
        history.pass(2).no('ai_training', { property: 'app' })
        const notice = { key: 'app', version: 1, locale: 'en' }
        history.pass(1).yes('ai_training', { notice, property: 'app' })
      },
      property: 'app',
      daysAgo: 3,
      reason: 'collected_before_consent',
    },
    {
      name: 'a later yes in one property outlives the organisation’s no there',
      tell: (history: History) => {
        history.no('ai_training')
        const notice = { key: 'app', version: 1, locale: 'en' }
        history.pass(1).yes('ai_training', { notice, property: 'app' })
      },
      purpose: 'ai_training',
      property: 'app',
      daysAgo: 0,
      reason: 'consent_given',
    },
    {
      name: 'where the newest yes does not cover the data, an older one to the whole may',
      tell: (history: History) => {
        history.yes('ai_training')
        history.pass(2).yes('ai_training.tuning')
      },
      property: null,
      daysAgo: 2,
      reason: 'consent_given',
    },
    {
      name: 'data older than the purpose keeps it is of no use, though its yes is older still',
      tell: (history: History) => {
        const definition = aPurpose('ai_training.tuning', { retentionDays: 30 })
        history.publish({ act: 'purpose_published', version: 2, definition })
        history.yes('ai_training.tuning')
        history.pass(50)
      },
      property: null,
      daysAgo: 31,
      reason: 'retention_exceeded',
    },
    {
      name: 'of two imports, the one that was recalled',
      tell: (history: History) => {
        history.yes('ai_training.tuning', { importId: 'spring' })
        history.pass(1).publish(recall({ kind: 'import', id: 'spring' }))
      },
      property: null,
      daysAgo: 1,
      reason: 'consent_invalidated',
    },
    {
      name: 'of two imports, the one that was not recalled',
      tell: (history: History) => {
        history.yes('ai_training.tuning', { importId: 'autumn' })
        history.pass(1).publish(recall({ kind: 'import', id: 'spring' }))
      },
      property: null,
      daysAgo: 1,
      reason: 'consent_given',
    },
    {
      name: 'a run whose first yes came with a recalled import',
      tell: (history: History) => {
        history.yes('ai_training.tuning', { importId: 'spring' })
        history.pass(1).yes('ai_training.tuning')
        history.pass(1).publish(recall({ kind: 'import', id: 'spring' }))
        history.pass(1)
      },
      property: null,
      daysAgo: 4,
      reason: 'collected_before_consent',
    },
    {
      name: 'a no to the whole that only a recalled yes had lifted, beside a yes to the part',
      tell: (history: History) => {
        history.yes('ai_training.tuning')
        history.pass(1).no('ai_training')
        history.pass(1).yes('ai_training', { via: 'k1' })
        history.pass(1).publish(recall({ kind: 'key', id: 'k1' }))
      },
      property: null,
      daysAgo: 0,
      reason: 'consent_invalidated',
    },
    {
      name: 'a run that began through a key after it was recalled',
      tell: (history: History) => {
        history.publish(recall({ kind: 'key', id: 'k1' }))
        history.yes('ai_training.tuning', { via: 'k1' })
        history.pass(1).yes('ai_training.tuning', { via: 'k1' })
      },
      property: null,
      daysAgo: 2,
      reason: 'consent_given',
    },
    {
      name: 'a no to the whole on one site that only a recalled yes to the whole had lifted there',
      tell: (history: History) => {
        history.yes('ai_training.tuning')
        const notice = { key: 'app', version: 1, locale: 'en' }
        history.pass(1).no('ai_training', { notice, property: 'app' })
        history.pass(1).yes('ai_training', { notice, property: 'app', via: 'k1' })
        history.pass(1).publish(recall({ kind: 'key', id: 'k1' }))
      },
      property: 'app',
      daysAgo: 0,
      reason: 'consent_invalidated',
    },
    {
      name: 'a no to a part that only a recalled yes had lifted, beside a yes to the whole',
      tell: (history: History) => {
        history.yes('ai_training')
        history.pass(1).no('ai_training.tuning')
        history.pass(1).yes('ai_training.tuning', { experience: { key: 'banner', version: 1 } })
        history.pass(1).publish(recall({ kind: 'experience', key: 'banner', version: 1 }))
      },
      purpose: 'ai_training',
      property: null,
      daysAgo: 0,
      reason: 'child_refused',
    },
  ])('$name', ({ tell, purpose = 'ai_training.tuning', property, daysAgo, reason }) => {
    const history = Log.begin()
    tell(history)
    history.pass(1)
    const index = indexOf(history)
    const subject = index.find(organisation, 'user', 'alice')
    const collectedAtMs = history.nowMs - daysAgo * day
    const q = history.query(purpose, { property, collectedAtMs, demandsCollectedAt: true })
    const plan = index.organisations.get(organisation)!.plan(q)
    const decision = index.decide(plan, subject, q)
    expect(decision).toEqual(history.ask(purpose, q))
    expect(decision.reason).toBe(reason)
    const spans = new Spans()
    index.span(plan, subject, q, spans)
    const within = spans.fromMs.slice(0, spans.count).findLastIndex((fromMs) => fromMs <= collectedAtMs)
    expect(spans.reasons[within]).toBe(reason)
    const state = history.states.get(alice)
    const want = new Spans()
    want.set(
      decideOverTime(history.policy!, state, q),
      decide(history.policy!, state, { ...q, collectedAtMs: null }),
    )
    expect(told(spans)).toEqual(told(want))
  })

  // What room was made beforehand is a guess: it may be none, too little or too much.
  test.each([0, 20_000, 100_000])('keeps every state through growth, with room for %i', (expected) => {
    const history = Log.begin()
    const table = new SubjectTable()
    table.reserve(expected)
    const idOf = (n: number) => Int32Array.of(Math.imul(n, 0x9e3779b1), Math.imul(n, 0x85ebca6b), n, ~n)
    const written = new Map<number, ReturnType<typeof history.states.get>>()
    for (let n = 0; n < 60_000; n++) {
      const subject = table.findOrAdd(organisation, idOf(n))
      expect(subject).toBe(n)
      if (n % 3 === 0) history.pass(1 / 24).yes('analytics')
      else if (n % 1_000 === 1) history.no('analytics')
      const state = { ...history.states.get(alice)!, subjectId: table.idOf(subject) }
      table.write(subject, state)
      if (n % 97 === 0) written.set(subject, state)
    }
    // Written again with fewer and more rows, their blocks change hands.
    for (const [subject, state] of written) table.write(subject, { ...state!, rows: [] })
    for (const [subject, state] of written) table.write(subject, state!)
    for (const [subject, state] of written) expect(table.read(subject)).toEqual(state)
    for (let n = 0; n < 60_000; n++) expect(table.find(organisation, idOf(n))).toBe(n)
    expect(table.find('org_2' as OrganisationId, idOf(7))).toBe(-1)
  })

  test('takes a state from a source’s bytes as from the state itself, and none that is cut or of an unknown shape', () => {
    fc.assert(
      fc.property(regimes, steps, (drawn, said) => {
        const state = play(begin(drawn), said).states.get(alice)
        fc.pre(state !== undefined)
        const table = new SubjectTable()
        // The source numbers its shapes otherwise.
        const shapes: string[] = ['', '']
        const packed = toPackedBytes(packState(state, (json) => shapes.push(json) - 1))
        const numbers = shapes.map((json) =>
          json === '' ? undefined : table.shapes.numberOf(json),
        ) as number[]
        const bytes = Uint8Array.of(1, 2, 3, ...packed, 4)
        const span = { bytes, from: 3, to: 3 + packed.length }
        table.writeBytes(table.add(organisation, idWords(alice)), state.seq, span, numbers)
        expect(table.read(0)).toEqual(state)
        const refused = [
          { span: { ...span, to: span.to - 3 }, numbers },
          { span: { ...span, to: span.from }, numbers },
          { span, numbers: numbers.slice(0, -1) },
        ]
        for (const each of refused) {
          expect(() => table.writeBytes(0, state.seq, each.span, each.numbers)).toThrow(/a state/)
        }
        expect(table.read(0)).toEqual(state)
      }),
      { numRuns: 500 },
    )
  })

  test('finds identifiers of their own organisation only', () => {
    const history = Log.begin()
    history.yes('ai_training')
    const index = indexOf(history)
    expect(index.find(organisation, 'user', 'alice')).toBe(0)
    expect(index.find(organisation, 'user', 'alicia')).toBe(-1)
    expect(index.find(organisation, 'device', 'alice')).toBe(-1)
    expect(index.find('org_2' as OrganisationId, 'user', 'alice')).toBe(-1)
    expect(index.findById(organisation, alice)).toBe(0)
    expect(index.findById('org_2' as OrganisationId, alice)).toBe(-1)
    expect(index.findById(organisation, device)).toBe(-1)
    expect(index.findById(organisation, 'sub_nonsense' as SubjectId)).toBe(-1)
  })

  test('a subject may be linked before anything is said of her', () => {
    const history = Log.begin().link(alice, device)
    const index = indexOf(history)
    const linked = history.events.filter((event): event is SubjectEvent => event.subjectId === device)
    expect(linked).not.toHaveLength(0)
    expect(index.stateOf(index.findById(organisation, device))).toEqual(history.states.get(device))
  })
})
