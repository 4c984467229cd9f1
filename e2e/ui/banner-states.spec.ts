import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import type { Experience, ExperiencePurpose } from '../../lib/web/experience.ts'
import * as rules from './symmetry/checks.ts'
import { banner, button, forget, layouts, phone, type Site, serveSite, visit } from './symmetry/fixture.ts'

/** A part of something that is asked, so that its switch asks for its whole. */
const mail: ExperiencePurpose = {
  ...{ key: 'personalization.mail', parent: 'personalization', name: 'Mail that fits you' },
  ...{ description: 'We choose what we write to you about.', rule: 'opt_in', is_asked: true },
  ...{ categories: ['Your address'], recipients: ['A mailer'], retention_days: 30, retention: '30 days' },
  ...{ is_sale_or_sharing: false, is_sensitive: false, is_ai_training: false },
}
const optOut = ({ purposes }: Experience): Partial<Experience> => ({
  form: 'opt_out',
  purposes: purposes
    .filter((purpose) => !purpose.is_ai_training)
    .map((purpose) =>
      purpose.is_asked ? { ...purpose, rule: 'opt_out', is_sensitive: purpose.key === 'analytics' } : purpose,
    ),
})
const noticeOnly = ({ purposes }: Experience): Partial<Experience> => ({
  form: 'notice_only',
  purposes: purposes.filter((purpose) => !purpose.is_asked),
})

let page: Page
let context: BrowserContext

const unfold = async (part = 'assent-banner') => {
  const folded = page.locator(part).locator('summary')
  for (const each of await folded.all()) await each.click()
  await expect(page.locator(part).locator('details:not([open])')).toHaveCount(0)
}
const said = (text: RegExp) => expect(banner(page).getByText(text).first()).toBeVisible()

type State = { readonly name: string; readonly to: () => Promise<void>; readonly part?: string }
const open: readonly State[] = [
  {
    name: 'second layer',
    to: async () => {
      await button(page, 'Choose').click()
      await expect(button(page, 'Save choices')).toBeVisible()
    },
  },
  {
    name: 'parent asked, details open',
    to: async () => {
      await banner(page).getByRole('switch', { name: mail.name }).click()
      await said(/This also needs/)
      await unfold()
    },
  },
]
const layers: readonly State[] = [
  { name: 'first layer', to: () => expect(button(page, 'Reject all')).toBeVisible() },
  ...open,
]
const everything: readonly State[] = [
  ...layers,
  {
    name: 'chosen',
    to: async () => {
      // The server has no such part.
      await banner(page).getByRole('switch', { name: mail.name }).click()
      await banner(page).getByRole('switch').first().click()
      await button(page, 'Save choices').click()
      await expect(button(page, 'Withdraw all')).toBeVisible()
    },
  },
  {
    name: 'withdrawn',
    to: async () => {
      await button(page, 'Withdraw all').click()
      await expect(button(page, 'Undo')).toBeVisible()
    },
  },
  {
    name: 'asked again for undo',
    to: async () => {
      await button(page, 'Undo').click()
      await expect(button(page, 'Reject all')).toBeVisible()
    },
  },
]

