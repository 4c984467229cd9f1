import { expect, test } from 'vitest'
import { safeRedirect } from './safe-redirect.ts'

const home = 'https://consent.example.com'

test.each([
  ['/admin/members', `${home}/admin/members`],
  [`${home}/admin?before=3`, `${home}/admin?before=3`],
  ['/', `${home}/`],
  ['https://evil.example', `${home}/admin`],
  ['//evil.example/admin', `${home}/admin`],
  ['/\\evil.example', `${home}/admin`],
  // Relative, as browsers read it.
  ['https:evil.example', `${home}/evil.example`],
  ['https://consent.example.com@evil.example', `${home}/admin`],
  ['https://consent.example.com.evil.example', `${home}/admin`],
  ['http://consent.example.com/admin', `${home}/admin`],
  ['javascript:alert(1)', `${home}/admin`],
  ['data:text/html,x', `${home}/admin`],
  ['http://', `${home}/admin`],
])('signing in goes on to an address of this installation alone: %s', (wanted, want) => {
  expect(safeRedirect(wanted, home)).toBe(want)
})
