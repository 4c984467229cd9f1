import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Answer, Question } from '../decisions.ts'
import { Extractor } from './extract.ts'
import { RecordFilter } from './record-filter.ts'
import { type Line, LineSplitter, lineBytesMax } from './split-lines.ts'

const collected = Date.UTC(2026, 5, 1)

/** Permits everyone but `user:no`. */
function evaluate({ subjects }: Question): Answer {
  const basis = { seq: 1, notice: null, atMs: 0 }
  const isRefused = subjects.some(({ id }) => id === 'no')
  return {
    decision: isRefused
      ? { allowed: false, reason: 'consent_denied', basis }
      : {
          allowed: true,
          reason: 'consent_given',
          basis,
          assumed: [],
          obligations: { categories: [], collectedFromMs: 0, useUntilMs: 0 },
        },
    revision: { epoch: 0, log: 0, seq: 1 },
    nowMs: collected,
    lagMs: 0,
    isKnown: true,
  }
}

function filterOf(subjects: readonly string[], asked: Question[] = [], more: { contentUsage?: string } = {}) {
  const ask = (question: Question) => {
    asked.push(question)
    return evaluate(question)
  }
  return new RecordFilter(
    {
      evaluate: ask,
      prepare: (terms) => ({
        begin() {
          const found: Question['subjects'][] = []
          return {
            nowMs: collected,
            findMany(namespace, bytes, { starts, ends, count }, into) {
              for (let n = 0; n < count; n++) {
                const id = Buffer.from(bytes.subarray(starts[n], ends[n])).toString('latin1')
                into[n] = found.push([{ namespace, id }]) - 1
              }
            },
            decideFound: (subject, collectedAtMs) =>
              ask({ ...terms, subjects: found[subject]!, collectedAtMs }).decision,
          }
        },
      }),
    },
    { subjects: subjects.map((path) => ({ namespace: 'user', path })), collectedAt: 'at', ...more },
    {
      purpose: 'ai_training',
      property: null,
      categories: null,
      recipient: null,
      regime: null,
      sourcePurpose: null,
    },
  )
}

