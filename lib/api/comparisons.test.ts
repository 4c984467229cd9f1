import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answersMin, turnMs } from '../domain/compare-layouts.ts'
import type { ExperienceDefinition } from '../domain/definitions.ts'
import type { PropertyKey } from '../domain/ids.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { toUuid } from '../storage/row-ids.ts'
import { anExperience } from './testing/roles-of-looks.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

const hourMs = 3_600_000
const origin = 'http://localhost:3000'
/** As the log's own time, it never falls. */
let nowMs = Math.floor(Date.now() / (2 * turnMs)) * 2 * turnMs
let api: RunningApi
let owner: pg.Client
beforeAll(async () => {
  api = await startApi({ clock: () => nowMs })
  owner = new pg.Client(api.database.owner)
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await api.close()
})

type Body = Record<string, unknown> & { readonly windows: readonly Record<string, unknown>[] }
const comparison = async (key: string) =>
  (await api.call('GET', `/v1/experiences/${key}/1/comparison`)).body as Body

async function publish(key: string, of: object = {}, property = 'demo'): Promise<void> {
  const definition = { ...anExperience(key), property, ...of } as unknown as ExperienceDefinition
  await api.ledger.publish(api.organisationId, [{ act: 'experience_published', version: 1, definition }])
}
/** A property that asks in two layouts in turn. */
async function compared(name: string): Promise<void> {
  const property = { key: name as PropertyKey, name, origins: ['http://localhost:3000'] }
  await api.ledger.publish(api.organisationId, [{ act: 'property_published', definition: property }])
  await publish(`${name}-a`, {}, name)
  await publish(`${name}-b`, { comparedTo: `${name}-a`, layout: 'bar' }, name)
}

type Said = Readonly<Record<'yes' | 'no' | 'changedYes' | 'changedNo', number>>
let people = 0
/** So many people answer in each layout at one time; some of them say the opposite later. */
async function answers(name: string, said: Readonly<Record<'a' | 'b', Said>>, laterMs: number) {
  const say = (id: string, act: 'grant' | 'deny' | 'withdraw', layout: string | null) =>
    api.ledger.recordConsents(
      aConsent(api.organisationId, {
        subject: { namespace: 'user', id },
        experience: layout === null ? null : { key: `${name}-${layout}`, version: 1 },
        choices: [{ purpose: 'analytics', act }],
      }),
      null,
    )
  const all = (['a', 'b'] as const).flatMap((layout) => {
    const { yes, no, changedYes, changedNo } = said[layout]
    return Array.from({ length: yes + no }, (_, index) => ({
      ...{ layout, id: `answering-${++people}`, isYes: index < yes },
      isChanged: index < yes ? index < changedYes : index - yes < changedNo,
    }))
  })
  await Promise.all(all.map(({ id, isYes, layout }) => say(id, isYes ? 'grant' : 'deny', layout)))
  nowMs += laterMs
  const changing = all.filter(({ isChanged }) => isChanged)
  await Promise.all(changing.map(({ id, isYes }) => say(id, isYes ? 'withdraw' : 'grant', null)))
}

