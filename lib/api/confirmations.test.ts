import { createHash } from 'node:crypto'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { needConfirmation } from './testing/ask-for-more.ts'
import { pagesOf } from './testing/own-choices.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'
import { type RunningMail, startMail } from './testing/start-mail.ts'

const hour = 3_600_000
let nowMs = Date.now()
let mail: RunningMail
let api: RunningApi
let database: pg.Client
const { get, post, experience, newDevice, reasonFor } = pagesOf(
  () => api,
  () => nowMs,
)

beforeAll(async () => {
  mail = await startMail()
  api = await startApi({ clock: () => nowMs, mailer: mail.mailer })
  await needConfirmation(api, 'analytics', 'ai_training.fine_tuning')
  database = new pg.Client(api.database.owner)
  await database.connect()
})
afterAll(async () => {
  await database.end()
  await api.close()
  await mail.close()
})
// What is limited by the minute is limited in each test by itself.
beforeEach(() => {
  nowMs += 61_000
})

let people = 0
const newAddress = () => `person-${++people}@example.com`

/** The code in the newest letter to an address, once it has come. */
async function codeTo(address: string): Promise<string> {
  const find = () => mail.letters.findLast(({ to }) => to.includes(address))
  await vi.waitFor(() => expect(find()).toBeDefined(), { timeout: 30_000 })
  return /#c=([\w-]{43})/.exec(find()!.text)![1]!
}
const answer = (code: string, confirms = true) => post('/confirmations/answer', { code, confirms })
/** What is kept of a letter. */
const keptOf = async (code: string) => {
  const sha256 = createHash('sha256').update(code).digest()
  return (await database.query('SELECT * FROM pending_confirmations WHERE code_sha256 = $1', [sha256])).rows
}

/** A device with a yes that waits, and its letter's code. */
async function waiting(purpose = 'analytics') {
  const device = await newDevice()
  const address = newAddress()
  const asked = await device.asks(address, purpose)
  expect([asked.status, asked.body.kind]).toEqual([201, 'confirm'])
  return { ...device, address, code: await codeTo(address) }
}

