import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseCursor } from '../../api/evidence/evidence-query.ts'
import type { EvidenceFilter, EvidencePlace, EvidenceRow } from '../../api/evidence/evidence-store.ts'
import { pageOfEvidence } from '../../api/evidence/page-of-evidence.ts'
import { starterConfiguration } from '../../config/starter.ts'
import { starterOrganisation } from '../../config/starter-purposes.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import type { EvidenceProjection } from '../../jobs/evidence-projection.ts'
import { followEvidence } from '../../jobs/project-evidence.ts'
import { aConsent, type RunningLedger, startLedger } from '../ledger/testing/start-ledger.ts'
import { openPrisma } from '../open-prisma.ts'
import { ensureOrganisation } from '../organisations.ts'
import { toUuid } from '../row-ids.ts'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { createEvidenceProjection } from './evidence-projection.ts'
import { createEvidenceReader } from './evidence-reader.ts'

const log = { info: () => undefined, warn: () => undefined }
const day = 86_400_000
const startMs = Date.UTC(2026, 0, 1)

let database: TestDatabase
let running: RunningLedger
let theirs: OrganisationId
let nowMs = startMs
let client: pg.Client
let reader: ReturnType<typeof createEvidenceReader>
let prisma: ReturnType<typeof openPrisma>

const acts = ['room_opened', 'evidence_exported'] as const

async function insertAct(to: pg.Client, organisationId: OrganisationId, detail: object = {}): Promise<void> {
  await to.query(
    'INSERT INTO admin_acts (id, organisation_id, at, actor, act, detail) VALUES ($1, $2, $3, $4, $5, $6)',
    [
      ...[randomUUID(), toUuid(organisationId), new Date(nowMs), `member:${nowMs % 3}`],
      ...[acts[nowMs % 2], detail],
    ],
  )
}

/** What people say and members do, over some days, in two organisations. */
async function fill(): Promise<void> {
  const choices = ['analytics', 'personalization', 'ai_training'] as const
  for (let n = 0; n < 240; n++) {
    nowMs = startMs + Math.floor(n / 3) * 3_600_000
    const organisationId = n % 4 === 0 ? theirs : running.organisationId
    const id = `person_${n % 17}`
    const act = (['grant', 'deny', 'withdraw'] as const)[(n * 7) % 3]!
    await running.ledger.recordConsents(
      aConsent(organisationId, {
        ...{ subject: { namespace: 'user', id }, property: n % 5 === 0 ? null : 'demo' },
        ...{ actor: n % 6 === 0 ? 'guardian' : 'subject', regime: n % 2 === 0 ? 'gdpr' : null },
        choices: [{ purpose: choices[(n * 5) % 3]!, act }],
      }),
      null,
    )
    if (n % 5 === 0) {
      await insertAct(client, organisationId, n % 10 === 0 ? { purpose: 'ai_training' } : {})
    }
  }
}

beforeAll(async () => {
  database = await createTestDatabase()
  running = await startLedger(database.serve, { clock: () => nowMs })
  theirs = await ensureOrganisation(database.serve, { ...starterOrganisation, key: 'theirs' })
  await running.ledger.publish(theirs, starterConfiguration('http://localhost:3000'))
  client = new pg.Client(database.serve)
  await client.connect()
  prisma = openPrisma(database.serve)
  reader = createEvidenceReader(database.serve, prisma)
  await fill()
})
afterAll(async () => {
  await Promise.all([client.end(), reader.close(), prisma.$disconnect()])
  await running.close()
  await database.drop()
})

async function withProjection<T>(work: (projection: EvidenceProjection) => Promise<T>): Promise<T> {
  const projection = createEvidenceProjection(database.serve)
  try {
    return await work(projection)
  } finally {
    await projection.close()
  }
}

async function catchUp(projection: EvidenceProjection, limit = 5_000): Promise<void> {
  for (;;) {
    const step = await projection.step(limit)
    if (step.eventsBehind === 0 && !step.actsWait) return
  }
}

