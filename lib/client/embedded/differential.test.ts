import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../../api/testing/start-api.ts'
import type { SubjectFactBody } from '../../domain/events.ts'
import type { Identifier } from '../../domain/identifier.ts'
import type { Revision } from '../../domain/revision.ts'
import { aConsent } from '../../storage/ledger/testing/start-ledger.ts'
import { type Assent, createAssent } from '../assent.ts'
import type { CheckQuestion } from '../client.ts'
import type { Decided } from '../decided.ts'
import { readRevision } from '../revision.ts'
import type { Embedded } from './embedded.ts'

const rounds = 8
const writesEach = 40
const people: readonly Identifier[] = Array.from({ length: 24 }, (_, n) => ({
  namespace: n % 3 === 0 ? 'device' : 'user',
  id: `p${n}`,
}))
const purposes = ['service', 'analytics', 'ai_training', 'ai_training.evaluation']
const terms: readonly Partial<CheckQuestion>[] = [
  {},
  { property: 'demo' },
  { categories: ['usage'] },
  { regime: 'ccpa' },
  { regime: 'gdpr', recipient: 'someone' },
  { source_purpose: 'service' },
]

let api: RunningApi
let assent: Assent
let embedded: Embedded
beforeAll(async () => {
  api = await startApi()
  const key = await api.makeKey('decisions:read', 'changes:read')
  assent = createAssent({ url: api.url, key, timeoutMs: 30_000 })
  embedded = assent.embed({ entriesMax: 400 })
  expect(await embedded.ready(30_000)).toBe(true)
})
afterAll(async () => {
  embedded.close()
  await api.close()
})

/** A machine that is held up for two seconds says `stale`, here and there: asked until it does not. */
async function answered(ask: () => Promise<Decided>): Promise<Decided> {
  for (let n = 0; ; n++) {
    const answer = await ask()
    if ((answer.reason !== 'stale' && answer.error === undefined) || n === 100) return answer
    await delay(50)
  }
}

/** Numbers that a seed repeats (mulberry32). */
function drawFrom(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  return <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!
}

describe('embedded, beside the server', () => {
  test('answers as the server does, over random histories that go on while it is asked', async () => {
    const seed = Date.now() % 2 ** 31
    const draw = drawFrom(seed)
    const times = [null, '2001-01-01T00:00:00Z', new Date().toISOString()]
    let last: Revision = api.decisions.revision()
    const facts: readonly SubjectFactBody[] = [
      { act: 'restricted' },
      { act: 'restriction_lifted' },
      { act: 'erased' },
      { act: 'gpc_opted_out', property: null, regime: null },
      { act: 'age_stated', atLeast: 18, below: null },
      { act: 'age_stated', atLeast: null, below: 13 },
    ]

    async function write(): Promise<void> {
      const { organisationId, ledger } = api
      const [subject, other] = [draw(people), draw(people)]
      const kind = draw(['say', 'say', 'say', 'say', 'say', 'say', 'fact', 'link', 'unlink', 'rules'])
      let written: { readonly revision: Revision }
      if (kind === 'say') {
        const act = draw(['grant', 'grant', 'grant', 'withdraw', 'deny', 'object', 'opt_out'] as const)
        const choices = [{ purpose: draw(purposes), act }]
        const property = draw(['demo', null])
        written = await ledger.recordConsents(aConsent(organisationId, { subject, property, choices }), null)
      } else if (kind === 'fact') written = await ledger.recordFact(organisationId, subject, draw(facts))
      else if (subject === other) return
      else if (kind === 'link') written = await ledger.linkSubjects(organisationId, subject, other)
      else if (kind === 'unlink') written = await ledger.unlinkSubjects(organisationId, subject, other)
      else if (draw([true, false, false])) {
        const definition = { key: 'demo', name: 'Demo', origins: ['http://localhost:3000'] }
        written = await ledger.publish(organisationId, [{ act: 'property_published', definition }])
      } else return
      if (written.revision.seq > last.seq) last = written.revision
      times.push(new Date().toISOString())
    }

    const questions = (): CheckQuestion[] =>
      Array.from({ length: 150 }, () => {
        const { namespace, id } = draw([...people, { namespace: 'user', id: 'never' }])
        const at = draw([...times.slice(0, 3), ...times.slice(-20)])
        return {
          subject: `${namespace}:${id}`,
          purpose: draw(purposes),
          ...draw(terms),
          ...(at === null ? {} : { collected_at: at }),
        }
      })
    const told = ({ allowed, reason }: { allowed: boolean; reason: string }) => ({ allowed, reason })

    let fromMemory = 0
    const reasons = new Set<string>()
    for (let round = 0; round < rounds; round++) {
      // Asked while others write, so that answers and changes overtake one another.
      let isWriting = true
      const asking = (async () => {
        while (isWriting) await Promise.all(questions().slice(0, 30).map(embedded.check))
      })()
      try {
        for (let n = 0; n < writesEach; n += 4) await Promise.all([write(), write(), write(), write()])
      } finally {
        isWriting = false
        await asking
      }
      for (let waitedMs = 0; (readRevision(embedded.state().revision)?.seq ?? 0) < last.seq; waitedMs += 5) {
        if (waitedMs > 30_000)
          throw new Error(`${last.seq} was not seen: ${JSON.stringify(embedded.state())}`)
        await delay(5)
      }
      // What is in memory now must be what the server says now.
      for (const question of questions()) {
        const local = await answered(() => embedded.check(question))
        const server = await answered(() => assent.check(question))
        if (local.isLocal) fromMemory += 1
        reasons.add(server.reason)
        expect({ seed, round, question, ...told(local) }).toEqual({ seed, round, question, ...told(server) })
      }
    }
    expect(fromMemory).toBeGreaterThan(rounds * 50)
    expect(reasons.size).toBeGreaterThan(8)
  })
})
