import { readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { build } from 'esbuild'
import type { ShotResult } from '../../lib/domain/looks.ts'
import { lookSizes, measuredRules } from '../../lib/domain/looks.ts'
import { languages } from '../../lib/words/languages.ts'
import type { Probe } from './looks/probe.ts'

type Probing = Window & { readonly probe: (probe: Probe) => Promise<readonly ShotResult[]> }

let source: string
test.beforeAll(async () => {
  const { outputFiles } = await build({
    ...{ entryPoints: ['e2e/ui/looks/probe.ts'], bundle: true, write: false, format: 'iife' },
  })
  source = outputFiles[0]!.text
})
test.beforeEach(async ({ page }) => {
  await page.setViewportSize({ width: 1500, height: 950 })
  await page.setContent('<body></body>')
  await page.addScriptTag({ content: source })
})

const messagesOf = (locale: string): Probe['messages'] =>
  JSON.parse(readFileSync(`lib/words/locales/${locale}.json`, 'utf8'))
const measure = (page: Page, probe: Probe) =>
  page.evaluate((asked) => (window as unknown as Probing).probe(asked), probe)
const phone = { ...lookSizes.phone, locale: 'en', layout: 'box' } as const

for (const layer of ['first', 'second', 'control'] as const) {
  test(`what is measured on the ${layer} layer: each of its rules, each of which a broken one fails`, async ({
    page,
  }) => {
    const messages = messagesOf('en')
    const whole = await measure(page, { ...phone, messages, layer })
    expect(whole.map(({ rule }) => rule)).toEqual(measuredRules[layer])
    expect(whole.filter(({ outcome }) => outcome === 'broken')).toEqual([])
    for (const rule of measuredRules[layer]) {
      // The second layer asks for no “accept all”.
      if (layer === 'second' && (rule === 'same_layer' || rule === 'same_look')) continue
      const found = await measure(page, { ...phone, messages, layer, breaks: rule })
      expect(found.find((each) => each.rule === rule)?.outcome, rule).toBe('broken')
    }
  })
}

test('in every language each rule is kept, and no text scrolls sideways, on the smallest screens', async ({
  page,
}) => {
  test.setTimeout(120_000)
  const found: string[] = []
  for (const { tag: locale } of languages) {
    const messages = messagesOf(locale)
    for (const size of [lookSizes.small, lookSizes.phone]) {
      for (const layer of ['first', 'second', 'control'] as const) {
        for (const { rule, findings } of await measure(page, {
          ...size,
          locale,
          messages,
          layer,
          layout: 'bar',
        })) {
          found.push(...findings.map((each) => `${locale} ${size.width} ${layer} ${rule}: ${each}`))
        }
      }
    }
  }
  expect(found).toEqual([])
})
