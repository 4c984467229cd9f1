import { describe, expect, test } from 'vitest'
import { cookieScopes, namesMeant } from './clear-storage.ts'

describe('what is cleared', () => {
  const names = ['_ga', '_ga_ABC', '_gat', 'basket', 'assent:demo']
  test.each([
    [['_ga'], ['_ga']],
    [['_ga_*'], ['_ga_ABC']],
    [['*'], ['_ga', '_ga_ABC', '_gat', 'basket']],
    [['assent:demo'], []],
    [[], []],
    [undefined, []],
  ])('%j means %j', (patterns, want) => expect(namesMeant(names, patterns)).toEqual(want))

  // A cookie is deleted only under the very domain and path that it was set with, and a page cannot read those.
  test('a cookie is deleted under each domain and path that this page sees', () => {
    const scopes = cookieScopes('www.shop.example', '/de/cart')
    expect(scopes).toContain('; Path=/')
    expect(scopes).toContain('; Path=/; Domain=shop.example')
    expect(scopes).toContain('; Path=/de; Domain=www.shop.example')
    expect(scopes).toContain('; Path=/de/cart/')
  })
})
