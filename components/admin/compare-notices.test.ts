import { describe, expect, test } from 'vitest'
import type { NoticeListed } from '../../lib/client/client.ts'
import { compareFacts, compareTexts } from './compare-notices.ts'

const text = {
  title: 'Your data',
  body: ['We count pages.', 'Nothing is sold.'],
  withdrawal: 'On the preference page.',
  rights: 'You may complain.',
  controller: 'Example',
  contact: 'privacy@example.com',
}
const named = { purpose: 'analytics', version: 1, coversEarlier: null, explicitCategories: [] }
const notice: NoticeListed = {
  ...{ key: 'main', version: 1, property: null, purposes: [named], texts: { en: text } },
  ...{ sha256: 'a', published_at: '2026-01-01T00:00:00Z', in_force_until: null, is_invalidated: false },
}
const differing = (to: Partial<NoticeListed>) =>
  compareFacts(notice, { ...notice, ...to }).filter(({ differs }) => differs)

describe('compareTexts', () => {
  test.each([
    { part: 'title', name: 'Title' },
    { part: 'withdrawal', name: 'How to take it back' },
    { part: 'rights', name: 'Rights' },
    { part: 'controller', name: 'Controller' },
    { part: 'contact', name: 'Contact' },
  ] as const)('notices another $part', ({ part, name }) => {
    const rows = compareTexts(text, { ...text, [part]: 'Another' }, 'en')
    expect(rows.filter(({ differs }) => differs).map((row) => row.name)).toEqual([name])
  })

  test('finds nothing between a text and itself, and all of it where one is missing', () => {
    expect(compareTexts(text, text, 'en').some(({ differs }) => differs)).toBe(false)
    const added = compareTexts(undefined, text, 'en')
    expect(added.every(({ differs }) => differs)).toBe(true)
    expect(added.flatMap(({ pieces }) => pieces).every(({ kind }) => kind === 'inserted')).toBe(true)
  })

  test('a space more is a difference', () => {
    const rows = compareTexts(text, { ...text, title: 'Your  data' }, 'en')
    expect(rows[0]).toMatchObject({ name: 'Title', differs: true })
  })
})

describe('compareFacts', () => {
  test('the order in which purposes are named is none', () => {
    const other = { ...named, purpose: 'ads' }
    const from = { ...notice, purposes: [named, other] }
    const rows = compareFacts(from, { ...notice, purposes: [other, named] })
    expect(rows.some(({ differs }) => differs)).toBe(false)
  })

  test.each([
    { what: 'its reach', to: { property: 'app' }, name: 'Reaches' },
    { what: 'another version of a purpose', to: { purposes: [{ ...named, version: 2 }] }, name: 'Purposes' },
    {
      what: 'earlier data',
      to: { purposes: [{ ...named, coversEarlier: { fromMs: 0, sourcePurposes: ['service'] } }] },
      name: 'Purposes',
    },
    {
      what: 'special categories',
      to: { purposes: [{ ...named, explicitCategories: ['health'] }] },
      name: 'Purposes',
    },
    { what: 'a language', to: { texts: { en: text, de: text } }, name: 'Languages' },
  ])('notices $what', ({ to, name }) => {
    expect(differing(to).map((row) => row.name)).toEqual([name])
  })
})