describe('RecordFilter', () => {
  test.each([
    { line: '{"user_id":9007199254740993,"at":"2026-06-01"}', ids: ['9007199254740993'] },
    { line: '{"user_id":"a\\u0062","at":"2026-06-01"}', ids: ['ab'] },
    { line: ' { "x" : [{"user_id":1}] , "user\\u005fid" : "z" } ', ids: ['z'] },
    { line: '{"user_id":-5,"other":"}\\"{"}', ids: ['-5'] },
  ])('takes the id of $line from its source text', ({ line, ids }) => {
    const asked: Question[] = []
    expect(filterOf(['user_id'], asked).permits(Buffer.from(line))).toBe(true)
    expect(asked[0]?.subjects.map(({ id }) => id)).toEqual(ids)
  })

  test.each([
    { line: 'nonsense', code: 'not_json' },
    { line: '[1]', code: 'not_an_object' },
    { line: '{"a":1}', code: 'subject_missing' },
    { line: '{"user_id":null}', code: 'subject_missing' },
    { line: '{"user_id":""}', code: 'subject_invalid' },
    { line: '{"user_id":1.5}', code: 'subject_invalid' },
    { line: '{"user_id":{"a":1}}', code: 'subject_invalid' },
    { line: '{"user_id":"a","user_id":"b"}', code: 'duplicate_key' },
    { line: '{"user_id":"a","at":"2026-06-01","at":"2020-01-01"}', code: 'duplicate_key' },
  ])('leaves $line out as $code', ({ line, code }) => {
    const filter = filterOf(['user_id'])
    expect(filter.permits(Buffer.from(line))).toBe(false)
    expect(filter.counts()).toMatchObject({ broken: [{ line: 1, code }], brokenTotal: 1 })
  })

  test.each([
    { said: '"train-ai=n"', read: ['train-ai=n'] },
    { said: '["train-ai=y","search=n"]', read: ['train-ai=y', 'search=n'] },
    { said: '"train\\u002dai=n"', read: ['train-ai=n'] },
    { said: 'null', read: [] },
    { said: '[]', read: [] },
    { said: '7', read: undefined },
    { said: 'true', read: undefined },
    { said: '{"train-ai":"n"}', read: undefined },
    { said: '["train-ai=y",["train-ai=n"]]', read: undefined },
    { said: '["train-ai=y",7]', read: undefined },
  ])('heeds what a publisher said as $said, or leaves the line out', ({ said, read }) => {
    const asked: Question[] = []
    const filter = filterOf(['user_id'], asked, { contentUsage: 'of.usage' })
    const line = Buffer.from(`{"user_id":"a","at":"2026-06-01","of":{"usage":${said}}}\n`)
    const kept: Buffer[] = []
    filter.push(line, (bytes) => kept.push(Buffer.from(bytes)))
    expect(asked.map(({ contentUsage }) => contentUsage)).toEqual(read === undefined ? [] : [read])
    expect(kept).toHaveLength(read === undefined ? 0 : 1)
    const broken = read === undefined ? [{ line: 1, code: 'content_usage_invalid' }] : []
    expect(filter.counts().broken).toEqual(broken)
  })

  test('leaves out bytes that are not UTF-8', () => {
    const filter = filterOf(['user_id'])
    expect(filter.permits(Buffer.from([0x7b, 0xff, 0x7d]))).toBe(false)
    expect(filter.counts().broken).toEqual([{ line: 1, code: 'not_utf8' }])
  })

  test('asks about everyone a record names, in lists too', () => {
    const asked: Question[] = []
    const filter = filterOf(['author.id', 'people[].id'], asked)
    expect(filter.permits(Buffer.from('{"people":[{"id":"b"},{"id":7}],"author":{"id":"a"}}'))).toBe(true)
    expect(asked[0]?.subjects.map(({ id }) => id)).toEqual(['a', 'b', '7'])
    expect(filter.permits(Buffer.from('{"people":[{"id":"no"}],"author":{"id":"a"}}'))).toBe(false)
    expect(filter.permits(Buffer.from('{"people":[],"author":{"id":"a"}}'))).toBe(true)
    expect(filter.counts().denied).toEqual({ consent_denied: 1 })
  })

  test('a time that cannot be read lies in the future, one that is missing is none', () => {
    const asked: Question[] = []
    const filter = filterOf(['user_id'], asked)
    for (const at of ['"2026-06-01"', '"2026-06-01T10:00:00"', '17', 'null']) {
      filter.permits(Buffer.from(`{"user_id":"a","at":${at}}`))
    }
    expect(asked.map(({ collectedAtMs }) => collectedAtMs)).toEqual([
      collected,
      Number.MAX_SAFE_INTEGER,
      Number.MAX_SAFE_INTEGER,
      null,
    ])
  })

  test('finds what JSON.parse finds, whatever else a line holds', () => {
    fc.assert(
      fc.property(fc.json(), fc.string(), fc.json(), (before, id, after) => {
        const line = `{"before":${before},"user_id":${JSON.stringify(id)},"after":${after}}`
        const { found } = new Extractor(['user_id']).extract(line)
        expect(found).toEqual([[{ kind: 'string', text: id }]])
      }),
    )
  })
})

