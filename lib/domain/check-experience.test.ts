import { expect, test } from 'vitest'
import { checkExperience, checkSymmetry } from './check-experience.ts'
import type { ExperienceDefinition, Theme } from './definitions.ts'
import { symmetryRules } from './symmetry-rules.ts'
import { History } from './testing/history.ts'

const policy = History.begin().policy!
const light = { surface: '#ffffff', text: '#16181d', button: '#1b5f4b', buttonText: '#ffffff' }
const dark = { surface: '#181b1f', text: '#eceef0', button: '#82d2b3', buttonText: '#06231a' }
const definition: ExperienceDefinition = {
  ...{ key: 'banner', property: 'web', layout: 'bar', notices: ['main'], purposes: ['analytics', 'ads'] },
  theme: { light, dark },
  texts: { en: { accept: 'Accept all', reject: 'Reject all', choose: 'Choose' } },
}
const theme = (changes: Partial<Theme['light']>) => ({ theme: { light: { ...light, ...changes }, dark } })
const words = (changes: Partial<ExperienceDefinition['texts'][string]>) => ({
  texts: { en: { ...definition.texts.en!, ...changes } },
})

test('what is symmetric keeps every rule, and says which hold by design', () => {
  const checks = checkSymmetry(policy, definition)
  expect(checks.map(({ rule }) => rule)).toEqual(symmetryRules.map(({ rule }) => rule))
  expect(new Set(checks.map(({ outcome, heldBy }) => `${heldBy} ${outcome}`))).toEqual(
    new Set(['definition met', 'design by_design']),
  )
  expect([...checkExperience(policy, definition)]).toEqual([])
})

test('every rule that is read off a definition says how it is mended', () => {
  const read = symmetryRules.filter(({ heldBy }) => heldBy === 'definition')
  expect(read.filter((rule) => !('mend' in rule))).toEqual([])
})

test.each<{ rule: string; name: string; changes: Partial<ExperienceDefinition> }>([
  { rule: 'both_named', name: 'no word for choose', changes: words({ choose: ' ' }) },
  { rule: 'refusal_plain', name: 'a later', changes: words({ reject: 'Ask me again' }) },
  { rule: 'refusal_plain', name: 'guilt', changes: words({ reject: 'I don’t care about you' }) },
  { rule: 'refusal_plain', name: 'guilt in German', changes: words({ reject: 'Leider ablehnen' }) },
  { rule: 'told_apart', name: 'one word for both', changes: words({ reject: 'ACCEPT ALL' }) },
  {
    rule: 'like_length',
    name: 'a no in a sentence',
    changes: words({ accept: 'OK', reject: 'Go on without any of it' }),
  },
  { rule: 'training_apart', name: 'AI in accept', changes: words({ accept: 'Accept all, AI too' }) },
  { rule: 'training_apart', name: 'KI in accept', changes: words({ accept: 'Alles und KI' }) },
  { rule: 'contrast', name: 'grey on white', changes: theme({ text: '#999999' }) },
  { rule: 'contrast', name: 'pale words on the button', changes: theme({ buttonText: '#55aa88' }) },
  { rule: 'contrast', name: 'a white button on white', changes: theme({ button: '#fefefe' }) },
  { rule: 'one_notice', name: 'two notices', changes: { notices: ['main', 'main'] } },
  { rule: 'purposes_named', name: 'a purpose twice', changes: { purposes: ['ads', 'ads'] } },
])('$rule is broken by $name, and keeps it from being published', ({ rule, changes }) => {
  const broken = checkSymmetry(policy, { ...definition, ...changes }).filter(
    ({ outcome }) => outcome === 'broken',
  )
  expect(broken.map((each) => each.rule)).toContain(rule)
  expect([...checkExperience(policy, { ...definition, ...changes })].length).toBeGreaterThan(0)
})