type Plain = Pick<EvidenceRow, 'atMs' | 'source' | 'position' | 'kind' | 'actor' | 'purpose' | 'property'>

/** The same by reading everything there is, without a line of what is tested. */
async function naive(organisationId: OrganisationId): Promise<Plain[]> {
  const organisation = toUuid(organisationId)
  const events = await client.query('SELECT * FROM events WHERE organisation_id = $1', [organisation])
  const done = await client.query('SELECT * FROM admin_acts WHERE organisation_id = $1', [organisation])
  const rows: Plain[] = [
    ...events.rows.map(({ recorded_at_ms, seq, body }) => ({
      ...{ atMs: Number(recorded_at_ms), source: 'event' as const, position: Number(seq), kind: body.act },
      actor: body.actor ?? null,
      purpose:
        body.purpose ??
        body.definition?.purpose ??
        (body.act === 'purpose_published' ? body.definition.key : null),
      property:
        body.property ??
        (body.act === 'notice_published' ? body.definition.property : null) ??
        (body.act === 'property_published' ? body.definition.key : null),
    })),
    ...done.rows.map(({ at, position, act, actor, detail }) => ({
      ...{ atMs: at.getTime(), source: 'act' as const, position: Number(position), kind: act, actor },
      ...{ purpose: detail.purpose ?? null, property: detail.property ?? null },
    })),
  ]
  const rank = { event: 1, act: 2 }
  return rows.sort((a, b) => a.atMs - b.atMs || rank[a.source] - rank[b.source] || a.position - b.position)
}

const plain = ({ atMs, source, position, kind, actor, purpose, property }: Plain): Plain => ({
  ...{ atMs, source, position, kind, actor, purpose, property },
})

const matches =
  ({ fromMs, toMs, actor, purpose, property, kinds }: EvidenceFilter) =>
  (row: Plain) =>
    (fromMs === null || row.atMs >= fromMs) &&
    (toMs === null || row.atMs < toMs) &&
    (actor === null || row.actor === actor) &&
    (purpose === null || row.purpose === purpose) &&
    (property === null || row.property === property) &&
    (kinds.length === 0 || kinds.includes(row.kind))

const none: EvidenceFilter = {
  ...{ fromMs: null, toMs: null, actor: null, purpose: null, property: null, kinds: [] },
}

async function all(organisationId: OrganisationId, filter = none): Promise<Plain[]> {
  const rows: Plain[] = []
  let after: EvidencePlace | null = null
  for (;;) {
    const page: readonly EvidenceRow[] = await reader.page(organisationId, filter, {
      ...{ order: 'oldest' as const, after, limit: 100 },
    })
    rows.push(...page.map(plain))
    after = page.at(-1) ?? null
    if (page.length < 100) return rows
  }
}

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 2 })
const aFilter: fc.Arbitrary<EvidenceFilter> = fc.record({
  fromMs: orNull(fc.integer({ min: startMs - day, max: startMs + 4 * day })),
  toMs: orNull(fc.integer({ min: startMs - day, max: startMs + 5 * day })),
  actor: orNull(fc.constantFrom('subject', 'guardian', 'member:0', 'member:1', 'nobody')),
  purpose: orNull(fc.constantFrom('ai_training', 'analytics', 'personalization', 'nothing')),
  property: orNull(fc.constantFrom('demo', 'elsewhere')),
  kinds: fc.subarray(['granted', 'denied', 'withdrawn', 'room_opened', 'notice_published', 'never']),
})

