import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
let key: string
let nowMs = Date.now()
beforeAll(async () => {
  api = await startApi({ clock: () => nowMs })
  key = await api.makeKey('decisions:read')
  for (let n = 0; n < 12; n++) {
    for (const act of n % 3 === 0 ? (['grant', 'withdraw'] as const) : (['grant'] as const)) {
      const choices = [{ purpose: n % 2 === 0 ? 'ai_training' : 'analytics', act }]
      await api.ledger.recordConsents(
        aConsent(api.organisationId, { subject: { namespace: 'user', id: `u${n}` }, choices }),
        null,
      )
    }
  }
  nowMs = Date.now() + 60_000
})
afterAll(() => api.close())

async function post(body: string) {
  const response = await fetch(`${api.url}/access/v1/evaluations`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body,
  })
  // How old the answer is moves between two calls.
  const text = (await response.text()).replaceAll(/"lag_ms":\d+/g, '"lag_ms":0')
  return { status: response.status, text }
}

const optional = <T>(arbitrary: fc.Arbitrary<T>, freq = 3) => fc.option(arbitrary, { nil: undefined, freq })
const times = fc.constantFrom(
  ...['2026-11-23', '2020-01-01T00:00:00Z', 'yesterday', '', '2026-11-24T10:00:00+02:00'],
  ...[0, 30_000, 59_000, 59_500, 59_800, 120_000].map((ms) => new Date(Date.now() + ms).toISOString()),
)
const subject = fc.record({
  type: fc.constantFrom('user', 'user', 'user', 'device', 'User', 'x y'),
  id: fc.oneof(
    { weight: 9, arbitrary: fc.nat(14).map((n) => `u${n}`) },
    { weight: 1, arbitrary: fc.constantFrom('', 'é') },
  ),
})
const action = fc.record({ name: fc.constantFrom('ai_training', 'analytics', 'service', 'nothing') })
const resource = fc.record(
  {
    type: fc.constantFrom('record', 'record', ''),
    id: fc.constantFrom('1', '2'),
    properties: fc.record(
      { collected_at: times, property: optional(fc.constant('demo'), 1) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['type', 'id'] },
)
const item = fc.record(
  { subject, action: optional(action, 1), resource, context: optional(fc.constant({ regime: 'ccpa' }), 1) },
  { requiredKeys: ['subject', 'resource'] },
)
const batch = fc.record(
  {
    action: optional(action, 9),
    resource: optional(resource, 1),
    context: optional(fc.constantFrom({}, { recipient: 'x' }), 1),
    options: optional(
      fc.record({
        evaluations_semantic: fc.constantFrom(
          ...['execute_all', 'execute_all', 'deny_on_first_deny', 'permit_on_first_permit', 'other'],
        ),
      }),
      2,
    ),
    evaluations: fc.array(
      fc.oneof({ weight: 12, arbitrary: item }, { weight: 1, arbitrary: fc.jsonValue() }),
      {
        maxLength: 12,
      },
    ),
  },
  { requiredKeys: ['evaluations'] },
)

test('a plain batch is answered as any other, byte for byte', async () => {
  let permitted = 0
  await fc.assert(
    fc.asyncProperty(batch, fc.constantFrom(0, 2), async (drawn, spaces) => {
      const text = JSON.stringify(drawn, null, spaces)
      // A member that says nothing here leads the batch the long way.
      const other = text.replace('{', '{"note":0,')
      const [plain, long] = [await post(text), await post(other)]
      expect(plain).toEqual(long)
      permitted += plain.text.split('"decision":true').length - 1
    }),
    { numRuns: 400 },
  )
  expect(permitted).toBeGreaterThan(50)
})

test('ten thousand items are answered, one more is a clear 400', async () => {
  const items = (count: number) =>
    JSON.stringify({
      action: { name: 'ai_training' },
      evaluations: Array.from({ length: count }, (_, n) => ({
        subject: { type: 'user', id: `u${n % 20}` },
        resource: {
          type: 'record',
          id: `r${n}`,
          properties: { collected_at: new Date(nowMs).toISOString() },
        },
      })),
    })
  const most = await post(items(10_000))
  const { evaluations } = JSON.parse(most.text) as { evaluations: { decision: boolean }[] }
  expect(evaluations).toHaveLength(10_000)
  const few = await post(items(20))
  const first = JSON.parse(few.text) as { evaluations: unknown[] }
  for (const [n, answer] of evaluations.entries()) expect(answer).toEqual(first.evaluations[n % 20])
  const over = await post(items(10_001))
  expect(over.status).toBe(400)
  expect(JSON.parse(over.text)).toMatchObject({ code: 'body_invalid', pointer: '/evaluations' })
})
