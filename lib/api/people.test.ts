import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { otherOrganisation } from './testing/other-organisation.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
let database: pg.Client
let aheadMs = 0
beforeAll(async () => {
  api = await startApi({ clock: () => Date.now() + aheadMs })
  database = new pg.Client(api.database.owner)
  await database.connect()
})
afterAll(async () => {
  await database.end()
  await api.close()
})
afterEach(() => {
  aheadMs = 0
})

type Json = Record<string, unknown>
const reason = { why: 'request', note: 'She wrote to us.' }
let made = 0
/** Someone new who said yes to AI training. */
async function someone(): Promise<{ name: string; id: string }> {
  const name = `person-${++made}`
  await api.ledger.recordConsents(
    aConsent(api.organisationId, {
      subject: { namespace: 'user', id: name },
      evidence: { method: 'form', browser: 'Firefox' },
    }),
    null,
  )
  return { name, id: api.decisions.subjectOf(api.organisationId, { namespace: 'user', id: name })! }
}

async function acts(act: string): Promise<readonly { actor: string; detail: Json }[]> {
  const { rows } = await database.query('SELECT actor, detail FROM admin_acts WHERE act = $1 ORDER BY at', [
    act,
  ])
  return rows
}

describe('a member who looks at a person', () => {
  test('says why first, which is written down and lets her for an hour, for this person alone', async () => {
    const officer = await api.signInAs('officer')
    const { name, id } = await someone()
    const other = await someone()
    const path = `/v1/subjects/${id}`

    expect(await api.call('GET', path, undefined, officer)).toMatchObject({
      status: 403,
      body: { code: 'reason_required' },
    })
    const lookup = (body: object) => api.call('POST', '/v1/subjects/lookup', body, officer)
    expect(await lookup({ subject: `user:${name}` })).toMatchObject({
      status: 403,
      body: { code: 'reason_required' },
    })
    expect(await lookup({ subject: `user:${name}`, reason })).toMatchObject({ status: 200, body: { id } })
    expect((await acts('person_viewed')).at(-1)).toMatchObject({
      actor: expect.stringMatching(/^member:/),
      detail: { subject: id, reason: 'request', note: 'She wrote to us.' },
    })
    expect(await api.call('GET', path, undefined, officer)).toMatchObject({
      status: 200,
      body: { id, identifiers: [{ namespace: 'user', id: name }], view: { why: 'request' } },
    })
    for (const more of ['/consents', '/timeline', '/answers', '/moments']) {
      expect((await api.call('GET', path + more, undefined, officer)).status).toBe(200)
    }
    expect((await api.call('GET', `/v1/subjects/${other.id}`, undefined, officer)).status).toBe(403)
    const colleague = await api.signInAs('officer')
    expect((await api.call('GET', path, undefined, colleague)).status).toBe(403)

    aheadMs = 3_600_001
    expect(await api.call('GET', path, undefined, officer)).toMatchObject({
      status: 403,
      body: { code: 'reason_required' },
    })
    expect((await api.call('POST', `${path}/views`, { reason }, officer)).status).toBe(201)
    expect((await api.call('GET', path, undefined, officer)).status).toBe(200)
  })

  test('leaves out of the reason who the person is, and says something where it is another reason', async () => {
    const officer = await api.signInAs('officer')
    const { name, id } = await someone()
    for (const wrong of [
      { why: 'other' },
      { why: 'request', note: `asked by ${name.toUpperCase()}` },
      { why: 'request', note: 'from alice@example.com' },
    ]) {
      for (const [path, more] of [
        ['/v1/subjects/lookup', { subject: `user:${name}` }],
        [`/v1/subjects/${id}/views`, {}],
      ] as const) {
        expect(await api.call('POST', path, { ...more, reason: wrong }, officer)).toMatchObject({
          status: 400,
          body: { code: 'body_invalid', pointer: '/reason/note' },
        })
      }
    }
  })

  test('who searches for someone unknown leaves a trace as well, without the identifier', async () => {
    const officer = await api.signInAs('officer')
    const body = { subject: 'email:nobody@example.com', reason }
    expect((await api.call('POST', '/v1/subjects/lookup', body, officer)).status).toBe(404)
    const trace = (await acts('person_not_found')).at(-1)
    expect(trace?.detail).toEqual({ reason: 'request', note: 'She wrote to us.' })
  })

  test('finds her by any way of writing her address', async () => {
    const officer = await api.signInAs('officer')
    const subject = { namespace: 'email', id: 'alice@example.com' }
    await api.ledger.recordConsents(aConsent(api.organisationId, { subject }), null)
    const body = { subject: 'email:  Alice@EXAMPLE.com ', reason }
    expect((await api.call('POST', '/v1/subjects/lookup', body, officer)).status).toBe(200)
  })

  test('a developer sees nobody, and an auditor no evidence', async () => {
    const { name, id } = await someone()
    const developer = await api.signInAs('developer')
    const body = { subject: `user:${name}`, reason }
    expect((await api.call('POST', '/v1/subjects/lookup', body, developer)).status).toBe(403)
    const auditor = await api.signInAs('auditor')
    expect((await api.call('POST', '/v1/subjects/lookup', body, auditor)).status).toBe(200)
    const seq = await seqOf(id)
    for (const path of [`/events/${seq}/evidence`, '/export', '/links']) {
      expect(
        await api.call('POST', `/v1/subjects/${id}${path}`, { subject: 'device:x' }, auditor),
      ).toMatchObject({ status: 403, body: { code: 'scope_missing' } })
    }
  })
})

