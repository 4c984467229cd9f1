import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from '../../lib/api/testing/start-api.ts'
import { ConsentIndex } from '../../lib/decisions/consent-index.ts'
import type { AssentEvent } from '../../lib/domain/events.ts'
import { parseInstant } from '../../lib/domain/parse-instant.ts'
import { naiveDecide } from '../../lib/domain/testing/naive.ts'
import type { Choice } from '../../lib/ledger/ledger.ts'
import { createLogSource } from '../../lib/storage/ledger/log-source.ts'
import { aConsent } from '../../lib/storage/ledger/testing/start-ledger.ts'

const file = '../shared/data/assistant-feedback.ndjson'
const isThere = existsSync(file)
if (!isThere) console.warn(`skipped: ${file} is missing`)

/** The records run from March to June 2026; the question is asked in August. */
const before = Date.UTC(2026, 1, 15)
const april = Date.UTC(2026, 3, 20)
const june = Date.UTC(2026, 5, 10)
const after = Date.UTC(2026, 6, 10)
const asked = Date.UTC(2026, 7, 1)

const all = ['ai_training', 'ai_training.fine_tuning', 'ai_training.evaluation']
type Said = { readonly atMs: number; readonly act: Choice['act']; readonly purposes?: readonly string[] }
/** What people said, and when; each takes the habit of their number. */
const habits: readonly (readonly Said[])[] = [
  [],
  [{ atMs: before, act: 'grant' }],
  [{ atMs: april, act: 'grant' }],
  [
    { atMs: before, act: 'grant' },
    { atMs: april, act: 'withdraw' },
  ],
  [{ atMs: before, act: 'deny' }],
  [
    { atMs: before, act: 'grant' },
    { atMs: april, act: 'withdraw' },
    { atMs: june, act: 'grant' },
  ],
  [{ atMs: after, act: 'grant' }],
  [
    { atMs: before, act: 'grant' },
    { atMs: april, act: 'deny', purposes: ['ai_training.evaluation'] },
  ],
  [
    { atMs: before, act: 'grant' },
    { atMs: june, act: 'object', purposes: ['ai_training'] },
  ],
]

const idsOf = (text: string) =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { id: string }).id]))

describe.skipIf(!isThere)('real interactions, filtered', () => {
  let api: RunningApi
  let nowMs = before - 86_400_000
  const lines = isThere ? readFileSync(file, 'utf8').split(/(?<=\n)/) : []

  beforeAll(async () => {
    api = await startApi({ clock: () => nowMs })
    const users = [...new Set(lines.map((line) => (JSON.parse(line) as { user_id: string }).user_id))].sort()
    const steps = users.flatMap((id, index) =>
      habits[index % habits.length]!.map((said) => ({ id, ...said })),
    )
    for (const { id, atMs, act, purposes = all } of steps.sort((a, b) => a.atMs - b.atMs)) {
      nowMs = atMs
      await api.ledger.recordConsents(
        aConsent(api.organisationId, {
          subject: { namespace: 'user', id },
          choices: purposes.map((purpose) => ({ purpose, act })),
        }),
        null,
      )
    }
    nowMs = asked
  })
  afterAll(() => api.close())

  async function filter(purpose: string): Promise<{ kept: string; summary: Record<string, unknown> }> {
    const response = await fetch(
      `${api.url}/v1/filter?purpose=${purpose}&subject=user:user_id&collected_at=collected_at`,
      {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${await api.makeKey('decisions:read')}`,
          'Content-Type': 'application/x-ndjson',
        },
        body: lines.join(''),
      },
    )
    const kept = await response.text()
    const { body } = await api.call('GET', `/v1/filters/${response.headers.get('assent-filter-id')}`)
    return { kept, summary: body }
  }

  test('the command line writes the same lines, and a report of the same run', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'assent-feedback-'))
    const [out, report] = [join(dir, 'ok.ndjson'), join(dir, 'run.json')]
    const args = ['--purpose', 'ai_training', '--subject', 'user:user_id', '--collected-at', 'collected_at']
    const env = {
      ...process.env,
      ASSENT_URL: api.url,
      ASSENT_API_KEY: await api.makeKey('decisions:read', 'changes:read'),
    }
    await promisify(execFile)('./assent', ['filter', file, ...args, '--out', out, '--report', report], {
      env,
    })
    const { kept, summary } = await filter('ai_training')
    expect(readFileSync(out, 'utf8') === kept).toBe(true)
    const { permitted, denied, sha256_out } = summary
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
      complete: true,
      permitted,
      denied,
      sha256_out,
    })
    rmSync(dir, { recursive: true })
  })

  async function readEvents(): Promise<readonly AssentEvent[]> {
    const source = createLogSource(api.database.serve)
    const begin = { ...(await source.load(new ConsentIndex(api.keys.lookup))), seq: 0 }
    const { batches } = await source.read(begin, { waitMs: 0, eventsMax: 100_000 })
    await source.close()
    return batches.flatMap(({ events }) => events)
  }

  test.each(all)('%s: every line is kept or left out as the naive implementation says', async (purpose) => {
    const { kept, summary } = await filter(purpose)
    const events = await readEvents()
    const byReason: Record<string, number> = {}
    let permitted = 0
    const expected = lines.filter((line) => {
      const record = JSON.parse(line) as { user_id: string; collected_at: string }
      const subject = api.decisions.subjectOf(api.organisationId, { namespace: 'user', id: record.user_id })
      const decision = naiveDecide(events, subject ?? ('sub_nobody' as NonNullable<typeof subject>), {
        purpose,
        nowMs: asked,
        freshness: 'fresh',
        collectedAtMs: parseInstant(record.collected_at)!,
        demandsCollectedAt: true,
        property: null,
        categories: null,
        recipient: null,
        regime: null,
        sourcePurpose: null,
      })
      if (decision.allowed) permitted += 1
      else byReason[decision.reason] = (byReason[decision.reason] ?? 0) + 1
      return decision.allowed
    })
    // By their ids first: a difference between whole texts could not be read.
    expect(idsOf(kept)).toEqual(idsOf(expected.join('')))
    expect(kept === expected.join('')).toBe(true)
    expect(summary).toMatchObject({
      complete: true,
      records: lines.length,
      permitted,
      denied: byReason,
      broken: [],
    })
    expect(permitted).toBeGreaterThan(lines.length / 10)
    expect(Object.keys(byReason).length).toBeGreaterThanOrEqual(4)
  })
})
