import { randomBytes } from 'node:crypto'
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises'
import type { ConsentIndex } from '../lib/decisions/consent-index.ts'
import { createDecisions } from '../lib/decisions/create-decisions.ts'
import type { Decisions, Question } from '../lib/decisions/decisions.ts'
import type { LogSource } from '../lib/decisions/log-source.ts'
import { IdentifierDigest } from '../lib/domain/identifier-digest.ts'
import { toPackedBytes } from '../lib/domain/packed-bytes.ts'
import { idOf, organisationId, packedStates, purposes, startMs } from './population.ts'

/** One size of the index: what it holds, what a decision costs, how long its growth kept others waiting. */
export type GrowthRow = {
  readonly subjects: number
  readonly loadMs: number
  readonly bytesPerRow: number
  /** The most while it grew, once it had 100,000 subjects. */
  readonly worstBytesPerRow: number
  readonly growthPauseMs: number
  readonly uniformPerSecond: number
  readonly hotPerSecond: number
  /** Counting everybody's consents by notice, and the longest that it kept others waiting. */
  readonly countMs: number
  readonly countPauseMs: number
}

const hotSubjects = 100_000
const lookupKey = randomBytes(16)
const digests = new IdentifierDigest(lookupKey)

/**
 * Fills an index with subjects of one identifier and four purposes each, half of every purpose refused, and asks
 * `evaluate` in the process, hash included: uniformly and on a hot set.
 */
export async function measureGrowth(subjects: number, decisionsMax: number): Promise<GrowthRow> {
  let worst = 0
  let pauseMs = 0
  const began = performance.now()
  const head = { epoch: 0, log: 0, seq: 1_000, hash: '0'.repeat(64), recordedAtMs: startMs }
  const source: LogSource = {
    async load(into) {
      const id = new Int32Array(4)
      const packed = packedStates(into).map((values) => {
        const bytes = toPackedBytes(values)
        return { bytes, from: 0, to: bytes.length }
      })
      for (let n = 0; n < subjects; n++) {
        const at = performance.now()
        for (let i = 0; i < 4; i++) id[i] = (Math.random() * 2 ** 32) | 0
        into.state(organisationId, id, 1_000, packed[Math.floor(Math.random() * packed.length)]!)
        into.identifiers(organisationId, digests.words(organisationId, 'user', idOf(n)), id, 1)
        pauseMs = Math.max(pauseMs, performance.now() - at)
        if (n >= 100_000 && n % 20_000 === 0)
          worst = Math.max(worst, (into as ConsentIndex).size().bytes / (4 * n))
      }
      return head
    },
    async read(_, { waitMs }) {
      await delay(waitMs)
      return { head, ageMs: 0, databaseNowMs: Date.now(), databaseNowErrorMs: 0, batches: [] }
    },
  }
  const log = { info: () => undefined, warn: () => undefined }
  const made = await createDecisions({ source, lookupKey, clock: Date.now, log })
  const loadMs = performance.now() - began
  const bytesPerRow = made.size().bytes / (4 * subjects)
  await ask(made, subjects, Math.min(decisionsMax, 500_000)) // warm
  const uniformPerSecond = await ask(made, subjects, decisionsMax)
  const hotPerSecond = await ask(made, Math.min(subjects, hotSubjects), decisionsMax)
  const counted = await count(made)
  await made.close()
  return {
    ...counted,
    subjects,
    loadMs: Math.round(loadMs),
    bytesPerRow,
    worstBytesPerRow: Math.max(worst, bytesPerRow),
    growthPauseMs: pauseMs,
    uniformPerSecond,
    hotPerSecond,
  }
}

async function count(decisions: Decisions): Promise<{ countMs: number; countPauseMs: number }> {
  const began = performance.now()
  let isOver = false
  const counting = decisions.countConsents(organisationId).finally(() => {
    isOver = true
  })
  let countPauseMs = 0
  for (let at = performance.now(); !isOver; ) {
    await turn()
    const now = performance.now()
    countPauseMs = Math.max(countPauseMs, now - at)
    at = now
  }
  const { counts } = await counting
  if (!counts.some(({ inForce, runOut }) => inForce + runOut > 0)) throw new Error('nobody was counted')
  return { countMs: performance.now() - began, countPauseMs }
}

/** Decisions a second. It gives way now and then, as the node's own polling needs. */
async function ask(decisions: Decisions, subjects: number, count: number): Promise<number> {
  // Identifiers are made beforehand, each in one piece as a parser gives it: a caller has them already.
  const ids = Array.from({ length: 1 << 18 }, () =>
    Buffer.from(idOf(Math.floor(Math.random() * subjects))).toString('latin1'),
  )
  const subject = { namespace: 'user', id: '' }
  const questions = purposes.map(
    (purpose): Question => ({
      subjects: [subject],
      purpose,
      collectedAtMs: startMs + 1_000,
      demandsCollectedAt: false,
      property: null,
      categories: null,
      recipient: null,
      regime: null,
      sourcePurpose: null,
    }),
  )
  let allowed = 0
  let spentMs = 0
  for (let n = 0; n < count; ) {
    const began = performance.now()
    for (const end = n + 50_000; n < end; n++) {
      subject.id = ids[n & (ids.length - 1)]!
      if (decisions.evaluate(organisationId, questions[n & 3]!).decision.allowed) allowed += 1
    }
    spentMs += performance.now() - began
    await turn()
  }
  if (allowed < count / 10 || allowed > count * 0.9)
    throw new Error(`${allowed} of ${count} allowed: not half`)
  return Math.round((count / spentMs) * 1_000)
}

if (process.argv[1]?.endsWith('index-growth.js')) {
  const sizes = (process.argv[2] ?? '10000,100000,1000000,10000000').split(',').map(Number)
  for (const size of sizes) console.log(JSON.stringify(await measureGrowth(size, 2_000_000)))
}
