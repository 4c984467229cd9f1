import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { combineRegimes } from '../domain/combine-regimes.ts'
import { isMeant } from '../domain/recall.ts'
import { begin, play, regimes, steps } from '../domain/testing/arbitrary-history.ts'
import { alice, aRegime, day, device, History, organisation, other } from '../domain/testing/history.ts'
import { ConsentIndex } from './consent-index.ts'
import { countConsents, sharedByKey } from './count-consents.ts'
import type { ConsentCount } from './decisions.ts'

function indexOf(history: History): ConsentIndex {
  const index = new ConsentIndex(randomBytes(16))
  for (const event of history.events) index.apply(event)
  return index
}

/** The same counts, from states that were never packed. */
function naively({ states, policy, nowMs }: History): readonly ConsentCount[] {
  const found = new Map<string, ConsentCount & { inForce: number; runOut: number; void: number }>()
  for (const { rows, regimes: seen } of states.values()) {
    for (const { purpose, grant, refusals } of rows) {
      if (grant?.noticeKey == null || grant.locale === null || refusals.length > 0) continue
      const { noticeKey: notice, noticeVersion: version, locale, purposeVersion } = grant
      const key = `${notice} ${version} ${locale} ${purpose} ${purposeVersion}`
      const entry = found.get(key) ?? {
        ...{ notice, version, locale, purpose, purposeVersion },
        ...{ inForce: 0, runOut: 0, void: 0 },
      }
      found.set(key, entry)
      const lifetimeMs = combineRegimes(policy!, seen, null).consentLifetimeMs
      const endMs = Math.min(grant.expiresAtMs, grant.effectiveFromMs + lifetimeMs)
      const isRecalled = policy!.recalls.all.some(
        ({ scope, seq }) => scope.kind !== 'notice' && isMeant(scope, seq, grant),
      )
      const isUnfit = !grant.isProven || grant.isInvalidated || grant.capacity !== 'capable'
      if (isUnfit || isRecalled) entry.void += 1
      else if (nowMs < endMs) entry.inForce += 1
      else entry.runOut += 1
    }
  }
  return [...found.values()]
}

const inOrder = (counts: readonly ConsentCount[]) => counts.map((each) => JSON.stringify(each)).sort()

describe('counting consents', () => {
  test('counts what the states say, whatever was said, and wherever in the count it was written', () => {
    fc.assert(
      fc.property(regimes, steps, fc.nat(20), (drawn, said, at) => {
        const history = play(begin(drawn), said)
        history.yes('ai_training', { whose: device })
        const index = new ConsentIndex(randomBytes(16))
        const { events } = history
        const split = Math.max(events.length - at, 1)
        for (const event of events.slice(0, split)) index.apply(event)
        const tally = index.beginTally(organisation, history.policy!, history.nowMs)
        // What comes after the split is written while the count is under way.
        for (const event of events.slice(split)) {
          tally.advance(1)
          index.apply(event)
        }
        while (!tally.advance(1));
        expect(inOrder(tally.result())).toEqual(inOrder(naively(history)))
      }),
      { numRuns: 1_500 },
    )
  })

  test('tells a yes in force from one run out, struck, refused, or never proved', () => {
    const history = History.begin()
    history.yes('ai_training')
    history.yes('ai_training', { whose: device, notice: { key: 'main', version: 1, locale: 'xx' } })
    history.yes('analytics')
    history.no('analytics')
    history.yes('ads')
    history.record({ act: 'invalidated', grantSeq: history.states.get(alice)!.rows[0]!.grant!.seq })
    history.pass(364)
    history.yes('ai_training', { whose: other })
    history.pass(2)
    const tally = indexOf(history).beginTally(organisation, history.policy!, history.nowMs)
    tally.advance(10)
    const counts = Object.fromEntries(
      tally.result().map((each) => [`${each.purpose} ${each.locale}`, each] as const),
    )
    expect(Object.keys(counts).sort()).toEqual(['ads en', 'ai_training en', 'ai_training xx'])
    expect(counts['ads en']).toMatchObject({ inForce: 0, runOut: 0, void: 1 })
    expect(counts['ai_training en']).toMatchObject({ inForce: 1, runOut: 1, void: 0, purposeVersion: 1 })
    expect(counts['ai_training xx']).toMatchObject({ inForce: 0, runOut: 0, void: 1 })
  })

  test('begins again where the policy changes meanwhile, and ends where the index is gone', async () => {
    const history = History.begin()
    for (let n = 0; n < 4_200; n++) {
      history.yes('ai_training', { whose: `sub_${n.toString(16).padStart(32, '0')}` as typeof alice })
    }
    history.pass(100)
    const index = indexOf(history)
    let isGone = false
    const of = {
      index: () => {
        if (isGone) throw new Error('gone')
        return index
      },
      timeOf: () => history.nowMs,
      revision: () => ({ epoch: 0, log: 0, seq: history.events.length }),
    }
    const counting = countConsents(organisation, of)
    history.publish({
      act: 'regime_published',
      version: 2,
      definition: aRegime('home', { consentLifetimeDays: 50 }),
    })
    index.apply(history.events.at(-1)!)
    expect((await counting).counts).toMatchObject([{ inForce: 0, runOut: 4_200 }])
    const another = countConsents(organisation, of)
    isGone = true
    await expect(another).rejects.toThrow('gone')
  })

  test('is done once for those who ask at once, and anew for those who come later', async () => {
    let begun = 0
    const ask = sharedByKey(async (key: string) => `${key} ${++begun}`)
    expect(await Promise.all([ask('a'), ask('a'), ask('b')])).toEqual(['a 1', 'a 1', 'b 2'])
    expect(await ask('a')).toBe('a 3')
  })

  test('counts a yes as run out from the millisecond of its end', () => {
    const history = History.begin()
    history.yes('ai_training')
    const index = indexOf(history)
    const at = (days: number) => {
      const tally = index.beginTally(organisation, history.policy!, history.nowMs + days * day)
      tally.advance(10)
      return tally.result()[0]
    }
    expect(at(364)).toMatchObject({ inForce: 1, runOut: 0 })
    expect(at(365)).toMatchObject({ inForce: 0, runOut: 1 })
  })
})
