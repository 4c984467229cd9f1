import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BatchScanner, column, columns } from './scan-batch.ts'

const itemsMax = 20

function scan(text: string | Buffer) {
  const bytes = Buffer.from(text as string)
  const scanner = new BatchScanner(bytes, itemsMax)
  let state = scanner.step(3)
  while (state === 'more') state = scanner.step(3)
  const at = (item: number, of: number) => scanner.spans[item * columns + of]!
  const part = (item: number, of: number) =>
    at(item, of) < 0 ? undefined : bytes.toString('latin1', at(item, of), at(item, of + 1))
  const items = Array.from({ length: scanner.items }, (_, item) => ({
    isPlain: at(item, column.type) >= 0,
    type: part(item, column.type),
    id: part(item, column.id),
    purpose: part(item, column.purpose),
    collectedAt: part(item, column.collectedAt),
    json: bytes.toString('utf8', at(item, column.start), at(item, column.end)),
  }))
  return { state, items, members: scanner.members }
}

const plainItem = (n: number) => ({
  subject: { type: 'user', id: `u${n}` },
  resource: { type: 'record', id: `${n}`, properties: { collected_at: '2026-11-23T10:00:00Z' } },
})

const words = fc.constantFrom(
  'a',
  'user',
  'ai_training',
  '',
  'é',
  'a"b',
  'a\\b',
  '\n',
  '\u0000',
  'x'.repeat(600),
)
const value = fc.oneof(words, fc.constantFrom(null, 1, -1.5e3, true, [], {}, [[1], { a: 'é' }]))
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 4 })
const plain = fc.nat(9).map(plainItem)
const almost = fc.record(
  {
    subject: fc.oneof(value, fc.record({ type: words, id: words, properties: optional(value) })),
    action: optional(fc.oneof(value, fc.record({ name: words, x: optional(value) }))),
    resource: fc.oneof(
      value,
      fc.record({
        type: words,
        id: words,
        properties: optional(fc.oneof(value, fc.record({ collected_at: optional(value) }))),
      }),
    ),
    context: optional(value),
  },
  { requiredKeys: [] },
)
const body = fc.record(
  {
    subject: optional(value),
    action: optional(fc.record({ name: words })),
    options: optional(value),
    evaluations: fc.array(fc.oneof(plain, almost, value), { maxLength: 6 }),
    context: optional(value),
  },
  { requiredKeys: ['evaluations'] },
)

