import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { because } from './because.ts'
import { canonicalJson } from './canonical-json.ts'
import { checkPublish } from './check-publish.ts'
import type { ConfigBody } from './events.ts'
import { formatInstant } from './format-instant.ts'
import { parseIdentifier } from './identifier.ts'
import { parseInstant } from './parse-instant.ts'
import { formatRevision, parseRevision } from './revision.ts'
import { aNotice, aPurpose, aRegime, History, publishNotice, rule } from './testing/history.ts'

describe('formatInstant', () => {
  test('writes what Date writes, and parseInstant reads it back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), (atMs) => {
        expect(formatInstant(atMs)).toBe(new Date(atMs).toISOString())
        expect(parseInstant(formatInstant(atMs))).toBe(atMs)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('parseInstant', () => {
  test.each([
    ['2026-11-23T10:00:00Z', Date.UTC(2026, 10, 23, 10)],
    ['2026-11-23T10:00:00.1239Z', Date.UTC(2026, 10, 23, 10, 0, 0, 123)],
    ['2026-11-23T10:00+02:00', Date.UTC(2026, 10, 23, 8)],
    ['2026-11-23 10:00:00-0530', Date.UTC(2026, 10, 23, 15, 30)],
    ['2026-11-23', Date.UTC(2026, 10, 23)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2016-12-31T23:59:60Z', Date.UTC(2016, 11, 31, 23, 59, 59)],
    ['0001-01-01', -62_135_596_800_000],
  ])('%s is its earliest instant', (text, want) => expect(parseInstant(text)).toBe(want))

  test.each([
    '',
    'now',
    '2026-11-23T10:00:00',
    '2026-11-23T10:00',
    '2026-13-01',
    '2026-02-29',
    '2026-11-31',
    '2026-11-00',
    '2026-11-23T24:00:00Z',
    '2026-11-23T10:60:00Z',
    '2026-11-23T10:00:00+24:00',
    '20261123',
    '2026-11-23T10Z',
    ' 2026-11-23',
  ])('%j is not guessed at', (text) => expect(parseInstant(text)).toBeUndefined())

  test('reads what the clients’ shared vectors say', () => {
    const vectors = JSON.parse(readFileSync('clients/vectors/instants.json', 'utf8'))
    expect(vectors.length).toBeGreaterThan(50)
    for (const { text, ms } of vectors) expect([text, parseInstant(text) ?? null]).toEqual([text, ms])
  })
})

describe('canonicalJson', () => {
  test('orders members by code unit and keeps the numbers of ECMAScript', () => {
    expect(canonicalJson({ b: [1e21, 0.000001, -0], a: null, '€': 'é', aa: true })).toBe(
      '{"a":null,"aa":true,"b":[1e+21,0.000001,0],"€":"é"}',
    )
  })

  test.each([Number.NaN, Number.POSITIVE_INFINITY, '\ud800', { '\udc00': 1 }, () => 1])(
    'refuses %s',
    (value) => {
      expect(() => canonicalJson(value)).toThrow(TypeError)
    },
  )

  const vectors = '../shared/vectors/jcs'
  test.skipIf(!existsSync(vectors))(
    'gives the published answers (skipped where the vectors are missing)',
    () => {
      const inputs = readdirSync(`${vectors}/input`).filter((name) => name.endsWith('.json'))
      expect(inputs.length).toBeGreaterThan(0)
      for (const name of inputs) {
        const value: unknown = JSON.parse(readFileSync(`${vectors}/input/${name}`, 'utf8'))
        expect(canonicalJson(value)).toBe(readFileSync(`${vectors}/output/${name}`, 'utf8').trimEnd())
      }
    },
  )
  if (!existsSync(vectors)) console.warn(`skipped: ${vectors} is missing`)
})

describe('revisions and identifiers', () => {
  test.each([
    { epoch: 0, log: 0, seq: 18 },
    { epoch: 3, log: 1, seq: 0 },
  ])('a revision is read as it was written', (each) => {
    expect(parseRevision(formatRevision(each))).toEqual(each)
  })
  test.each(['', '1', '0:-1', '0:01', '1.0', 'a:1', '0:1 ', '0:99999999999999999'])(
    '%j is no revision',
    (text) => {
      expect(parseRevision(text)).toBeUndefined()
    },
  )
  test('an id keeps its colons and its spaces', () => {
    expect(parseIdentifier('user:a:b c')).toEqual({ namespace: 'user', id: 'a:b c' })
  })
  test.each(['alice', ':a', 'user:', 'User:a', 'user:a\0b', `user:${'x'.repeat(513)}`, 'user:\ud800'])(
    '%j names nobody',
    (text) => {
      expect(parseIdentifier(text)).toBeUndefined()
    },
  )
})

describe('because', () => {
  test('says when, and what was shown', () => {
    const history = History.begin()
    history.yes('analytics')
    history.no('analytics', { act: 'withdrawn' })
    expect(because(history.ask('analytics'))).toBe(
      'Withdrawn 2 Mar 2026 12:00 UTC; shown notice main 1 (en).',
    )
    expect(because(history.ask('ads'))).toBe('Never asked.')
  })
})

describe('checkPublish', () => {
  const { policy } = History.begin()
  const regime = (changes: Parameters<typeof aRegime>[1]): ConfigBody => ({
    act: 'regime_published',
    version: 2,
    definition: aRegime('home', changes),
  })
  const purpose = (
    key: string,
    version: number,
    changes: Parameters<typeof aPurpose>[1] = {},
  ): ConfigBody => ({
    act: 'purpose_published',
    version,
    definition: aPurpose(key, changes),
  })
  test.each<{ name: string; body: ConfigBody; message: RegExp }>([
    {
      name: 'AI training that is not asked for',
      body: regime({ rules: {}, fallback: rule('opt_out') }),
      message: /own rule/,
    },
    {
      name: 'a part of AI training that is not asked for',
      body: regime({ rules: { ai_training: rule('opt_in'), 'ai_training.tuning': rule('notice_only') } }),
      message: /own rule/,
    },
    {
      name: 'essential AI training',
      body: purpose('ai_training', 2, { basis: 'contract' }),
      message: /never essential/,
    },
    { name: 'a version out of order', body: purpose('analytics', 3), message: /next version is 2/ },
    {
      name: 'a child without its parent',
      body: purpose('games.chess', 1),
      message: /parent games is missing/,
    },
    {
      name: 'a category nobody has',
      body: purpose('analytics', 2, { categories: ['x'] }),
      message: /no category x/,
    },
    {
      name: 'a retention of nothing',
      body: purpose('analytics', 2, { retentionDays: 0 }),
      message: /positive/,
    },
    {
      name: 'consent that lasts no time',
      body: regime({ consentLifetimeDays: 0 }),
      message: /last some days/,
    },
    {
      name: 'a notice about nothing',
      body: publishNotice(aNotice('main', 2, [])),
      message: /at least one purpose/,
    },
    {
      name: 'a notice about the unknown',
      body: publishNotice(aNotice('main', 2, ['x'])),
      message: /no purpose x 1/,
    },
    {
      name: 'a purpose twice',
      body: publishNotice(aNotice('main', 2, ['ads', 'ads'])),
      message: /named twice/,
    },
    {
      name: 'a notice for no site',
      body: publishNotice(aNotice('main', 2, ['ads'], 'moon')),
      message: /no property moon/,
    },
    {
      name: 'an origin that is a path',
      body: {
        act: 'property_published',
        definition: { key: 'app', name: 'App', origins: ['https://a.example/x'] },
      },
      message: /not a web origin/,
    },
    {
      name: 'the end of a key that is not there',
      body: { act: 'key_revoked', key: 'key_x' },
      message: /no such key/,
    },
  ])('refuses $name', ({ body, message }) => {
    expect(() => checkPublish(policy, body)).toThrow(message)
  })

  test('takes a prohibition of AI training, and a next version', () => {
    checkPublish(policy, regime({ rules: { ai_training: rule('prohibited') } }))
    checkPublish(policy, purpose('analytics', 2))
    expect(() => checkPublish(undefined, purpose('analytics', 1))).toThrow(/organisation itself/)
  })
})
