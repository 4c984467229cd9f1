import { expect, test } from 'vitest'
import { regimeOfRequest } from './request-clocks.ts'

test.each([
  { name: 'the regime that claims the place', claimed: ['ccpa'], want: 'ccpa' },
  { name: 'the sooner of two that claim it', claimed: ['ccpa', 'gdpr'], want: 'gdpr' },
  { name: 'the strictest where none claims it', claimed: [], want: 'gdpr' },
  { name: 'the strictest where nothing is known of what claims it', claimed: ['lgpd'], want: 'gdpr' },
])('a request for erasure is made under $name', ({ claimed, want }) => {
  expect(regimeOfRequest('erasure', claimed, Date.parse('2026-06-01T12:00:00Z'))).toBe(want)
})

test('what one law alone knows is made under that one', () => {
  expect(regimeOfRequest('opt_out', ['gdpr'], 0)).toBe('ccpa')
})