/** One page load a row; its states follow each other. */
const table: readonly {
  readonly name: string
  readonly site: Site
  readonly headers?: Readonly<Record<string, string>>
  /** What is done before the page is looked at. */
  readonly before?: () => Promise<void>
  readonly states: readonly State[]
}[] = [
  ...layouts.map((layout) => ({
    name: layout,
    site: { served: ({ purposes }: Experience) => ({ layout, purposes: [...purposes, mail] }) },
    // What follows the layers has one place in all of them.
    states: layout === 'box' ? everything : layers,
  })),
  {
    name: 'right to left',
    site: { served: ({ purposes }) => ({ direction: 'rtl', purposes: [...purposes, mail] }) },
    states: everything,
  },
  {
    name: 'without a network',
    site: {},
    states: [
      {
        name: 'a yes that was not saved',
        to: async () => {
          await context.setOffline(true)
          await button(page, 'Accept all').click()
          await said(/could not be saved/)
        },
      },
      {
        name: 'a no that waits',
        to: async () => {
          await button(page, 'Reject all').click()
          await said(/will be sent as soon as/)
          await context.setOffline(false)
        },
      },
    ],
  },
  {
    name: 'GPC',
    site: {},
    headers: { 'Sec-GPC': '1' },
    states: [
      { name: 'honoured', to: () => said(/Global Privacy Control/) },
      { name: 'honoured, second layer', to: open[0]!.to },
    ],
  },
  {
    name: 'GPC after a yes',
    site: {},
    headers: { 'Sec-GPC': '1' },
    before: async () => {
      await context.setExtraHTTPHeaders({})
      await visit(page)
      await button(page, 'Accept all').click()
      await expect(button(page, 'Withdraw all')).toBeVisible()
      await context.setExtraHTTPHeaders({ 'Sec-GPC': '1' })
    },
    states: [{ name: 'conflict', to: () => said(/You allowed Answers that fit you earlier/) }],
  },
  {
    name: 'opt-out',
    site: { served: optOut },
    headers: { 'Sec-GPC': '1' },
    states: [
      { name: 'standing', to: () => expect(button(page, 'Your Privacy Choices')).toBeVisible() },
      {
        name: 'form',
        to: async () => {
          await button(page, 'Your Privacy Choices').click()
          await expect(button(page, 'Save choices')).toBeVisible()
          await unfold()
        },
      },
    ],
  },
  {
    name: 'notice only',
    site: { served: noticeOnly },
    states: [
      { name: 'notice', to: () => said(/These uses need no consent/) },
      {
        name: 'details',
        to: async () => {
          await button(page, 'Details').click()
          await expect(button(page, 'Back')).toBeVisible()
          await unfold()
        },
      },
    ],
  },
  {
    name: 'painted apart by a script',
    site: {
      head: `<script>
        const attach = Element.prototype.attachShadow
        Element.prototype.attachShadow = function (init) {
          const root = attach.call(this, init)
          const sheet = new CSSStyleSheet()
          sheet.replaceSync('.answer:last-child { background: #080 }')
          queueMicrotask(() => (root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]))
          return root
        }</script>`,
    },
    states: [{ name: 'plain', to: () => expect(banner(page)).toHaveAttribute('data-plain') }],
  },
  {
    name: 'a page’s own elements',
    site: {
      body:
        '<assent-ask purpose="ai_training"></assent-ask><assent-preferences></assent-preferences>' +
        '<iframe title="A video" data-assent="analytics" data-src="https://video.example/" width="400" height="240"></iframe>',
    },
    states: [
      {
        ...{ name: 'question', part: 'assent-ask' },
        to: async () => {
          await expect(page.locator('assent-ask').getByRole('button', { name: 'Yes' })).toBeVisible()
          await unfold('assent-ask')
        },
      },
      {
        ...{ name: 'preferences', part: 'assent-preferences' },
        to: async () => {
          await expect(page.locator('assent-preferences').getByRole('switch').first()).toBeVisible()
          await unfold('assent-preferences')
        },
      },
      {
        ...{ name: 'placeholder', part: 'iframe' },
        to: () =>
          expect(page.frameLocator('iframe').getByRole('button', { name: 'Show this once' })).toBeVisible(),
      },
      {
        ...{ name: 'question answered', part: 'assent-ask' },
        to: async () => {
          const yes = page.locator('assent-ask').getByRole('button', { name: 'Yes' })
          await yes.click()
          await expect(yes).toHaveAttribute('aria-pressed', 'true')
        },
      },
    ],
  },
]

test('axe finds nothing in any state of the banner, in the light and in the dark', async ({
  browser,
  baseURL,
}) => {
  test.setTimeout(240_000)
  context = await browser.newContext({
    ...{ baseURL: baseURL ?? '', reducedMotion: 'reduce', viewport: phone },
  })
  page = await context.newPage()
  const faults: string[] = []
  for (const { name: row, site, headers = {}, before, states } of table) {
    await serveSite(context, site)
    await forget(page)
    await context.setExtraHTTPHeaders(headers)
    await before?.()
    await visit(page)
    for (const { name, to, part } of states) {
      await to()
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        if (process.env.ASSENT_E2E_STATES !== undefined) {
          await page.screenshot({
            path: `${process.env.ASSENT_E2E_STATES}/${row}-${name}-${colorScheme}.png`,
          })
        }
        const where = `${row}, ${name}, ${colorScheme}`
        const onlyColours = colorScheme === 'dark'
        faults.push(...(await rules.accessible(page, where, { part: part ?? 'assent-banner', onlyColours })))
      }
    }
  }
  expect(faults).toEqual([])
  // It would find one.
  await page.emulateMedia({ colorScheme: 'light' })
  await page.evaluate(() => {
    const root = document.querySelector('assent-ask')?.shadowRoot
    root?.querySelector('summary')?.style.setProperty('color', '#8a8f98')
  })
  expect((await rules.accessible(page, 'broken', { part: 'assent-ask' })).join()).toContain('color-contrast')
  await context.close()
})
