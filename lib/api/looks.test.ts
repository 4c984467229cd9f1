import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExperienceDefinition } from '../domain/definitions.ts'
import { shotsOf } from '../domain/looks.ts'
import { readPicture } from '../domain/picture.ts'
import { symmetryRules } from '../domain/symmetry-rules.ts'
import { anExperience, aShot, aShotBody, onePixel } from './testing/roles-of-looks.ts'
import { type RunningApi, startApi } from './testing/start-api.ts'

let api: RunningApi
let owner: pg.Client
let nowMs = Date.now()
beforeAll(async () => {
  api = await startApi({ clock: () => nowMs })
  owner = new pg.Client(api.database.owner)
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await api.close()
})

const definition = (key: string) => anExperience(key) as unknown as ExperienceDefinition
async function publish(key: string, version = 1): Promise<void> {
  const rules = symmetryRules.map(({ rule }) => rule)
  const body = { act: 'experience_published', version, definition: definition(key), rules } as const
  await api.ledger.publish(api.organisationId, [body])
}
async function drafted(key: string): Promise<string> {
  const { body } = await api.call('POST', '/v1/releases', { title: key })
  const item = { edit: 0, definition: anExperience(key) }
  await api.call('PUT', `/v1/releases/${body.id}/items/experience/${key}`, item)
  return String(body.id)
}
const begin = async (of: object) => {
  const { body, status } = await api.call('POST', '/v1/looks', of)
  expect(status, JSON.stringify(body)).toBe(201)
  return body as { id: string; sha256: string; shots: readonly object[] }
}
const add = (id: string, changed: object = {}) =>
  api.call('POST', `/v1/looks/${id}/shots`, { ...aShotBody, ...changed })

describe('how an experience looked', () => {
  test('is bound to what was drawn, and stays with the version that is published of it', async () => {
    const release = await drafted('bound')
    const before = await api.call('GET', `/v1/releases/${release}/looks`)
    expect(before.body.experiences).toMatchObject([{ experience: 'bound', look: null }])
    const set = await begin({ experience: 'bound', release, user_agent: 'A browser' })
    expect(set.shots).toEqual(shotsOf(['en', 'de']))
    expect(set.shots).toHaveLength(2 * 3 * 2 * 3)
    expect((await add(set.id)).body).toEqual({ ...aShot, broken: 0 })

    await publish('bound')
    const { body } = await api.call('GET', '/v1/experiences/bound/1')
    expect(body).toMatchObject({
      ...{ is_newest: true, versions: [1], sha256: set.sha256, definition: { layout: 'box' } },
      looks: [{ id: set.id, user_agent: 'A browser', expected: 36, taken: 1, broken: 0, is_current: true }],
    })
    expect((body.rules as object[]).length).toBe(symmetryRules.length)
    const picture = await fetch(`${api.url}/v1/looks/${set.id}/shots/en/phone/light/control`, {
      headers: { Authorization: `Bearer ${await api.makeKey('config:read')}` },
    })
    expect(picture.headers.get('content-type')).toBe('image/png')
    expect(picture.headers.get('x-content-type-options')).toBe('nosniff')
    expect(Buffer.from(await picture.arrayBuffer()).toString('base64')).toBe(onePixel)
    const acts = await owner.query("SELECT detail FROM admin_acts WHERE act = 'looks_taken'")
    expect(acts.rows[0]?.detail).toMatchObject({ experience: 'bound', sha256: set.sha256 })
  })

  test('of a published version that nobody looked at is none, and can be taken', async () => {
    await publish('late')
    const read = async () => (await api.call('GET', '/v1/experiences/late/1')).body
    expect(await read()).toMatchObject({ looks: [] })
    const set = await begin({ experience: 'late', version: 1 })
    expect(await read()).toMatchObject({ looks: [{ id: set.id, taken: 0 }] })
    expect((await api.call('POST', '/v1/looks', { experience: 'late', version: 2 })).status).toBe(404)
  })

  test('says what was measured, and counts the pictures that break a rule', async () => {
    await publish('measured')
    const { id } = await begin({ experience: 'measured', version: 1 })
    const [first, last] = aShotBody.results
    const broken = { ...last, outcome: 'broken', measured: { width: 12.5 }, findings: ['it is too small'] }
    await add(id, { results: [first, broken] })
    expect((await api.call('GET', `/v1/looks/${id}`)).body).toMatchObject({
      ...{ taken: 1, broken: 1, is_current: true },
      shots: [{ ...aShot, broken: 1, results: [first, broken] }],
    })
  })

  test('changes with the words it shows: another draft is another hash', async () => {
    const release = await drafted('reworded')
    const { sha256 } = await begin({ experience: 'reworded', release })
    const reworded = { ...anExperience('reworded'), layout: 'bar' }
    await api.call('PUT', `/v1/releases/${release}/items/experience/reworded`, {
      edit: 1,
      definition: reworded,
    })
    const { body } = await api.call('GET', `/v1/releases/${release}/looks`)
    expect(body.experiences).toMatchObject([{ look: null }])
    expect(body.experiences).not.toMatchObject([{ sha256 }])
  })
})