describe('LineSplitter', () => {
  test('gives back every byte, however the chunks fall', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 8 })), fc.integer({ min: 1, max: 5 }), (lines, size) => {
        const bytes = Buffer.from(lines.join('\n'))
        const splitter = new LineSplitter()
        const out: Line[] = []
        for (let at = 0; at < bytes.length; at += size)
          out.push(...splitter.push(bytes.subarray(at, at + size)))
        out.push(...splitter.end())
        expect(Buffer.concat(out.map((line) => line ?? Buffer.alloc(0)))).toEqual(bytes)
        expect(out.every((line, i) => i === out.length - 1 || line?.at(-1) === 0x0a)).toBe(true)
      }),
    )
  })

  test('passes over a line longer than 1 MiB and goes on with the next', () => {
    const splitter = new LineSplitter()
    const out = [...splitter.push(Buffer.alloc(lineBytesMax, 'x')), ...splitter.push(Buffer.from('xx\nab\n'))]
    expect(out.map((line) => line?.toString() ?? null)).toEqual([null, 'ab\n'])
  })
})

describe('RecordFilter, chunk by chunk', () => {
  const filterLines = (input: Buffer, cuts: readonly number[]) => {
    const asked: Question[] = []
    const filter = filterOf(['user_id'], asked)
    const kept: Buffer[] = []
    const keep = (bytes: Buffer) => void kept.push(Buffer.from(bytes))
    let at = 0
    for (const cut of [...cuts].sort((a, b) => a - b)) {
      const end = Math.max(at, Math.min(cut, input.length))
      filter.push(Buffer.from(input.subarray(at, end)), keep)
      at = end
    }
    filter.push(Buffer.from(input.subarray(at)), keep)
    filter.end(keep)
    return { kept: Buffer.concat(kept), counts: filter.counts(), asked }
  }
  const oneByOne = (input: Buffer) => {
    const asked: Question[] = []
    const filter = filterOf(['user_id'], asked)
    const splitter = new LineSplitter()
    const kept: Buffer[] = []
    for (const line of [...splitter.push(input), ...splitter.end()]) {
      if (filter.permits(line) && line !== null) kept.push(line)
    }
    return { kept: Buffer.concat(kept), counts: filter.counts(), asked }
  }
  const id = fc.oneof(
    fc.constantFrom('no', 'a', '', 'é', '9007199254740993', 'x"y', '\u0000', 'z'.repeat(600)),
    fc.integer(),
    fc.constantFrom(null, 1.5, true, { a: 1 }, []),
  )
  const record = fc
    .record(
      {
        user_id: id,
        at: fc.constantFrom('2026-05-01', '2026-05-01T10:00:00.123Z', '2026-05-01T25:00:00Z', null, 5, 'é'),
        text: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 })),
        more: fc.oneof(fc.double(), fc.constant([[[]]])),
      },
      { requiredKeys: [] },
    )
    .map((value) => Buffer.from(JSON.stringify(value)))
  // Plain lines, and lines with a byte changed, taken out or put in.
  const line = fc.oneof(
    { weight: 3, arbitrary: record },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          record,
          fc.nat(200),
          fc.constantFrom(0, 1, 2),
          fc.constantFrom(...Buffer.from('{}[]",:\\0-e. \t\r\x00\xff', 'latin1')),
        )
        .map(([text, place, kind, byte]) => {
          const at = place % (text.length + 1)
          const middle = kind === 0 ? [] : [byte]
          return Buffer.from([...text.subarray(0, at), ...middle, ...text.subarray(kind === 2 ? at : at + 1)])
        }),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('', ' ', '{"user_id":"a","user_id":"b"}', '{"user_id":"a"} x')
        .map((text) => Buffer.from(text)),
    },
  )

  test('keeps what it keeps line by line, however the stream is cut', () => {
    const end = fc.constantFrom('\n', '\r\n').map((text) => Buffer.from(text))
    fc.assert(
      fc.property(
        fc.array(fc.tuple(line, end), { maxLength: 12 }),
        fc.boolean(),
        fc.array(fc.nat(900), { maxLength: 4 }),
        (lines, isCutShort, cuts) => {
          const input = Buffer.concat(lines.flat())
          const given = isCutShort ? input.subarray(0, -1) : input
          expect(filterLines(given, cuts)).toEqual(oneByOne(given))
        },
      ),
      { numRuns: 6_000 },
    )
  })
})
