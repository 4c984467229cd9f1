import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

type Body = Record<string, unknown>
const notice = { key: 'starter', version: 1, locale: 'en' }

async function agree(subject: string, more: Body = {}, key?: string): Promise<void> {
  const body = {
    ...{ subject, notice, evidence: { method: 'form', reference: 'kept in the archive' } },
    choices: [{ purpose: 'ai_training', act: 'grant' }],
    ...more,
  }
  const headers = key === undefined ? undefined : { Authorization: `Bearer ${key}` }
  expect(await api.call('POST', '/v1/consents', body, headers)).toMatchObject({ status: 201 })
}
const reasonOf = async (subject: string, more: Body = {}) => {
  const asked = { subject, purpose: 'ai_training', collected_at: new Date().toISOString(), ...more }
  return (await api.call('POST', '/v1/check', asked)).body.reason
}
const recall = (scope: Body, more: Body = {}) =>
  api.call('POST', '/v1/recalls', { scope, reason: 'a wrong translation', ...more })
const preview = async (scope: Body) => (await api.call('POST', '/v1/recalls/preview', { scope })).body
const tasksOf = async (id: unknown, state = 'open') =>
  (await api.call('GET', `/v1/tasks?recall=${id}&state=${state}`)).body.tasks as readonly Body[]

describe('a recall', () => {
  test('of an import denies at once, and lists whom and what relied on it', async () => {
    const scope = { kind: 'import', id: 'crm-2026' }
    for (const id of ['imported-1', 'imported-2'])
      await agree(`user:${id}`, { actor: 'import', import: 'crm-2026' })
    await agree('user:herself')
    expect(await reasonOf('user:imported-1', { run: 'train-7' })).toBe('consent_given')
    await api.call('PUT', '/v1/consumers/feature-store', { applied: '0:0', purposes: ['ai_training'] })
    await api.usage.flush()

    expect(await preview(scope)).toMatchObject({
      ...{ people: 2, consents: 2, by_purpose: [{ purpose: 'ai_training', locale: 'en', consents: 2 }] },
      services: [{ permits: 1 }],
      runs: [{ run: 'train-7', people: 1 }],
      consumers: [{ name: 'feature-store', is_applied: false }],
    })
    const wrong = await recall(scope, { confirm_count: 3 })
    expect(wrong).toMatchObject({ status: 409, body: { code: 'conflict', pointer: '/confirm_count' } })
    expect(await reasonOf('user:imported-1')).toBe('consent_given')

    const made = await recall(scope, { confirm_count: 2 })
    expect(made).toMatchObject({ status: 201, body: { scope, struck: { people: 2, consents: 2 } } })
    expect(await reasonOf('user:imported-1')).toBe('consent_invalidated')
    expect(await reasonOf('user:herself')).toBe('consent_given')
    const { id } = made.body
    const tasks = await tasksOf(id)
    expect(tasks.map(({ kind }) => kind).sort()).toEqual([
      'recall_consumer',
      'recall_people',
      'recall_run',
      'recall_service',
    ])
    expect(await preview(scope)).toMatchObject({ people: 0, consents: 0, services: [], consumers: [] })

    const shown = (await api.call('GET', `/v1/recalls/${id}`)).body
    expect(shown).toMatchObject({ tasks: { open: 4, done: 0 }, consumers: [{ is_applied: false }] })
    await api.call('PUT', '/v1/consumers/feature-store', { applied: shown.revision })
    expect((await api.call('GET', `/v1/recalls/${id}`)).body).toMatchObject({
      consumers: [{ is_applied: true }],
    })
  })

  test('lists the people by random id, page by page, until they say something again', async () => {
    for (let n = 0; n < 5; n++) await agree(`user:banner-${n}`, { experience: { key: 'banner', version: 2 } })
    const { id } = (await recall({ kind: 'experience', key: 'banner', version: 2 })).body
    const seen: string[] = []
    for (let path: string | null = `/v1/recalls/${id}/subjects?limit=2`; path !== null; ) {
      const { subjects, next } = (await api.call('GET', path)).body as {
        subjects: string[]
        next: string | null
      }
      seen.push(...subjects)
      path = next === null ? null : `/v1/recalls/${id}/subjects?limit=2&after=${next}`
    }
    expect(new Set(seen).size).toBe(5)
    expect(seen).toEqual([...seen].sort())
    expect(seen.join()).toMatch(/^sub_[0-9a-f]{32}/)
    await agree('user:banner-0')
    const left = await api.call('GET', `/v1/recalls/${id}/subjects`)
    expect(left.body.subjects).toHaveLength(4)
  })

  test('of a key strikes what came through it before, not after', async () => {
    const key = await api.makeKey('consents:write')
    const keyId = ((await api.call('GET', '/v1/keys')).body.keys as { id: string; prefix: string }[]).find(
      ({ prefix }) => key.startsWith(prefix),
    )!.id
    await agree('user:through', {}, key)
    await recall({ kind: 'key', id: keyId })
    expect(await reasonOf('user:through')).toBe('consent_invalidated')
    await agree('user:through', {}, key)
    expect(await reasonOf('user:through')).toBe('consent_given')
    const explained = await api.call('POST', '/v1/explain', {
      subject: 'user:through',
      purpose: 'ai_training',
    })
    expect(explained.status).toBe(200)
  })

  test('names a notice that is there', async () => {
    const wrong = await recall({ kind: 'notice', key: 'nobody', version: 1 })
    expect(wrong).toMatchObject({ status: 422, body: { code: 'definition_invalid', pointer: '/scope' } })
    expect(await recall({ kind: 'import', id: 'x' }, { reason: ' ' })).toMatchObject({ status: 400 })
  })

  test('whose tasks were never opened has them opened when somebody looks, once', async () => {
    await agree('user:crashed', { actor: 'import', import: 'crashed' })
    const scope = { kind: 'import', id: 'crashed' } as const
    await api.ledger.publish(api.organisationId, [
      { act: 'consents_invalidated', scope, reason: 'the process ended here', by: 'member:1' },
    ])
    const look = async () =>
      ((await api.call('GET', '/v1/recalls')).body.recalls as readonly Body[]).find(
        ({ reason }) => reason === 'the process ended here',
      )!
    const all = await Promise.all([look(), look(), look()])
    expect(all[0]).toMatchObject({ struck: { people: 1 } })
    const people = (await tasksOf(all[0]!.id)).filter(({ kind }) => kind === 'recall_people')
    expect(people).toMatchObject([{ matter: { people: 1 } }])
  })

  test('a task is done once, with a note', async () => {
    const [task] = (await api.call('GET', '/v1/tasks')).body.tasks as readonly Body[]
    const done = await api.call('POST', `/v1/tasks/${task!.id}/done`, { note: 'told by letter' })
    expect(done).toMatchObject({ status: 200, body: { note: 'told by letter' } })
    const again = await api.call('POST', `/v1/tasks/${task!.id}/done`, {})
    expect(again).toMatchObject({ status: 409, body: { code: 'conflict' } })
    const listed = (await api.call('GET', '/v1/tasks?state=done')).body.tasks
    expect(listed).toMatchObject([{ id: task!.id }])
  })

  test('an import is named by imports alone', async () => {
    const body = { subject: 'user:x', import: 'crm', choices: [{ purpose: 'ai_training', act: 'grant' }] }
    const wrong = await api.call('POST', '/v1/consents', body)
    expect(wrong).toMatchObject({ status: 400, body: { code: 'body_invalid', pointer: '/import' } })
  })
})