async function seqOf(id: string): Promise<number> {
  const { body } = await api.call('GET', `/v1/subjects/${id}/timeline`)
  return (body.events as { seq: number }[]).at(-1)!.seq
}

describe('a key', () => {
  test('needs no reason, leaves a trace where it gives one, and sees identifiers only with search:read', async () => {
    const { name, id } = await someone()
    const Authorization = `Bearer ${await api.makeKey('consents:read')}`
    const lookup = (body: object) => api.call('POST', '/v1/subjects/lookup', body, { Authorization })
    expect((await lookup({ subject: `user:${name}` })).status).toBe(200)
    const before = (await acts('person_viewed')).length
    expect((await lookup({ subject: `user:${name}`, reason: { why: 'audit' } })).status).toBe(200)
    expect((await acts('person_viewed')).length).toBe(before + 1)
    expect(
      (await api.call('GET', `/v1/subjects/${id}`, undefined, { Authorization })).body.identifiers,
    ).toEqual([{ namespace: 'user', id: null }])
    expect((await api.call('GET', `/v1/subjects/${id}`)).body.identifiers).toEqual([
      { namespace: 'user', id: name },
    ])
  })
})

describe('the timeline', () => {
  test('tells each event with the words shown, its hash, and what it changed', async () => {
    const { name, id } = await someone()
    const subject = `user:${name}`
    await api.call('POST', '/v1/consents', {
      subject,
      choices: [{ purpose: 'ai_training', act: 'withdraw' }],
    })
    const { body } = await api.call('GET', `/v1/subjects/${id}/timeline`)
    const [granted, withdrawn] = body.events as Json[]
    expect(granted).toMatchObject({
      ...{ act: 'granted', status: 'granted', method: 'form', actor: 'subject', has_evidence: true },
      notice: { key: 'starter', version: 1, locale: 'en' },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(granted!.changed).toContainEqual({
      ...{ purpose: 'ai_training', property: 'demo' },
      before: { allowed: false, reason: 'never_asked' },
      after: { allowed: true, reason: 'consent_given' },
    })
    expect(withdrawn!.changed).toContainEqual({
      ...{ purpose: 'ai_training', property: 'demo' },
      before: { allowed: true, reason: 'consent_given' },
      after: { allowed: false, reason: 'consent_withdrawn' },
    })
    const notice = (await api.call('GET', '/v1/notices/starter/1')).body
    expect(body.words).toEqual([
      { key: 'starter', version: 1, locale: 'en', sha256: notice.sha256, text: (notice.texts as Json).en },
    ])
    expect(JSON.stringify(body)).not.toContain(name)
  })

  test('pages back, and each page goes on where the other began', async () => {
    const { name, id } = await someone()
    const subject = `user:${name}`
    for (let turn = 0; turn < 3; turn += 1) {
      await api.call('POST', '/v1/consents', { subject, choices: [{ purpose: 'analytics', act: 'deny' }] })
    }
    const whole = (await api.call('GET', `/v1/subjects/${id}/timeline`)).body.events as { seq: number }[]
    const seen: number[] = []
    let before = ''
    for (;;) {
      const { body } = await api.call('GET', `/v1/subjects/${id}/timeline?limit=3${before}`)
      seen.unshift(...(body.events as { seq: number }[]).map(({ seq }) => seq))
      if (body.before === null) break
      before = `&before=${body.before}`
    }
    expect(seen).toEqual(whole.map(({ seq }) => seq))
  })

  test('opens evidence for who may, checks it against the log, and writes that down', async () => {
    const { id } = await someone()
    const seq = await seqOf(id)
    const { status, body } = await api.call('POST', `/v1/subjects/${id}/events/${seq}/evidence`)
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { seq, evidence: { method: 'form', browser: 'Firefox' }, matches_log: true },
    })
    expect((await acts('evidence_viewed')).at(-1)?.detail).toEqual({ subject: id, seq: String(seq) })
    const others = await someone()
    const wrong = await api.call('POST', `/v1/subjects/${others.id}/events/${seq}/evidence`)
    expect(wrong).toMatchObject({ status: 404, body: { code: 'not_found' } })
  })
})

