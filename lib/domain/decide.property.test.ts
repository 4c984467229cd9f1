import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AssentEvent } from './events.ts'
import { begin, play, query, refusal, regimes, steps, toQuery } from './testing/arbitrary-history.ts'
import { alice, day, device } from './testing/history.ts'
import { naiveDecide } from './testing/naive.ts'

test('the same answers as an implementation that replays everything for every question', () => {
  fc.assert(
    fc.property(regimes, steps, fc.array(query, { minLength: 4, maxLength: 4 }), (drawn, said, asked) => {
      const history = play(begin(drawn), said)
      for (const each of asked) {
        const q = toQuery(history, each)
        const { allowed, reason, ...rest } = history.ask(q.purpose, q)
        const obligations = 'obligations' in rest ? { obligations: rest.obligations } : {}
        expect({ allowed, reason, ...obligations }).toEqual(naiveDecide(history.events, alice, q))
      }
    }),
    { numRuns: 3_000 },
  )
})

test('a permit is never for longer than a day, and never for no time', () => {
  fc.assert(
    fc.property(regimes, steps, query, (drawn, said, asked) => {
      const history = play(begin(drawn), said)
      const q = toQuery(history, asked)
      const decision = history.ask(q.purpose, q)
      if (!decision.allowed) return
      expect(decision.obligations.useUntilMs).toBeGreaterThan(q.nowMs)
      expect(decision.obligations.useUntilMs).toBeLessThanOrEqual(q.nowMs + day)
    }),
    { numRuns: 1_000 },
  )
})

test('naming a further regime never turns a no into a yes', () => {
  fc.assert(
    fc.property(regimes, steps, query, (drawn, said, asked) => {
      const history = play(begin(drawn), said)
      const q = toQuery(history, { ...asked, regime: null })
      const plain = history.ask(q.purpose, q)
      for (const regime of ['us', 'moon']) {
        const tightened = history.ask(q.purpose, { ...q, regime })
        if (tightened.allowed) expect(plain.allowed).toBe(true)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('after a no to a purpose, nothing but a later yes to it allows it again', () => {
  fc.assert(
    fc.property(regimes, steps, refusal, steps, query, (drawn, before, refused, after, asked) => {
      const history = play(begin(drawn), before)
      const { purpose: about, property: where } = refused as { purpose: string; property: string | null }
      history.record(refused)
      play(
        history,
        after.filter(
          (step) =>
            'config' in step || (step.body.act !== 'granted' && step.body.act !== 'objection_overridden'),
        ),
      )
      const q = { ...toQuery(history, asked), purpose: about, property: where }
      expect(history.ask(about, q).allowed).toBe(false)
    }),
    { numRuns: 1_000 },
  )
})

test('linking and unlinking never turn a no into a yes', () => {
  fc.assert(
    fc.property(regimes, steps, steps, query, fc.boolean(), (drawn, hers, its, asked, isDevice) => {
      const history = play(begin(drawn), hers)
      for (const step of its) {
        if ('body' in step)
          history.record(step.body, { whose: device, occurredAtMs: history.nowMs - step.late * day })
      }
      const q = toQuery(history, asked)
      const before = history.ask(q.purpose, q)
      history.link(alice, device, isDevice ? device : null)
      const linked = history.ask(q.purpose, q)
      history.unlink(alice, device)
      const unlinked = history.ask(q.purpose, q)
      if (!before.allowed) expect([linked.allowed, unlinked.allowed]).toEqual([false, false])
    }),
    { numRuns: 1_000 },
  )
})

/** Whether a later event, or an earlier one for good, strikes what this one says. */
function wasStruck(events: readonly AssentEvent[], { seq, body }: AssentEvent): boolean {
  if (body.act !== 'granted') return false
  const isNotice = (key: string, version: number) =>
    body.notice?.key === key && body.notice.version === version
  return events.some((event) => {
    const by = event.body
    if (by.act === 'invalidated') return by.grantSeq === seq && event.seq > seq
    if (by.act === 'notice_invalidated') return isNotice(by.notice, by.version)
    if (by.act !== 'consents_invalidated') return false
    const { scope } = by
    if (scope.kind === 'notice') return isNotice(scope.key, scope.version)
    if (scope.kind === 'key') return body.via === scope.id && seq < event.seq
    if (scope.kind === 'import') return body.importId === scope.id && seq < event.seq
    return body.experience?.key === scope.key && body.experience.version === scope.version
  })
}

test('a yes rests on something said after every no, and covers data from then on only', () => {
  const yeses = new Set(['granted'])
  const noes = new Set(['denied', 'withdrawn', 'objected', 'opted_out'])
  fc.assert(
    fc.property(regimes, steps, query, (drawn, said, asked) => {
      const unforced = said.filter((step) => 'config' in step || step.body.act !== 'objection_overridden')
      const history = play(begin(drawn), unforced)
      const q = { ...toQuery(history, asked), property: null, sourcePurpose: null }
      const decision = history.ask(q.purpose, q)
      if (decision.reason !== 'consent_given') return
      const collectedMs = q.collectedAtMs ?? q.nowMs
      const inTheWay = history.events.flatMap((event) => {
        const body = event.body as { act: string; purpose?: string; imported?: boolean }
        const isOf = body.purpose !== undefined && `${q.purpose}.`.startsWith(`${body.purpose}.`)
        if (wasStruck(history.events, event)) return []
        const fromMs = body.imported ? Math.min(event.occurredAtMs, event.recordedAtMs) : event.recordedAtMs
        return isOf ? [{ act: body.act, seq: event.seq, fromMs }] : []
      })
      for (const no of inTheWay.filter(({ act }) => noes.has(act))) {
        const answered = inTheWay.some(
          ({ act, seq, fromMs }) => yeses.has(act) && seq > no.seq && fromMs <= collectedMs,
        )
        expect(answered).toBe(true)
      }
    }),
    { numRuns: 4_000 },
  )
})
