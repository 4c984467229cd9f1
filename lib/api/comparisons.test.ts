import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { answersMin, turnMs } from '../domain/compare-layouts.ts'
import type { ExperienceDefinition } from '../domain/definitions.ts'
import type { PropertyKey } from '../domain/ids.ts'
import { aConsent } from '../storage/ledger/testing/start-ledger.ts'
import { anExperience } from './testing/roles-of-looks.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

const hourMs = 3_600_000
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

describe('two layouts of a property', () => {
  test('are served in turn, each as often, the same to everyone in one turn, and the answer names the one shown', async () => {
    await compared('turns')
    const served = async () => {
      const response = await fetch(`${api.url}/v1/public/turns/experience`, {
        headers: { Origin: 'http://localhost:3000' },
      })
      return (await response.json()) as { experience: { key: string }; layout: string; serving: string }
    }
    const seen: string[] = []
    for (let turn = 0; turn < 6; turn += 1) {
      const [one, other] = [await served(), await served()]
      expect(other).toEqual(one)
      expect(one.layout).toBe(one.experience.key === 'turns-b' ? 'bar' : 'box')
      seen.push(one.experience.key)
      nowMs += turnMs
    }
    expect(seen.filter((key) => key === 'turns-a')).toHaveLength(3)

    const { serving, experience } = await served()
    const send = async (path: string, body: object, token = '') => {
      const Authorization = token === '' ? {} : { Authorization: `Bearer ${token}` }
      const headers = {
        'Content-Type': 'application/json',
        Origin: 'http://localhost:3000',
        ...Authorization,
      }
      const options = { method: 'POST', headers, body: JSON.stringify(body) }
      return (await fetch(`${api.url}/v1/public/turns${path}`, options)).json()
    }
    const { token, snapshot } = (await send('/tokens', { serving })) as Record<string, string>
    await send('/consents', { snapshot, choices: [{ purpose: 'analytics', act: 'deny' }] }, token)
    const { rows } = await owner.query("SELECT body FROM events WHERE act = 'denied' AND body ? 'experience'")
    expect(rows).toMatchObject([{ body: { experience: { key: experience.key, version: 1 } } }])
  })

  test.each([
    ['with itself', { comparedTo: 'faulty' }, /itself/],
    ['with none that is there', { comparedTo: 'unheard-of' }, /no experience/],
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
      [...'own other since minimum windows verdict key version layout hours'.split(' ')]
        .concat('difference share low high answers changed'.split(' '))
        .sort(),
    )
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
