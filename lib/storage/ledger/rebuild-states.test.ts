import { afterEach, beforeEach, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts'
import { connect } from './connect.ts'
import { createLogSource } from './log-source.ts'
import { rebuildStates } from './rebuild-states.ts'
import { checkLog } from './testing/check-log.ts'
import { aConsent, startLedger } from './testing/start-ledger.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

test('states that are lost are folded again from the events, and until then nothing loads', async () => {
  const running = await startLedger(database.serve)
  const { ledger, organisationId, keys } = running
  for (let n = 0; n < 30; n++) {
    const subject = { namespace: 'user', id: `u${n % 7}` }
    const choices = [{ purpose: 'ai_training', act: n % 3 === 0 ? 'withdraw' : 'grant' } as const]
    await ledger.recordConsents(aConsent(organisationId, { subject, choices }), null)
  }
  await running.close()
  const before = await checkLog(database.serve, keys)
  const client = await connect(database.owner)
  await client.query('DELETE FROM subject_states; UPDATE log_heads SET state_seq = 0')
  await client.end()

  const source = createLogSource(database.serve)
  const nothing = () => undefined
  await expect(
    source.load({ config: nothing, shape: nothing, state: nothing, identifiers: nothing }),
  ).rejects.toMatchObject({ code: 'log_unavailable' })
  await source.close()
  expect(await rebuildStates(database.serve, nothing)).toBe(before.seq)
  expect(await rebuildStates(database.serve, nothing)).toBe(0)
  expect((await checkLog(database.serve, keys)).states).toEqual(before.states)
})