describe('a yes that must be confirmed', () => {
  const recorded = (purpose: string, more: object = {}) =>
    api.call('POST', '/v1/consents', {
      ...{
        subject: `user:${purpose}`,
        property: 'demo',
        notice: { key: 'starter', version: 2, locale: 'en' },
      },
      ...{ evidence: { method: 'form' }, choices: [{ purpose, act: 'grant' }] },
      ...more,
    })

  test('is turned away by whatever route it comes, as one that would cover it is; a no never', async () => {
    const isRefused = { status: 422, body: { code: 'confirmation_required', pointer: '/choices/0' } }
    expect(await recorded('analytics')).toMatchObject(isRefused)
    expect(await recorded('analytics', { evidence: {} })).toMatchObject(isRefused)
    expect(await recorded('analytics', { actor: 'guardian' })).toMatchObject(isRefused)
    expect(
      await recorded('analytics', { actor: 'import', evidence: { method: 'form', reference: 'crm' } }),
    ).toMatchObject(isRefused)
    // A yes to the whole would be a yes to its part.
    expect(await recorded('ai_training')).toMatchObject(isRefused)
    expect((await recorded('ai_training.evaluation')).status).toBe(201)
    expect((await recorded('personalization')).status).toBe(201)
    const session = await api.signInAs('officer')
    expect(
      await api.call(
        'POST',
        '/v1/consents',
        {
          ...{ subject: 'user:bob', property: 'demo', notice: { key: 'starter', version: 2, locale: 'en' } },
          ...{ evidence: { method: 'form' }, choices: [{ purpose: 'analytics', act: 'grant' }] },
        },
        session,
      ),
    ).toMatchObject(isRefused)
    expect((await recorded('analytics', { choices: [{ purpose: 'analytics', act: 'deny' }] })).status).toBe(
      201,
    )
    // Who has confirmed it says so.
    const { status } = await recorded('analytics', { evidence: { method: 'double_opt_in' } })
    expect(status).toBe(201)
    const asked = { subject: 'user:analytics', purpose: 'analytics', property: 'demo' }
    expect((await api.call('POST', '/v1/check', asked)).body.reason).toBe('consent_given')
  })

  test('given before, counts no more', async () => {
    const old = aConsent(api.organisationId, {
      ...{ subject: { namespace: 'user', id: 'early' }, evidence: { method: 'double_opt_in' } },
      choices: [{ purpose: 'analytics', act: 'grant' }],
    })
    await api.ledger.recordConsents(old, null)
    const asked = { subject: 'user:early', purpose: 'analytics', property: 'demo' }
    expect((await api.call('POST', '/v1/check', asked)).body.reason).toBe('notice_superseded')
  })

  test('is asked on the preference page and not in a banner', async () => {
    const stepsOf = (body: Awaited<ReturnType<typeof experience>>) =>
      Object.fromEntries(body.purposes.map(({ key, step, is_asked }) => [key, [step, is_asked]]))
    expect(stepsOf(await experience())).toMatchObject({
      analytics: ['confirm', true],
      ai_training: ['confirm', true],
      personalization: [null, true],
    })
    const banner = (await get('/experience')).body as unknown as Awaited<ReturnType<typeof experience>>
    expect(stepsOf(banner)).toMatchObject({
      analytics: ['confirm', false],
      ai_training: ['confirm', false],
      personalization: [null, true],
    })
  })

  test('waits where a page says it: what else was said is recorded', async () => {
    const device = await newDevice()
    const { status, body } = await device.says('grant', 'analytics', 'personalization')
    expect(status).toBe(201)
    expect(body.not_recorded).toEqual([{ purpose: 'analytics', step: 'confirm' }])
    expect(await device.stands('analytics')).toMatchObject({ state: 'never_asked', step: 'confirm' })
    expect(await device.stands('personalization')).toMatchObject({ state: 'granted', step: null })
    const alone = await device.says('grant', 'analytics')
    expect(alone.body.not_recorded).toHaveLength(1)
    expect(await reasonFor(device.device, 'analytics')).toBe('never_asked')
  })
})

