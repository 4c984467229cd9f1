import { describe, expect, test } from 'vitest'
import type { Question } from '../../decisions/decisions.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import { createCountsOnly } from './counts-only.ts'
import { UsageCounts } from './usage-counts.ts'

const org = 'org_1' as OrganisationId
const known = new Set(['analytics', 'ai_training'])
const some = () => new UsageCounts((_, purpose) => known.has(purpose))

describe('counts of decisions', () => {
  test('are taken once, by key, purpose and reason', () => {
    const counts = some()
    for (let n = 0; n < 3; n++) counts.count(org, 'key_a', 'analytics', 'never_asked')
    counts.count(org, 'key_a', 'ai_training', 'consent_given', 5)
    counts.count(org, 'key_b', 'analytics', 'never_asked')
    const row = { organisationId: org, minuteMs: 60_000 }
    expect(counts.take(60_000)).toEqual([
      { ...row, key: 'key_a', purpose: 'analytics', reason: 'never_asked', count: 3 },
      { ...row, key: 'key_a', purpose: 'ai_training', reason: 'consent_given', count: 5 },
      { ...row, key: 'key_b', purpose: 'analytics', reason: 'never_asked', count: 1 },
    ])
    expect(counts.take(120_000)).toEqual([])
    counts.count(org, 'key_b', 'analytics', 'never_asked')
    expect(counts.take(120_000)).toMatchObject([{ key: 'key_b', count: 1, minuteMs: 120_000 }])
    expect([...counts.totals()]).toEqual([
      ['analytics', 'never_asked', 5],
      ['ai_training', 'consent_given', 5],
    ])
  })

  test('of purposes that callers make up are one', () => {
    const counts = some()
    for (let n = 0; n < 1_000; n++) counts.count(org, 'key_a', `made-up-${n}`, 'purpose_unknown')
    expect(counts.take(0)).toMatchObject([{ purpose: 'other', reason: 'purpose_unknown', count: 1_000 }])
    counts.count(org, 'key_a', 'made-up-1', 'purpose_unknown')
    known.add('made-up-1')
    counts.count(org, 'key_a', 'analytics', 'never_asked')
    counts.count(org, 'key_a', 'made-up-1', 'never_asked')
    known.delete('made-up-1')
    expect(
      counts
        .take(0)
        .map(({ purpose }) => purpose)
        .sort(),
    ).toEqual(['analytics', 'made-up-1', 'other'])
  })

  test('draw the first of each kind at once, and of the others no more than there is room for', () => {
    const counts = new UsageCounts(() => true, 3)
    const keys = Array.from({ length: 300 }, (_, n) => `key_${n}`)
    const drawn = () => {
      const isDrawn = (key: string) =>
        counts.count(org, key, 'analytics', 'never_asked') &&
        counts.place(org, key, 'analytics', 'never_asked') !== undefined
      return keys.filter(isDrawn).length
    }
    expect(drawn()).toBe(300)
    expect(drawn()).toBe(0)
    counts.makeRoom()
    expect([drawn(), drawn()]).toEqual([200, 0])
    for (let second = 0; second < 10; second++) {
      counts.makeRoom()
      drawn()
    }
    const late = counts.place(org, 'key_299', 'analytics', 'never_asked')
    expect(late?.replaces).not.toBeNull()
  })
})

describe('on a node that stores nothing', () => {
  test('answers are counted, and those of a run are not given', () => {
    const usage = createCountsOnly({ policy: () => undefined })
    const caller = { organisationId: org, name: 'key_a' }
    const question = { purpose: 'analytics', subjects: [] } as unknown as Question
    const basis = { seq: null, notice: null, atMs: null }
    const answer = {
      decision: { allowed: false, reason: 'never_asked', basis } as const,
      revision: { epoch: 0, log: 0, seq: 0 },
      nowMs: 0,
    }
    usage.decided(caller, 'check', { question, run: null }, answer)
    expect(() => usage.decided(caller, 'check', { question, run: 'nightly' }, answer)).toThrow('kept')
    expect([...usage.counts.totals()]).toEqual([['other', 'never_asked', 1]])
  })
})