describe('a picture is refused', () => {
  let id: string
  beforeAll(async () => {
    await publish('refusing')
    id = (await begin({ experience: 'refusing', version: 1 })).id
  })
  const [contrast, inView] = aShotBody.results
  const png = Buffer.from(onePixel, 'base64')
  const tooWide = Buffer.from(png)
  tooWide.writeUInt32BE(2_000, 16)

  test.each([
    ['that is none', { picture: Buffer.alloc(200, 'x').toString('base64') }, '/picture'],
    ['that only begins as one', { picture: png.subarray(0, 50).toString('base64') }, '/picture'],
    ['with more behind it', { picture: `${png.toString('base64').slice(0, -2)}AAAA` }, '/picture'],
    ['of another size', { picture: tooWide.toString('base64') }, '/picture'],
    ['that is too large', { picture: Buffer.alloc(160_000).toString('base64') }, '/picture'],
    ['that is no base64', { picture: '<svg>' }, '/picture'],
    ['in a language that is not shown', { locale: 'fr' }, '/locale'],
    ['on another screen', { size: 'watch' }, '/size'],
    ['that leaves a rule out', { results: [contrast] }, '/results'],
    ['that says one rule twice', { results: [contrast, contrast] }, '/results'],
    ['with a rule nobody knows', { results: [contrast, { ...inView, rule: 'pretty' }] }, '/results/1/rule'],
    [
      'broken without a finding',
      { results: [contrast, { ...inView, outcome: 'broken' }] },
      '/results/1/findings',
    ],
  ])('%s', async (_, changed, pointer) => {
    expect((await add(id, changed)).body).toMatchObject({ status: 400, code: 'body_invalid', pointer })
  })

  test('a second time, by another, and after an hour', async () => {
    expect((await add(id)).status).toBe(201)
    expect((await add(id)).body).toMatchObject({ status: 409, code: 'conflict' })
    const other = { Authorization: `Bearer ${await api.makeKey('config:write')}` }
    const body = { ...aShotBody, theme: 'dark' }
    expect((await api.call('POST', `/v1/looks/${id}/shots`, body, other)).body).toMatchObject({ status: 409 })
    nowMs += 3_600_001
    expect((await add(id, { theme: 'dark' })).body).toMatchObject({ status: 409, code: 'conflict' })
  })

  test.each([{}, { release: 'x', version: 1 }])('as begun for %j', async (of) => {
    const { body } = await api.call('POST', '/v1/looks', { experience: 'refusing', ...of })
    expect(body).toMatchObject({ code: 'body_invalid' })
  })
})

test('nobody changes how something looked, the owner of the database neither', async () => {
  for (const table of ['experience_looks', 'experience_shots']) {
    for (const sql of [
      `UPDATE ${table} SET locale = 'de'`,
      `DELETE FROM ${table}`,
      `TRUNCATE ${table} CASCADE`,
    ]) {
      const changed = sql.replace('experience_looks SET locale', 'experience_looks SET notice')
      await expect(owner.query(changed)).rejects.toMatchObject({ code: '23001' })
    }
  }
  const serve = new pg.Client(api.database.serve)
  await serve.connect()
  await expect(serve.query('DELETE FROM experience_shots')).rejects.toMatchObject({ code: '42501' })
  await serve.end()
})

describe('what a picture says of itself', () => {
  const webp = (chunk: string, rest: readonly number[]) => {
    const bytes = Buffer.alloc(40)
    bytes.write('RIFF', 0, 'latin1')
    bytes.writeUInt32LE(32, 4)
    bytes.write(`WEBP${chunk}`, 8, 'latin1')
    bytes.set(rest, 20)
    return bytes
  }
  test.each([
    ['VP8 ', [0, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0x38, 0x02]],
    ['VP8L', [0x2f, 0x3f, 0xc1, 0x8d, 0x00]],
    ['VP8X', [0, 0, 0, 0, 0x3f, 0x01, 0, 0x37, 0x02, 0]],
  ])('as WebP %s', (chunk, rest) => {
    expect(readPicture(webp(chunk, rest))).toEqual({ mediaType: 'image/webp', width: 320, height: 568 })
  })
  test('not where bytes are missing or a GIF calls itself one', () => {
    expect(readPicture(webp('VP8X', []).subarray(0, 35))).toBeUndefined()
    expect(readPicture(Buffer.from('GIF89a'.padEnd(60)))).toBeUndefined()
  })
})