describe('as of a moment', () => {
  test('answers as known then and as known now: a no told late is in one and not the other', async () => {
    const { name, id } = await someone()
    const givenMs = Date.now()
    aheadMs = 7_200_000
    const subject = `user:${name}`
    const saidAt = new Date(givenMs + 1_800_000)
    const said = {
      subject,
      choices: [{ purpose: 'ai_training', act: 'deny' }],
      occurred_at: saidAt.toISOString(),
    }
    expect((await api.call('POST', '/v1/consents', said)).status).toBe(201)
    const at = new Date(givenMs + 3_600_000).toISOString()
    const { body } = await api.call('GET', `/v1/subjects/${id}/answers?at=${at}`)
    expect(body).toMatchObject({ historical: true, at })
    const answer = (body.answers as Json[]).find(
      (each) => each.purpose === 'ai_training' && each.property === 'demo',
    )
    expect(answer).toMatchObject({
      as_known_then: { allowed: true, reason: 'consent_given' },
      as_known_now: { allowed: false, reason: 'consent_denied' },
    })
    const { moments } = (await api.call('GET', `/v1/subjects/${id}/moments`)).body as { moments: Json[] }
    expect(moments.find((each) => each.at === saidAt.toISOString())).toMatchObject({
      as_known_then: [],
      as_known_now: expect.arrayContaining([
        expect.objectContaining({
          purpose: 'ai_training',
          after: { allowed: false, reason: 'consent_denied' },
        }),
      ]),
    })
  })

  test('now, it answers as the live question does', async () => {
    const { name, id } = await someone()
    const { body } = await api.call('GET', `/v1/subjects/${id}/answers?property=demo`)
    const collected_at = body.at
    for (const { purpose, property, as_known_now: known } of body.answers as Json[]) {
      const question = {
        subject: `user:${name}`,
        purpose,
        collected_at,
        ...(property === null ? {} : { property }),
      }
      const live = (await api.call('POST', '/v1/check', question)).body
      expect(known).toMatchObject({ allowed: live.allowed, reason: live.reason, because: live.because })
    }
  })

  test('a moment ahead, and one that is none, are turned away in words', async () => {
    const { id } = await someone()
    for (const at of ['2100-01-01', 'yesterday', '2026-01-01T10:00']) {
      expect(await api.call('GET', `/v1/subjects/${id}/answers?at=${at}`)).toMatchObject({
        status: 400,
        body: { code: 'parameter_invalid', pointer: '/at' },
      })
    }
  })

  test('the plain question still refuses to be about the past', async () => {
    const { name } = await someone()
    const question = { subject: { type: 'user', id: name }, action: { name: 'ai_training' } }
    const context = { at: '2026-01-01T00:00:00Z' }
    const asked = { ...question, resource: { type: 'record', id: 'x' }, context }
    expect((await api.call('POST', '/access/v1/evaluation', asked)).body.code).toBe(
      'historical_not_supported',
    )
  })
})