describe('the log of evidence', () => {
  test('is every event and every act, once, whatever it is filtered by, in pages from either end', async () => {
    await withProjection(async (projection) => {
      await projection.renew()
      await catchUp(projection, 37)
    })
    for (const organisationId of [running.organisationId, theirs]) {
      const everything = await naive(organisationId)
      expect(await all(organisationId)).toEqual(everything)
      await fc.assert(
        fc.asyncProperty(
          aFilter,
          fc.constantFrom('newest' as const, 'oldest' as const),
          fc.integer({ min: 1, max: 60 }),
          async (filter, order, limit) => {
            const expected = everything.filter(matches(filter))
            if (order === 'newest') expected.reverse()
            // Forwards from the first page, then backwards from the last.
            for (const way of ['next', 'previous'] as const) {
              const pages: Plain[][] = []
              let cursor: string | null | undefined = way === 'next' ? undefined : 'last'
              while (cursor !== null) {
                const page = await pageOfEvidence(reader, organisationId, filter, {
                  ...{ order, cursor: parseCursor(cursor), limit },
                })
                pages.push(page.rows.map(plain))
                cursor = page[way]
              }
              if (way === 'previous') pages.reverse()
              expect(pages.flat()).toEqual(expected)
            }
          },
        ),
        { numRuns: 60 },
      )
    }
  })

  test('counts what it can be filtered by', async () => {
    for (const organisationId of [running.organisationId, theirs]) {
      const everything = await naive(organisationId)
      const facets = await reader.facets(organisationId)
      expect(facets.reduce((sum, { count }) => sum + count, 0)).toBe(everything.length)
      for (const { kind, actor, purpose, property, count } of facets) {
        const same = everything.filter(
          (row) =>
            row.kind === kind &&
            (row.actor ?? '') === actor &&
            (row.purpose ?? '') === purpose &&
            (row.property ?? '') === property,
        )
        expect(same).toHaveLength(count)
      }
    }
  })

  test('answers about a row by its id, and about another organisation’s as about one that is not', async () => {
    const [row] = await reader.page(theirs, none, { order: 'newest', after: null, limit: 1 })
    expect(await reader.find(theirs, row!.id)).toEqual(row)
    expect(await reader.find(running.organisationId, row!.id)).toBeUndefined()
    expect(await reader.find(theirs, 'evt_1')).toBeUndefined()
  })

  test('goes on where it was when its process died in the middle of a step', async () => {
    const before = await naive(running.organisationId)
    await withProjection((projection) => projection.step(0))
    nowMs += 1_000
    for (let n = 0; n < 9; n++) {
      await running.ledger.recordConsents(aConsent(running.organisationId), null)
      await insertAct(client, running.organisationId)
    }
    // Dies with its transaction open: everything is written, nothing committed.
    const dying = createEvidenceProjection(database.serve)
    const lock = new pg.Client(database.owner)
    await lock.connect()
    await lock.query('BEGIN; LOCK TABLE admin_acts_pending IN SHARE ROW EXCLUSIVE MODE')
    const step = dying.step(5).catch((error: unknown) => error)
    try {
      // Only a role's own connections can be ended by it.
      await expect
        .poll(
          async () => {
            const { rows } = await client.query(
              `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%admin_acts_pending%'`,
            )
            return rows.length
          },
          { timeout: 60_000 },
        )
        .toBe(1)
      expect(await step).toBeInstanceOf(Error)
    } finally {
      await lock.query('ROLLBACK')
      await lock.end()
    }
    expect(await all(running.organisationId)).toEqual(before)
    // The same one again, over a new connection.
    await catchUp(dying, 5)
    await dying.close()
    expect(await all(running.organisationId)).toEqual(await naive(running.organisationId))
  })

  test('passes over no act, in whichever order its transaction commits', async () => {
    const [first, second] = [new pg.Client(database.serve), new pg.Client(database.serve)]
    await Promise.all([first.connect(), second.connect()])
    await withProjection(async (projection) => {
      await first.query('BEGIN')
      await second.query('BEGIN')
      await insertAct(first, running.organisationId, { name: 'first' })
      await insertAct(second, running.organisationId, { name: 'second' })
      await second.query('COMMIT')
      await catchUp(projection)
      const names = async () =>
        (await reader.page(running.organisationId, none, { order: 'newest', after: null, limit: 10 }))
          .map(({ detail }) => detail.name)
          .filter((name) => name !== undefined)
      expect(await names()).toEqual(['second'])
      await first.query('COMMIT')
      await catchUp(projection)
      expect(await names()).toEqual(['second', 'first'])
    })
    await Promise.all([first.end(), second.end()])
    expect(await all(running.organisationId)).toEqual(await naive(running.organisationId))
  })

  test('is made again the same, by two at once', async () => {
    const days = 'SELECT * FROM consent_days ORDER BY 1, 2, 3, 4, 5, 6, 7'
    const delays = 'SELECT * FROM withdraw_delays ORDER BY 1, 2, 3, 4, 5'
    const before = [(await client.query(days)).rows, (await client.query(delays)).rows]
    await client.query('UPDATE evidence_progress SET version = 0')
    await withProjection((one) =>
      withProjection(async (other) => {
        await Promise.all([one.renew(), other.renew()])
        await Promise.all([catchUp(one, 11), catchUp(other, 7)])
      }),
    )
    expect(await all(running.organisationId)).toEqual(await naive(running.organisationId))
    expect([(await client.query(days)).rows, (await client.query(delays)).rows]).toEqual(before)
  })

  test('is followed: what was written before one asks is there, and how late it is told', async () => {
    const follower = followEvidence({ projection: createEvidenceProjection(database.serve), log, stepMax: 3 })
    nowMs += 1_000
    await running.ledger.recordConsents(aConsent(running.organisationId), null)
    await insertAct(client, running.organisationId)
    expect(await follower.settle(60_000)).toBe(true)
    expect(await all(running.organisationId)).toEqual(await naive(running.organisationId))
    expect(follower.lag().events).toBe(0)
    await follower.close()
    expect(await follower.settle(1)).toBe(false)
  })
})