describe('a letter', () => {
  test('confirms it on a POST, once, with the words that were shown and the time of confirming', async () => {
    const { token, device, address, code, stands } = await waiting()
    const until = new Date(nowMs + 24 * hour).toISOString()
    expect(await stands('analytics')).toMatchObject({ state: 'never_asked', waits_until: until })
    expect(await reasonFor(device, 'analytics')).toBe('never_asked')
    const letter = mail.letters.at(-1)!
    expect(letter.to).toEqual([address])
    expect(letter.text).toContain('Please confirm your answer')
    expect(letter.text).toContain(`http://localhost:3000/p/demo?lang=en#c=${code}`)

    // A mail program that looks at links first, and a reload, spend nothing.
    for (const _ of [1, 2]) {
      const link = await fetch(`${api.url}/v1/public/demo/confirmations/answer?code=${code}`)
      expect(link.status).toBeGreaterThanOrEqual(400)
      const { body } = await post('/confirmations/read', { code })
      expect(body).toMatchObject({ kind: 'confirm', locale: 'en', controller: 'Your organisation' })
      expect(body.purposes.map(({ key }: { key: string }) => key)).toEqual(['analytics'])
      expect(body.notice).toMatchObject({ key: 'starter', version: 2, title: 'What we do with your data' })
      // Whoever opens it elsewhere learns nothing of who asked, nor of her other choices.
      expect(JSON.stringify(body)).not.toMatch(new RegExp(`${device}|${address}|token`))
    }
    expect(await reasonFor(device, 'analytics')).toBe('never_asked')

    nowMs += hour
    const done = await answer(code)
    expect([done.status, done.body]).toEqual([200, { kind: 'confirm', outcome: 'confirmed' }])
    expect(await reasonFor(device, 'analytics')).toBe('consent_given')
    const since = new Date(nowMs).toISOString()
    expect(await stands('analytics')).toMatchObject({ state: 'granted', since, waits_until: null })
    const { events } = (await get('/record', token)).body
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({
      ...{ act: 'granted', actor: 'subject', purpose: 'analytics', property: 'demo' },
      notice: { key: 'starter', version: 2, locale: 'en' },
      evidence: { method: 'double_opt_in', confirmed_by: 'own_mail', address, known_by: 'device' },
    })
    expect(await keptOf(code)).toEqual([])
    expect((await answer(code)).body.code).toBe('token_invalid')
    expect((await post('/confirmations/read', { code })).body.code).toBe('token_invalid')
  })

  test('says no as well, which ends what waits and refuses nothing for her', async () => {
    const { code, stands } = await waiting()
    expect((await answer(code, false)).body).toEqual({ kind: 'confirm', outcome: 'refused' })
    expect(await stands('analytics')).toMatchObject({ state: 'never_asked', waits_until: null })
    expect((await answer(code)).body.code).toBe('token_invalid')
  })

  test('answered twice at once records one yes', async () => {
    const { code, token } = await waiting()
    const both = await Promise.all([answer(code), answer(code)])
    expect(both.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1)
    expect((await get('/record', token)).body.events).toHaveLength(1)
  })

  test('serves for a day, and what ran out is forgotten', async () => {
    const { code, device, stands } = await waiting()
    nowMs += 24 * hour - 1
    expect((await post('/confirmations/read', { code })).status).toBe(200)
    nowMs += 1
    expect((await answer(code)).body.code).toBe('token_invalid')
    expect((await stands('analytics')).waits_until).toBeNull()
    expect(await reasonFor(device, 'analytics')).toBe('never_asked')
    await newDevice().then((other) => other.asks(newAddress(), 'analytics'))
    expect(await keptOf(code)).toEqual([])
  })

  test('belongs to its property, and a changed code to nobody', async () => {
    const { code } = await waiting()
    await api.ledger.publish(api.organisationId, [
      {
        act: 'property_published',
        definition: { key: 'diary', name: 'Diary', origins: ['http://localhost:3000'] },
      },
    ])
    const there = await post('/confirmations/answer', { code, confirms: true }, undefined, 'diary')
    expect([there.status, there.body.code]).toEqual([401, 'token_invalid'])
    const changed = `${code.slice(0, -2)}${code.endsWith('AA') ? 'BB' : 'AA'}`
    expect((await answer(changed)).body.code).toBe('token_invalid')
    const elsewhere = await fetch(`${api.url}/v1/public/demo/confirmations/answer`, {
      method: 'POST',
      headers: { Origin: 'https://evil.example', 'Content-Type': 'application/json' },
      body: JSON.stringify({ code, confirms: true }),
    })
    expect(elsewhere.status).toBe(403)
    expect((await answer(code)).body.outcome).toBe('confirmed')
  })

  test('speaks for the one device that asked', async () => {
    const { code, device } = await waiting()
    const other = await newDevice()
    expect((await answer(code)).body.outcome).toBe('confirmed')
    expect(await reasonFor(device, 'analytics')).toBe('consent_given')
    expect(await reasonFor(other.device, 'analytics')).toBe('never_asked')
  })

  test('asked for again, the newest counts', async () => {
    const { code, address, asks } = await waiting()
    mail.letters.length = 0
    await asks(address, 'analytics')
    const newer = await codeTo(address)
    expect((await answer(code)).body.code).toBe('token_invalid')
    expect((await answer(newer)).body.outcome).toBe('confirmed')
  })

  test('goes for what needs one, and for nothing else', async () => {
    const device = await newDevice()
    const refused = async (...purposes: string[]) => (await device.asks(newAddress(), ...purposes)).body.code
    expect(await refused('personalization')).toBe('conflict')
    expect(await refused('service')).toBe('conflict')
    expect(await refused('nothing')).toBe('conflict')
    expect(await refused('analytics', 'personalization')).toBe('body_invalid')
    // A question and its parts, some of which would need none by themselves.
    const whole = ['ai_training', 'ai_training.fine_tuning', 'ai_training.evaluation']
    const address = newAddress()
    expect((await device.asks(address, ...whole)).status).toBe(201)
    expect((await answer(await codeTo(address))).body.outcome).toBe('confirmed')
    for (const purpose of whole) expect(await reasonFor(device.device, purpose)).toBe('consent_given')
    expect((await device.asks('no address', 'analytics')).body.code).toBe('body_invalid')
    expect(
      (await post('/confirmations', { snapshot: 'x', email: 'a@example.com', purposes: ['a'] })).status,
    ).toBe(401)
  })

  test('needs words that were served: a snapshot serves once', async () => {
    const device = await newDevice()
    const snapshot = await device.snapshot()
    const body = { snapshot, email: newAddress(), purposes: ['analytics'] }
    expect((await post('/confirmations', body, device.token)).status).toBe(201)
    expect((await post('/confirmations', body, device.token)).body.code).toBe('snapshot_used')
    const said = { snapshot, choices: [{ purpose: 'personalization', act: 'grant' }] }
    expect((await post('/consents', said, device.token)).body.code).toBe('snapshot_used')
  })

  test('comes three times a day to one mailbox, and ten times a minute for one device', async () => {
    const address = newAddress()
    const answers: number[] = []
    for (let at = 0; at < 4; at++) {
      const device = await newDevice()
      answers.push((await device.asks(at % 2 ? address.toUpperCase() : address, 'analytics')).status)
    }
    expect(answers).toEqual([201, 201, 201, 429])
    nowMs += 61_000
    const device = await newDevice()
    const many = []
    for (let at = 0; at < 11; at++) many.push((await device.asks(newAddress(), 'analytics')).status)
    expect(many.filter((status) => status === 429)).toHaveLength(1)
  })

  test('stands in no table in clear', async () => {
    const { address, device, code } = await waiting()
    const rows = JSON.stringify(await keptOf(code), (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    )
    expect(rows).not.toContain(device)
    expect(rows).not.toContain(address)
    expect(rows).not.toContain(code)
    await answer(code)
    const { rows: all } = await database.query(
      "SELECT count(*)::int AS n FROM events WHERE body::text LIKE '%person-%@example.com%'",
    )
    expect(all).toEqual([{ n: 0 }])
  })
})

describe('what waits is ended', () => {
  /** The second where it was looked at since. */
  const ended = ['confirmation_void', 'token_invalid']
  const subjectOf = (id: string) => ({ namespace: 'device', id })
  type Waiting = Awaited<ReturnType<typeof waiting>>
  const byLedger =
    (changes: object) =>
    ({ device }: Waiting) =>
      api.ledger.recordConsents(
        aConsent(api.organisationId, { subject: subjectOf(device), notice: null, ...changes }),
        null,
      )
  test.each<[string, (it: Waiting) => Promise<unknown>]>([
    ['by her no on the page', ({ says }) => says('deny', 'analytics')],
    [
      'by taking everything back, where she had given nothing',
      ({ token }) => post('/withdraw-all', {}, token),
    ],
    ['by a no that a service records', byLedger({ choices: [{ purpose: 'analytics', act: 'object' }] })],
    [
      'by a no that was said before and comes late',
      byLedger({ choices: [{ purpose: 'analytics', act: 'withdraw' }], occurredAtMs: 1 }),
    ],
    [
      'by a no on another property',
      byLedger({ property: 'diary', choices: [{ purpose: 'analytics', act: 'deny' }] }),
    ],
    [
      'by her erasure',
      ({ device }) => api.ledger.recordFact(api.organisationId, subjectOf(device), { act: 'erased' }),
    ],
  ])('%s', async (_, ends) => {
    const it = await waiting()
    await ends(it)
    expect((await it.stands('analytics')).waits_until).toBeNull()
    const late = await answer(it.code)
    expect(ended).toContain(late.body.code)
    expect(await reasonFor(it.device, 'analytics')).not.toBe('consent_given')
    expect(await keptOf(it.code)).toEqual([])
  })

  test('by a no to what covers it or to a part, even if it is lifted again', async () => {
    const it = await waiting('ai_training.fine_tuning')
    await it.says('deny', 'ai_training')
    expect(ended).toContain((await answer(it.code)).body.code)
    const whole = await waiting('ai_training')
    await whole.says('deny', 'ai_training.evaluation')
    await whole.says('grant', 'ai_training.evaluation')
    expect(ended).toContain((await answer(whole.code)).body.code)
  })

  test('by the ledger itself, where the no comes between looking and writing', async () => {
    const it = await waiting()
    // The batch holds both, the no first.
    const no = it.says('deny', 'analytics')
    const [told] = await Promise.all([answer(it.code), no])
    const reason = await reasonFor(it.device, 'analytics')
    expect(reason).toBe('consent_denied')
    expect([200, 401, 410]).toContain(told.status)
  })
})

test('no sequence of calls allows it without a confirmation after every no', {
  timeout: 240_000,
}, async () => {
  const key = 'ai_training.fine_tuning'
  const step = fc.constantFrom(
    'yes',
    'no',
    'ask',
    'ask_whole',
    'confirm',
    'confirm_old',
    'drop',
    'all',
    'no_part',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 9 }), async (steps) => {
      const device = await newDevice()
      const codes: string[] = []
      let mayBeAllowed = false
      const confirm = async (code: string | undefined, confirms: boolean) => {
        if (code === undefined) return
        const { body } = await answer(code, confirms)
        if (body.outcome === 'confirmed') mayBeAllowed = true
      }
      const no = async (purpose: string) => {
        await device.says('deny', purpose)
        mayBeAllowed = false
      }
      const ask = async (...purposes: string[]) => {
        const address = newAddress()
        expect((await device.asks(address, ...purposes)).status).toBe(201)
        codes.push(await codeTo(address))
      }
      const acts: Record<string, () => Promise<unknown>> = {
        yes: () => device.says('grant', 'ai_training', key),
        no: () => no('ai_training'),
        no_part: () => no(key),
        ask: () => ask(key),
        ask_whole: () => ask('ai_training', key, 'ai_training.evaluation'),
        confirm: () => confirm(codes.at(-1), true),
        confirm_old: () => confirm(codes[0], true),
        drop: () => confirm(codes.at(-1), false),
        all: async () => {
          await post('/withdraw-all', {}, device.token)
          mayBeAllowed = false
        },
      }
      for (const act of steps) {
        nowMs += 61_000
        await acts[act]!()
        const reason = await reasonFor(device.device, key)
        expect([act, mayBeAllowed || reason !== 'consent_given']).toEqual([act, true])
      }
    }),
    { numRuns: 20 },
  )
})