describe('a copy of a person’s data', () => {
  test('holds identifiers, events with their evidence, words and answers, and is written down', async () => {
    const { name, id } = await someone()
    const { status, body } = await api.call('POST', `/v1/subjects/${id}/export`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      subject: id,
      identifiers: [{ namespace: 'user', id: name }],
      events: [{ act: 'granted', evidence: { method: 'form', browser: 'Firefox' } }],
      words: [{ key: 'starter', version: 1, locale: 'en', text: { title: expect.any(String) } }],
    })
    expect((body.answers as Json[]).length).toBeGreaterThan(3)
    expect((await acts('person_exported')).at(-1)?.detail).toEqual({ subject: id, events: '1' })
  })
})

describe('links', () => {
  test('carry a no and never a yes, show on both sides, end, and name who made them', async () => {
    const person = await someone()
    const device = `device:phone-${person.name}`
    await api.call('POST', '/v1/consents', {
      subject: device,
      choices: [{ purpose: 'ai_training', act: 'deny' }],
    })
    const path = `/v1/subjects/${person.id}/links`
    const linked = await api.call('POST', path, { subject: device })
    expect(linked).toMatchObject({ status: 200, body: { other: expect.stringMatching(/^sub_/) } })
    const other = linked.body.other as string
    const check = async (subject: string) =>
      (
        await api.call('POST', '/v1/check', {
          ...{ subject, purpose: 'ai_training', property: 'demo', collected_at: new Date().toISOString() },
        })
      ).body.reason
    expect(await check(`user:${person.name}`)).toBe('consent_denied')
    expect((await api.call('GET', `/v1/subjects/${other}`)).body.links).toMatchObject([
      { id: person.id, namespaces: ['user'], until: null },
    ])
    expect((await acts('subjects_linked')).at(-1)?.detail).toEqual({ subject: person.id, other })
    expect((await api.call('DELETE', path, { id: other })).status).toBe(200)
    expect((await api.call('GET', `/v1/subjects/${person.id}`)).body.links).toMatchObject([
      { id: other, until: expect.any(String) },
    ])
    expect(await check(`user:${person.name}`)).toBe('consent_denied')
    expect((await acts('subjects_unlinked')).length).toBe(1)
  })

  test('of a person with herself, or with someone of another organisation, are not made', async () => {
    const person = await someone()
    const path = `/v1/subjects/${person.id}/links`
    expect((await api.call('POST', path, { subject: `user:${person.name}` })).body.code).toBe('body_invalid')
    const other = await otherOrganisation(api)
    await api.ledger.recordConsents(aConsent(other.organisationId), null)
    const theirs = api.decisions.subjectOf(other.organisationId, { namespace: 'user', id: 'alice' })!
    expect(await api.call('POST', path, { id: theirs })).toMatchObject({
      status: 404,
      body: { code: 'not_found' },
    })
  })
})

test('a member who records what someone said on the phone is named, and the words of it are sealed', async () => {
  const officer = await api.signInAs('officer')
  const { name, id } = await someone()
  const body = {
    subject: `user:${name}`,
    choices: [{ purpose: 'ai_training', act: 'withdraw' }],
    evidence: { method: 'phone', text: 'She called at nine.' },
  }
  const { status, body: recorded } = await api.call('POST', '/v1/consents', body, officer)
  expect(status).toBe(201)
  const { seq } = (recorded.events as { seq: number }[])[0]!
  expect((await acts('consent_recorded')).at(-1)).toMatchObject({
    actor: expect.stringMatching(/^member:/),
    detail: { subject: id, events: String(seq) },
  })
  const { rows } = await database.query('SELECT body::text FROM events WHERE seq = $1', [seq])
  expect(rows[0].body).toContain('phone')
  expect(rows[0].body).not.toContain('nine')
  const opened = await api.call('POST', `/v1/subjects/${id}/events/${seq}/evidence`)
  expect(opened.body.evidence).toEqual({ method: 'phone', text: 'She called at nine.' })
})
