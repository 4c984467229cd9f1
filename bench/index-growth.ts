import { randomBytes } from 'node:crypto'
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises'
import { starterConfiguration } from '../lib/config/starter.ts'
import { ConsentIndex } from '../lib/decisions/consent-index.ts'
import { createDecisions } from '../lib/decisions/create-decisions.ts'
import type { Decisions, Question } from '../lib/decisions/decisions.ts'
import type { LogSource } from '../lib/decisions/log-source.ts'
import type { ConfigEvent, SubjectEvent } from '../lib/domain/events.ts'
import { foldEvent } from '../lib/domain/fold-event.ts'
import { IdentifierDigest } from '../lib/domain/identifier-digest.ts'
import type { EventId, OrganisationId, SubjectId } from '../lib/domain/ids.ts'
import { packState } from '../lib/domain/pack-state.ts'
import type { SubjectState } from '../lib/domain/state.ts'

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
}

export const organisationId = `org_${'1'.repeat(32)}` as OrganisationId
const purposes = ['ai_training', 'analytics', 'personalization', 'ai_training.evaluation'] as const
const hotSubjects = 100_000
export const idOf = (n: number) => `user_${String(n).padStart(8, '0')}`
const lookupKey = randomBytes(16)
const digests = new IdentifierDigest(lookupKey)
/** When everybody said what they said. */
export const startMs = Date.now() - 86_400_000

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
      const packed = prepare(into)
      for (let n = 0; n < subjects; n++) {
        const at = performance.now()
        for (let i = 0; i < 4; i++) id[i] = (Math.random() * 2 ** 32) | 0
        into.state(organisationId, id, 1_000, packed[n % packed.length]!)
        into.identifier(organisationId, digests.words(organisationId, 'user', idOf(n)), id)
        pauseMs = Math.max(pauseMs, performance.now() - at)
        if (n >= 100_000 && n % 20_000 === 0)
          worst = Math.max(worst, (into as ConsentIndex).size().bytes / (4 * n))
      }
      return head
    },
    async read(_, { waitMs }) {
      await delay(waitMs, undefined, { ref: false })
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
  await made.close()
  return {
    subjects,
    loadMs: Math.round(loadMs),
    bytesPerRow,
    worstBytesPerRow: Math.max(worst, bytesPerRow),
    growthPauseMs: pauseMs,
    uniformPerSecond,
    hotPerSecond,
  }
}

/** Publishes the starter configuration; answers sixteen packed states, every combination of yes and no. */
export function prepare(into: Parameters<LogSource['load']>[0]): readonly (readonly number[])[] {
  const scratch = new ConsentIndex(lookupKey)
  let seq = 0
  for (const body of starterConfiguration('http://localhost:3000')) {
    seq += 1
    const event = { id: 'evt_' as EventId, organisationId, seq, recordedAtMs: startMs, occurredAtMs: startMs }
    const config = { ...event, subjectId: null, body } as ConfigEvent
    scratch.apply(config)
    into.config(config)
  }
  const shapes: string[] = []
  const numberOf = (json: string) => {
    if (!shapes.includes(json)) into.shape(shapes.push(json) - 1, json)
    return shapes.indexOf(json)
  }
  return makeStates(scratch, seq).map((state) => packState(state, numberOf))
}

function makeStates(index: ConsentIndex, afterSeq: number): readonly SubjectState[] {
  const { policy } = index.organisations.get(organisationId)!
  return Array.from({ length: 16 }, (_, pattern) => {
    let state: SubjectState | undefined
    for (const [bit, purpose] of purposes.entries()) {
      const said = {
        purpose,
        property: 'demo',
        notice: { key: 'starter', version: 1, locale: 'en' },
        method: 'form',
      }
      const who = { actor: 'subject', regime: null, country: null }
      const flags = { explicit: false, namesGpcConflict: false, imported: false }
      const isGranted = (pattern & (1 << bit)) === 0
      const body = isGranted
        ? { ...said, ...who, ...flags, act: 'granted' }
        : { ...said, ...who, act: 'denied' }
      const event = {
        id: 'evt_' as EventId,
        organisationId,
        subjectId: `sub_${'0'.repeat(32)}` as SubjectId,
        seq: afterSeq + 1 + bit,
        recordedAtMs: startMs + bit,
        occurredAtMs: startMs + bit,
        body,
      }
      state = foldEvent(state, event as SubjectEvent, policy).state
    }
    return state!
  })
}

/** Decisions a second. It gives way now and then, as the node's own polling needs. */
async function ask(decisions: Decisions, subjects: number, count: number): Promise<number> {
  // Identifiers are made beforehand: a caller has them already.
  const ids = Array.from({ length: 1 << 18 }, () => idOf(Math.floor(Math.random() * subjects)))
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