describe('without mail', () => {
  test('no letter is promised', async () => {
    const plain = await startApi({ clock: () => nowMs })
    await needConfirmation(plain, 'analytics')
    const pages = pagesOf(
      () => plain,
      () => nowMs,
    )
    const device = await pages.newDevice()
    const { status, body } = await device.asks(newAddress(), 'analytics')
    expect([status, body.code]).toEqual([404, 'not_found'])
    await plain.close()
  })

  test('a server that takes no letter is told of, and nothing waits', async () => {
    const full = await startMail({ refuses: true })
    const heard: unknown[] = []
    const deaf = await startApi({
      ...{ clock: () => nowMs, mailer: full.mailer },
      heard: (what, message) => heard.push(what, message),
    })
    await needConfirmation(deaf, 'analytics')
    const pages = pagesOf(
      () => deaf,
      () => nowMs,
    )
    const device = await pages.newDevice()
    const address = newAddress()
    const { status, body } = await device.asks(address, 'analytics')
    expect([status, body.code]).toEqual([503, 'not_ready'])
    // Operators are told why, and not whose it was.
    expect(JSON.stringify(heard)).toContain('no mailbox')
    expect(JSON.stringify(heard)).not.toContain(address)
    expect(JSON.stringify(body)).not.toContain(address)
    expect(await device.stands('analytics')).toMatchObject({ state: 'never_asked', waits_until: null })
    await deaf.close()
    await full.close()
  })
})