async function send(property: string, path: string, body: object, token = '') {
  const Authorization = token === '' ? {} : { Authorization: `Bearer ${token}` }
  const headers = { 'Content-Type': 'application/json', Origin: origin, ...Authorization }
  const options = { method: 'POST', headers, body: JSON.stringify(body) }
  const response = await fetch(`${api.url}/v1/public/${property}${path}`, options)
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
async function served(property: string) {
  const response = await fetch(`${api.url}/v1/public/${property}/experience`, { headers: { Origin: origin } })
  return (await response.json()) as { experience: { key: string }; layout: string; serving: string }
}
/** A device's answers, one after the other, to what is served now; the last one's. */
async function choosesOn(property: string, ...said: readonly (readonly object[])[]) {
  const { serving, experience } = await served(property)
  const { token, snapshot } = (await send(property, '/tokens', { serving })).body as Record<string, string>
  const answers = []
  for (const [index, choices] of said.entries()) {
    const of = index === 0 ? snapshot : (await send(property, '/snapshots', { serving }, token)).body.snapshot
    answers.push((await send(property, '/consents', { snapshot: of, choices }, token)).body)
  }
  return { experience, answers, token, asked: answers.at(-1)?.asked_back as Asked | undefined }
}
type Asked = Record<'ticket' | 'question' | 'told' | 'purpose', string>

describe('two layouts of a property', () => {
  test('are served in turn, each as often, the same to everyone in one turn, and the answer names the one shown', async () => {
    await compared('turns')
    const seen: string[] = []
    for (let turn = 0; turn < 6; turn += 1) {
      const [one, other] = [await served('turns'), await served('turns')]
      expect(other).toEqual(one)
      expect(one.layout).toBe(one.experience.key === 'turns-b' ? 'bar' : 'box')
      seen.push(one.experience.key)
      nowMs += turnMs
    }
    expect(seen.filter((key) => key === 'turns-a')).toHaveLength(3)

    const { experience } = await choosesOn('turns', [{ purpose: 'analytics', act: 'deny' }])
    const { rows } = await owner.query("SELECT body FROM events WHERE act = 'denied' AND body ? 'experience'")
    expect(rows).toMatchObject([{ body: { experience: { key: experience.key, version: 1 } } }])
  })

  test.each([
    ['with itself', { comparedTo: 'faulty' }, /itself/],
    ['with none that is there', { comparedTo: 'unheard-of' }, /no experience/],
    ['with none, and ask back all the same', { askedBackOneIn: 1 }, /asked back/],
    ['with one of another property', { comparedTo: 'turns-a' }, /another property/],
  ])('are not compared %s', async (_, of, message) => {
    await expect(publish('faulty', of)).rejects.toMatchObject({ code: 'definition_invalid', message })
  })

  test('are published together, whichever comes first by name', async () => {
    const { id } = (await api.call('POST', '/v1/releases', { title: 'Two' })).body
    const put = (key: string, of: object) =>
      api.call('PUT', `/v1/releases/${id}/items/experience/${key}`, {
        edit: 0,
        definition: { ...anExperience(key), ...of },
      })
    await put('early', { comparedTo: 'late' })
    await put('late', {})
    expect((await api.call('GET', `/v1/releases/${id}/check`)).body).toMatchObject({ complaints: [] })
  })

  test('that are compared to none say so', async () => {
    expect(await comparison('turns-a')).toMatchObject({ other: null, windows: [], verdict: 'too_few' })
  })
})

describe('what is told of them', () => {
  const dayMs = 24 * hourMs

  test('is nothing before enough people answered in both', async () => {
    await compared('few')
    const nobody = { yes: 0, no: 0, changedYes: 0, changedNo: 0 }
    const a = { ...nobody, yes: answersMin, changedYes: 9 }
    await answers('few', { a, b: { ...nobody, yes: answersMin - 1 } }, hourMs)
    nowMs += 31 * dayMs
    const body = await comparison('few-b')
    expect(body).toMatchObject({ verdict: 'too_few', minimum: answersMin })
    for (const window of body.windows) {
      expect(window).toMatchObject({ own: null, other: null, difference: null, verdict: 'too_few' })
    }
  })

  test('is in which fewer changed their minds in each time, and only of people who answered that long ago', async () => {
    await compared('minds')
    const a = { yes: 150, no: 100, changedYes: 50, changedNo: 10 }
    const b = { yes: 150, no: 100, changedYes: 5, changedNo: 0 }
    await answers('minds', { a, b }, 5 * hourMs)
    nowMs += 8 * dayMs
    const { windows, verdict } = await comparison('minds-b')
    expect(verdict).toBe('own')
    expect(windows.map(({ hours, verdict }) => [hours, verdict])).toEqual([
      [1, 'no_difference'],
      [24, 'own'],
      [168, 'own'],
      [720, 'too_few'],
    ])
    expect(windows[1]).toMatchObject({
      own: { answers: 250, changed: 5, share: 0.02 },
      other: { answers: 250, changed: 60, share: 0.24 },
    })
  })

  test('leaves out who had answered before, elsewhere', async () => {
    await compared('known')
    const all = { yes: answersMin, no: 0, changedYes: 0, changedNo: 0 }
    // Those who will be shown the first layout.
    await Promise.all(
      Array.from({ length: answersMin }, (_, index) => {
        const subject = { namespace: 'user', id: `answering-${people + index + 1}` }
        const choices = [{ purpose: 'analytics', act: 'grant' }] as const
        return api.ledger.recordConsents(aConsent(api.organisationId, { subject, choices }), null)
      }),
    )
    await answers('known', { a: all, b: all }, 0)
    nowMs += 31 * dayMs
    expect((await comparison('known-b')).verdict).toBe('too_few')
  })

  // A layout is not better because more people say yes in it. The share that did is told of neither, and where it is the
  // only thing in which two comparisons differ, they say the same to the last byte.
  test('never is how many said yes: layouts that differ in nothing else are told alike', async () => {
    await compared('same-1')
    await compared('same-2')
    const willing = { yes: 200, no: 10, changedYes: 6, changedNo: 0 }
    const unwilling = { yes: 10, no: 200, changedYes: 0, changedNo: 6 }
    const publishedMs = nowMs
    await answers('same-1', { a: willing, b: unwilling }, 0)
    await answers('same-2', { a: unwilling, b: willing }, 0)
    expect(nowMs).toBe(publishedMs)
    nowMs += 31 * dayMs
    const [one, two] = [await comparison('same-1-b'), await comparison('same-2-b')]
    expect(JSON.stringify(one).replaceAll('same-1', 'same-2')).toBe(JSON.stringify(two))
    expect(one).toMatchObject({ verdict: 'no_difference' })
    expect(namesIn(one)).toEqual(
      [...'own other since minimum windows verdict understanding key version layout hours'.split(' ')]
        .concat('difference share low high answers changed'.split(' '))
        .sort(),
    )
  })
})

describe('who answers in one of two layouts', () => {
  const grant = [{ purpose: 'analytics', act: 'grant' }]
  const deny = [{ purpose: 'analytics', act: 'deny' }]
  async function asking(name: string, askedBackOneIn: number) {
    await compared(name)
    await api.ledger.publish(api.organisationId, [
      {
        act: 'experience_published',
        version: 2,
        definition: {
          ...anExperience(`${name}-b`),
          ...{ property: name as PropertyKey, comparedTo: `${name}-a`, layout: 'bar', askedBackOneIn },
        },
      },
    ])
  }
  const outcomes = async (name: string) => {
    const { rows } = await owner.query(
      'SELECT experience, version, outcome, answers FROM understanding_counts WHERE experience LIKE $1 ORDER BY outcome',
      [`${name}-%`],
    )
    return rows
  }

  test('may be asked what that was; it is counted as right, wrong or unsure by layout, once, and names nobody', async () => {
    await asking('knows', 1)
    const one = await choosesOn('knows', grant)
    expect(one.asked).toMatchObject({
      purpose: 'analytics',
      question: expect.stringMatching(/^Did we ask clearly\? .*\?$/),
      told: expect.stringContaining('You allowed'),
    })
    const other = await choosesOn('knows', deny)
    expect(other.asked).toMatchObject({ told: expect.stringContaining('You said no') })
    const say = ({ ticket }: Asked, answer: string, property = 'knows') =>
      send(property, '/understanding', { ticket, said: answer })
    expect(await say(one.asked!, 'yes')).toMatchObject({ status: 201 })
    expect(await say(one.asked!, 'yes')).toMatchObject({ body: { code: 'snapshot_used' } })
    expect(await say(other.asked!, 'yes')).toMatchObject({ status: 201 })
    const third = await choosesOn('knows', deny)
    expect(await say(third.asked!, 'unsure')).toMatchObject({ status: 201 })
    const version = one.experience.key === 'knows-b' ? 2 : 1
    expect(await outcomes('knows')).toEqual(
      ['right', 'unsure', 'wrong'].map((outcome) => {
        return { experience: one.experience.key, version, outcome, answers: '1' }
      }),
    )
    const claims = JSON.parse(Buffer.from(one.asked!.ticket.split('.')[1]!, 'base64url').toString())
    expect(Object.keys(claims).sort()).toEqual(
      ['aud', 'comparison', 'exp', 'experience', 'iat', 'isAllowed', 'jti', 'kind', 'purpose'].sort(),
    )
  })

  test('is not asked about what she had answered before, nor where nobody is to be', async () => {
    await asking('again', 1)
    const { answers } = await choosesOn('again', deny, grant)
    expect(answers.map((each) => each.asked_back !== undefined)).toEqual([true, false])
    await asking('nobody', 0)
    expect((await choosesOn('nobody', grant)).asked).toBeUndefined()
  })

  test('is not asked where one layout is shown alone', async () => {
    expect((await choosesOn('demo', grant)).asked).toBeUndefined()
  })

  test('a ticket is no snapshot, and a snapshot, another property’s or an old ticket no ticket', async () => {
    await asking('forged', 1)
    const { asked, token } = await choosesOn('forged', grant)
    const { ticket } = asked!
    expect(await send('forged', '/consents', { snapshot: ticket, choices: deny }, token)).toMatchObject({
      ...{ status: 401, body: { code: 'token_invalid' } },
    })
    expect(await send('knows', '/understanding', { ticket, said: 'yes' })).toMatchObject({
      body: { code: 'token_invalid' },
    })
    const { serving } = await served('forged')
    const { snapshot } = (await send('forged', '/snapshots', { serving }, token)).body
    expect(await send('forged', '/understanding', { ticket: snapshot, said: 'yes' })).toMatchObject({
      body: { code: 'token_invalid' },
    })
    expect(await send('forged', '/understanding', { ticket, said: 'maybe' })).toMatchObject({ status: 400 })
    nowMs += 2 * hourMs
    expect(await send('forged', '/understanding', { ticket, said: 'yes' })).toMatchObject({
      body: { code: 'token_expired' },
    })
    expect(await outcomes('forged')).toEqual([])
  })

  test('is told of neither layout before enough were asked in both, then by who knew, with a verdict', async () => {
    await asking('judged', 1)
    const store = (key: string, version: number, outcome: string, answers: number) =>
      owner.query(`INSERT INTO understanding_counts VALUES ($1, 'judged-b@2 judged-a@1', $2, $3, $4, $5)`, [
        toUuid(api.organisationId),
        key,
        version,
        outcome,
        answers,
      ])
    const read = async () =>
      (await api.call('GET', '/v1/experiences/judged-b/2/comparison')).body.understanding
    await store('judged-a', 1, 'right', 150)
    await store('judged-a', 1, 'wrong', 90)
    await store('judged-a', 1, 'unsure', 10)
    await store('judged-b', 2, 'right', answersMin - 1)
    expect(await read()).toEqual({ own: null, other: null, difference: null, verdict: 'too_few' })
    await store('judged-b', 2, 'unsure', 1)
    expect(await read()).toMatchObject({
      own: { answers: 200, right: 199, wrong: 0, unsure: 1, share: 0.995 },
      other: { answers: 250, right: 150, wrong: 90, unsure: 10, share: 0.6 },
      difference: { share: expect.closeTo(0.395, 6) },
      verdict: 'own',
    })
  })
})

/** Every member's name, at any depth. */
function namesIn(value: unknown): readonly string[] {
  const names = new Set<string>()
  const walk = (each: unknown): void => {
    if (typeof each !== 'object' || each === null) return
    for (const [name, inner] of Object.entries(each)) {
      if (!Array.isArray(each)) names.add(name)
      walk(inner)
    }
  }
  walk(value)
  return [...names].sort()
}