describe('the rollups', () => {
  test('count what people said, by day in UTC', async () => {
    const { rows } = await client.query(
      `SELECT to_char(day, 'YYYY-MM-DD') AS day, property, regime, purpose, act, actor, count::integer
       FROM consent_days WHERE organisation_id = $1`,
      [toUuid(running.organisationId)],
    )
    const counts = new Map<string, number>()
    const events = await client.query(
      'SELECT * FROM events WHERE organisation_id = $1 AND subject_id IS NOT NULL',
      [toUuid(running.organisationId)],
    )
    for (const { recorded_at_ms, body } of events.rows) {
      const { property, regime, purpose, act, actor } = body
      const on = new Date(Number(recorded_at_ms)).toISOString().slice(0, 10)
      const key = JSON.stringify([on, property ?? '', regime ?? '', purpose, act, actor])
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    expect(
      new Map(
        rows.map(({ count, ...row }) => [
          JSON.stringify([row.day, row.property, row.regime, row.purpose, row.act, row.actor]),
          count,
        ]),
      ),
    ).toEqual(counts)
  })

  test('tell how long a yes stood that was withdrawn, and nothing of a withdrawal without one', async () => {
    const say = async (id: string, act: 'grant' | 'deny' | 'withdraw', afterMs: number) => {
      nowMs += afterMs
      await running.ledger.recordConsents(
        aConsent(running.organisationId, {
          ...{ subject: { namespace: 'user', id }, choices: [{ purpose: 'ai_training.evaluation', act }] },
        }),
        null,
      )
    }
    await say('dora', 'grant', 1_000)
    await say('dora', 'withdraw', 30_000)
    await say('dora', 'withdraw', 30_000)
    await say('eve', 'withdraw', 1_000)
    await say('dora', 'grant', 1_000)
    await say('dora', 'withdraw', 3 * day)
    await withProjection((projection) => catchUp(projection, 2))
    const { rows } = await client.query(
      `SELECT bucket, sum(count)::integer AS count FROM withdraw_delays
       WHERE organisation_id = $1 AND purpose = 'ai_training.evaluation' GROUP BY 1 ORDER BY 1`,
      [toUuid(running.organisationId)],
    )
    // Under a minute; under seven days.
    expect(rows).toEqual([
      { bucket: 0, count: 1 },
      { bucket: 6, count: 1 },
    ])
  })
})