describe('BatchScanner', () => {
  test('reads what JSON.parse reads, or leaves it, whatever the bytes', () => {
    let read = 0
    const change = fc.tuple(
      fc.nat(),
      fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', ' ', '1', 'u', '\u00e9', ''),
    )
    fc.assert(
      fc.property(
        body,
        fc.constantFrom(0, 1),
        fc.array(change, { maxLength: 2 }),
        (value, spaces, changes) => {
          let text = JSON.stringify(value, null, spaces)
          for (const [place, put] of changes) {
            const at = place % (text.length + 1)
            text = text.slice(0, at) + put + text.slice(at + (place % 2))
          }
          const { state, items, members } = scan(text)
          if (state !== 'done') return
          read += 1
          const { evaluations, ...others } = JSON.parse(text) as { evaluations: unknown[] }
          expect(
            Object.fromEntries(Object.entries(members).map(([name, json]) => [name, JSON.parse(json)])),
          ).toEqual(others)
          expect(items).toHaveLength(evaluations.length)
          for (const [n, item] of items.entries()) {
            expect(JSON.parse(item.json)).toEqual(evaluations[n])
            if (!item.isPlain) continue
            const { type, id, purpose, collectedAt } = item
            const { resource, ...rest } = evaluations[n] as { resource: { properties?: object } }
            expect(rest).toEqual({ subject: { type, id }, ...(purpose && { action: { name: purpose } }) })
            expect(resource).toEqual({
              ...{ type: expect.any(String), id: expect.any(String) },
              ...(resource.properties && { properties: collectedAt ? { collected_at: collectedAt } : {} }),
            })
          }
        },
      ),
      { numRuns: 20_000 },
    )
    expect(read).toBeGreaterThan(2_000)
  })

  test('reads a plain batch without making objects of it', () => {
    const { state, items } = scan(
      JSON.stringify({ action: { name: 'a' }, evaluations: [1, 2, 3].map(plainItem) }),
    )
    expect(state).toBe('done')
    expect(items.map(({ isPlain, id, collectedAt }) => [isPlain, id, collectedAt])).toEqual(
      ['u1', 'u2', 'u3'].map((id) => [true, id, '2026-11-23T10:00:00Z']),
    )
  })

  test.each([
    {
      name: 'a member there twice',
      item: '{"subject":{"type":"user","id":"a","id":"b"},"resource":{"type":"r","id":"1"}}',
    },
    {
      name: 'an escape',
      item: '{"subject":{"type":"user","id":"\\u0061"},"resource":{"type":"r","id":"1"}}',
    },
    {
      name: 'a member it does not know',
      item: '{"subject":{"type":"user","id":"a"},"resource":{"type":"r","id":"1"},"context":{}}',
    },
    {
      name: 'another property',
      item: '{"subject":{"type":"user","id":"a"},"resource":{"type":"r","id":"1","properties":{"property":"p"}}}',
    },
    { name: 'no subject', item: '{"resource":{"type":"r","id":"1"}}' },
    {
      name: 'an id that is too long',
      item: `{"subject":{"type":"user","id":"${'a'.repeat(513)}"},"resource":{"type":"r","id":"1"}}`,
    },
  ])('passes over an item with $name', ({ item }) => {
    const { state, items } = scan(`{"evaluations":[${JSON.stringify(plainItem(1))},${item}]}`)
    expect(state).toBe('done')
    expect(items.map(({ isPlain }) => isPlain)).toEqual([true, false])
    expect(items[1]!.json).toBe(item)
  })

  test('reads items that are like the one before as it would read them alone', () => {
    const text = fc.constantFrom(
      'a',
      'user',
      'alice@example.com',
      '2026-11-23T10:00:00.123Z',
      '',
      'x'.repeat(70),
    )
    const drawn = fc.record({ type: text, id: text, record: text, name: text, collectedAt: text })
    const forms = [
      ({ type, id, record }: Record<string, string>) => ({
        subject: { type, id },
        resource: { type: 'record', id: record },
      }),
      ({ type, id, record, name, collectedAt }: Record<string, string>) => ({
        action: { name },
        resource: { properties: { collected_at: collectedAt }, id: record, type: 'record' },
        subject: { id, type },
      }),
    ]
    const marks = fc.constantFrom('"', '\\', '{', '}', ',', ':', ' ', 'a', 'é', '')
    const plainOf = (json: string) => {
      const { state, items } = scan(`{"evaluations":[${json}]}`)
      return state === 'done' && items.length === 1 ? items[0] : undefined
    }
    fc.assert(
      fc.property(
        fc.constantFrom(...forms),
        fc.constantFrom(0, 1),
        fc.array(fc.tuple(drawn, fc.option(fc.tuple(fc.nat(), marks), { freq: 3 })), { maxLength: 8 }),
        (form, spaces, all) => {
          const jsons = all.map(([values, change]) => {
            const json = JSON.stringify(form(values), null, spaces)
            if (change === null) return json
            const at = change[0] % json.length
            return json.slice(0, at) + change[1] + json.slice(at + 1)
          })
          const { state, items } = scan(`{"evaluations":[${jsons.join(',')}]}`)
          const alone = jsons.map(plainOf)
          if (jsons.length === 0 || alone.includes(undefined)) return
          expect({ state, items }).toEqual({ state: 'done', items: alone })
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test.each([
    ...[
      '',
      '[]',
      '{}',
      '{"evaluations":[]}',
      '{"evaluations":{}}',
      '{"evaluations":[{}]} x',
      '{"evaluations":[{}],}',
    ],
    ...['{"evaluations":[{}],"evaluations":[{}]}', '{"evaluations":[{}],"other":1}', '{"evaluations":[{},]}'],
    `{"evaluations":[${Array(itemsMax + 1)
      .fill('{}')
      .join(',')}]}`,
    `{"evaluations":[${'['.repeat(62)}${']'.repeat(62)}]}`,
  ])('leaves %j to the reader that knows all', (text) => {
    expect(scan(text).state).toBe('not_plain')
  })

  test('leaves what is not UTF-8', () => {
    expect(scan(Buffer.from([...Buffer.from('{"evaluations":["'), 0xff, ...Buffer.from('"]}')])).state).toBe(
      'not_plain',
    )
  })
})
