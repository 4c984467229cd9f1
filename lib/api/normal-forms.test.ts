import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const spellings = ['alice@example.com', ' Alice@Example.COM\t', 'ALICE@EXAMPLE.COM']
const collectedAt = '2026-11-23T10:00:00Z'

function say(id: string, act: 'grant' | 'deny', namespace = 'email') {
  const subject = { namespace, id }
  const choices = [{ purpose: 'ai_training', act }]
  return api.ledger.recordConsents(aConsent(api.organisationId, { subject, choices }), null)
}

async function bytesOf(path: string, type: string, body: string): Promise<Buffer> {
  const response = await fetch(api.url + path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${await api.makeKey('decisions:read')}`, 'Content-Type': type },
    body,
  })
  expect(response.status).toBe(200)
  return Buffer.from(await response.arrayBuffer())
}

describe('an identifier’s normal form', () => {
  test('whoever refuses in one spelling is found in every other, on every way to ask', async () => {
    const first = await say(' Alice@example.com', 'deny')
    expect((await say('alice@EXAMPLE.com', 'deny')).subjectId).toBe(first.subjectId)

    for (const id of spellings) {
      const subject = `email:${id}`
      const question = { subject, purpose: 'ai_training', collected_at: collectedAt }
      for (const path of ['/v1/check', '/v1/explain']) {
        expect((await api.call('POST', path, question)).body).toMatchObject({ reason: 'consent_denied' })
      }
      expect((await api.call('POST', '/v1/subjects/lookup', { subject })).body.id).toBe(first.subjectId)
      const evaluation = {
        subject: { type: 'email', id },
        action: { name: 'ai_training' },
        resource: { type: 'record', id: '1', properties: { collected_at: collectedAt } },
      }
      const denied = { context: { reason: 'consent_denied' } }
      expect((await api.call('POST', '/access/v1/evaluation', evaluation)).body).toMatchObject(denied)
      const batch = { evaluations: [evaluation] }
      expect((await api.call('POST', '/access/v1/evaluations', batch)).body).toMatchObject({
        evaluations: [denied],
      })
    }

    const ids = spellings.map((id) => `${id}\n`).join('')
    const resolved = await bytesOf('/v1/resolve?purpose=ai_training&namespace=email', 'text/plain', ids)
    expect(spellings.map((_, n) => resolved[40 * n + 5])).toEqual([1, 1, 1])
  })

  test('the filter keeps a person’s records in every spelling, read fast or slowly', async () => {
    await say('bob@example.com', 'grant')
    const at = new Date().toISOString()
    const lines = ['bob@example.com', 'BOB@example.com', ' Bob@example.com ', 'b.ob@example.com'].map(
      (id) => `${JSON.stringify({ user: { mail: id }, mail: id, at })}\n`,
    )
    const kept = lines.slice(0, 3).join('')
    for (const path of ['mail', 'user.mail']) {
      const query = `purpose=ai_training&subject=email:${path}&collected_at=at`
      const out = await bytesOf(`/v1/filter?${query}`, 'application/x-ndjson', lines.join(''))
      expect(out.toString()).toBe(kept)
    }
  })

  test('other namespaces take ids exactly as they are', async () => {
    await say('Carol', 'grant', 'user')
    const reasonOf = async (subject: string) =>
      (await api.call('POST', '/v1/check', { subject, purpose: 'ai_training', collected_at: '2999-01-01' }))
        .body.reason
    expect(await reasonOf('user:Carol')).toBe('collected_at_required')
    expect(await reasonOf('user:carol')).toBe('never_asked')
  })

  test('an id of which nothing is left names nobody', async () => {
    const body = { subject: 'email: \t', choices: [{ purpose: 'ai_training', act: 'deny' }] }
    expect(await api.call('POST', '/v1/consents', body)).toMatchObject({
      status: 400,
      body: { code: 'identifier_invalid', pointer: '/subject' },
    })
    const question = { subject: 'email: ', purpose: 'ai_training', collected_at: collectedAt }
    expect((await api.call('POST', '/v1/check', question)).body).toMatchObject({ reason: 'never_asked' })
  })

  // With another form nobody under it would be found: a refusal would be lost where the rule is opt-out.
  test('a namespace with identifiers keeps its form; one without may be given any', async () => {
    await say('dave@example.com', 'deny')
    const { organisation } = api.decisions.policy(api.organisationId)!
    const publish = (namespaces: Record<string, string>) =>
      api.ledger.publish(api.organisationId, [
        {
          act: 'organisation_published',
          definition: { ...organisation, namespaces: namespaces as Record<string, 'exact'> },
        },
      ])
    const before = api.decisions.revision()
    await expect(publish({})).rejects.toMatchObject({
      code: 'definition_invalid',
      pointer: '/namespaces/email',
    })
    await expect(publish({ email: 'exact' })).rejects.toMatchObject({ code: 'definition_invalid' })
    await expect(publish({ email: 'email_v1', phone: 'phone_v9' })).rejects.toMatchObject({
      code: 'definition_invalid',
      pointer: '/namespaces/phone',
    })
    await expect(publish({ email: 'email_v1', 'no space': 'exact' })).rejects.toMatchObject({
      code: 'definition_invalid',
    })
    expect(api.decisions.revision()).toEqual(before)

    await publish({ email: 'email_v1', work_mail: 'email_v1' })
    // Calls in the same batch are told apart: one at fault takes none of its neighbours with it.
    const [refused, recorded] = await Promise.allSettled([
      publish({ email: 'email_v1' }).then(() => publish({ email: 'exact' })),
      say('Erin@example.com', 'deny', 'work_mail'),
    ])
    expect([refused.status, recorded.status]).toEqual(['rejected', 'fulfilled'])
    const question = { subject: 'email:DAVE@example.com', purpose: 'ai_training', collected_at: collectedAt }
    expect((await api.call('POST', '/v1/check', question)).body).toMatchObject({ reason: 'consent_denied' })
  })
})
