import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import type { Experience } from '../../lib/web/experience.ts'
import * as rules from './symmetry/checks.ts'
import { allows, banner, button, callsOf, desktop, phone, serveSite, visit } from './symmetry/fixture.ts'

let context: BrowserContext
let page: Page
test.beforeEach(async ({ browser, baseURL }) => {
  context = await browser.newContext({ baseURL: baseURL ?? '', reducedMotion: 'reduce' })
  page = await context.newPage()
})
test.afterEach(() => context.close())

const optOut = ({ purposes }: Experience): Partial<Experience> => ({
  form: 'opt_out',
  purposes: purposes
    .filter((purpose) => !purpose.is_ai_training)
    .map((purpose) =>
      purpose.is_asked ? { ...purpose, rule: 'opt_out', is_sensitive: purpose.key === 'analytics' } : purpose,
    ),
})

test.describe('the form that the rules of the place ask for', () => {
  test('opt-out: nothing lies in the way, the links stand, and one click says no to all', async () => {
    await serveSite(context, { served: optOut })
    await page.setViewportSize(phone)
    await visit(page)
    await expect(button(page, 'Your Privacy Choices')).toBeInViewport({ ratio: 1 })
    await expect(button(page, 'Limit the Use of My Sensitive Personal Information')).toBeInViewport({
      ratio: 1,
    })
    await expect(banner(page).locator('.panel')).toBeHidden()
    expect([await allows(page, 'analytics'), await allows(page, 'unheard_of')]).toEqual([true, false])
    expect(await rules.accessible(page, 'opt-out')).toEqual([])
    await button(page, 'Limit the Use of My Sensitive Personal Information').click()
    await expect(banner(page).getByRole('switch', { name: 'Counting how pages are used' })).toBeFocused()
    expect(await rules.accessible(page, 'opt-out, open')).toEqual([])
    // Without the way to say no there is no yes.
    await page.evaluate(() => document.querySelector('assent-banner')?.remove())
    expect(await allows(page, 'analytics')).toBe(false)

    await visit(page)
    await button(page, 'Say no to all').click()
    await expect(
      banner(page)
        .getByText(/^Withdrawn/)
        .first(),
    ).toBeVisible()
    expect(await allows(page, 'analytics')).toBe(false)
    await visit(page)
    expect(await allows(page, 'analytics')).toBe(false)
  })

  test('opt-out: what the browser’s signal refuses is refused before any choice', async () => {
    await context.setExtraHTTPHeaders({ 'Sec-GPC': '1' })
    await serveSite(context, { served: optOut })
    await visit(page)
    await expect(banner(page).getByText(/Opt-out request honored/)).toBeVisible()
    expect([await allows(page, 'analytics'), await allows(page, 'personalization')]).toEqual([true, false])
  })

  test('a notice alone asks nothing, and is put away once', async () => {
    const served = ({ purposes }: Experience): Partial<Experience> => ({
      form: 'notice_only',
      purposes: purposes.filter((purpose) => !purpose.is_asked),
    })
    await serveSite(context, { served })
    await visit(page)
    await expect(banner(page).getByText('These uses need no consent.')).toBeVisible()
    await expect(button(page, 'Accept all')).toHaveCount(0)
    expect(await rules.accessible(page, 'a notice alone')).toEqual([])
    await button(page, 'Close').click()
    await visit(page)
    await expect(button(page, 'Privacy choices')).toBeVisible()
    await expect(banner(page).locator('.panel')).toBeHidden()
  })
})

test('a part’s switch asks for its whole in the same step, and none is on for what is denied', async () => {
  const mail = {
    ...{ key: 'personalization.mail', parent: 'personalization', name: 'Mail that fits you' },
    ...{ description: 'We choose what we write to you about.', rule: 'opt_in' as const, is_asked: true },
    ...{ categories: [], recipients: [], retention_days: 30, retention: '30 days' },
    ...{ is_sale_or_sharing: false, is_sensitive: false, is_ai_training: false },
  }
  await serveSite(context, { served: ({ purposes }) => ({ purposes: [...purposes, mail] }) })
  await visit(page)
  await button(page, 'Choose').click()
  const [whole, part] = ['Answers that fit you', 'Mail that fits you'].map((name) =>
    banner(page).getByRole('switch', { name }),
  )
  await part!.click()
  await expect(whole!).toBeChecked()
  await expect(banner(page).getByText('This also needs: Answers that fit you')).toBeVisible()
  await part!.click()
  await expect(whole!).not.toBeChecked()
  // Not saved: nothing is allowed, and going back forgets it.
  await part!.click()
  await button(page, 'Back').click()
  await button(page, 'Choose').click()
  await expect(whole!).not.toBeChecked()
  expect(await allows(page, 'personalization')).toBe(false)
})

test('what is answered on the preference page alone is not asked, and is taken back here all the same', async () => {
  let isApart = false
  await serveSite(context, {
    served: ({ purposes }) => ({
      purposes: purposes.map((each) =>
        isApart && each.key === 'analytics' ? { ...each, is_asked: false, step: 'confirm' } : each,
      ),
    }),
  })
  await visit(page)
  await button(page, 'Accept all').click()
  await expect.poll(() => allows(page, 'analytics')).toBe(true)
  isApart = true
  await visit(page)
  await button(page, 'Privacy choices').click()
  const apart = banner(page).getByRole('switch', { name: 'Counting how pages are used' })
  await expect(apart).toBeChecked()
  await apart.click()
  await expect.poll(() => allows(page, 'analytics')).toBe(false)
  await expect(apart).toHaveCount(0)
})

test('a page’s own elements ask as the banner does, and take back where they gave', async () => {
  const body = '<assent-ask purpose="ai_training"></assent-ask><assent-preferences></assent-preferences>'
  await serveSite(context, { body })
  await page.setViewportSize(desktop)
  await visit(page)
  const ask = page.locator('assent-ask')
  const preferences = page.locator('assent-preferences')
  const no = ask.getByRole('button', { name: 'No' })
  const yes = ask.getByRole('button', { name: 'Yes' })
  await expect(yes).toHaveAttribute('aria-pressed', 'false')
  await expect(preferences.getByRole('switch').first()).not.toBeChecked()
  const boxes = [await no.boundingBox(), await yes.boundingBox()]
  expect([boxes[0]?.width, boxes[0]?.height]).toEqual([boxes[1]?.width, boxes[1]?.height])
  expect(await rules.accessible(page, 'elements')).toEqual([])
  await yes.click()
  await expect(yes).toHaveAttribute('aria-pressed', 'true')
  expect(await allows(page, 'ai_training')).toBe(true)
  await no.click()
  await expect(no).toHaveAttribute('aria-pressed', 'true')
  expect(await allows(page, 'ai_training')).toBe(false)
  await preferences.getByRole('switch', { name: 'Counting how pages are used' }).click()
  await preferences.getByRole('button', { name: 'Save choices' }).click()
  await expect.poll(() => allows(page, 'analytics')).toBe(true)
  await preferences.getByRole('button', { name: 'Withdraw all' }).click()
  await expect.poll(() => allows(page, 'analytics')).toBe(false)
})

test.describe('whatever goes wrong, no yes is assumed', () => {
  test('pressed twice, it is said once; a no right after a yes stands', async () => {
    await serveSite(context)
    await visit(page)
    const calls = callsOf(page)
    await button(page, 'Reject all').dblclick()
    await expect(button(page, 'Privacy choices')).toBeVisible()
    await visit(page)
    expect(calls.filter((each) => each === 'POST consents')).toHaveLength(1)

    await button(page, 'Privacy choices').click()
    await button(page, 'Yes').click()
    await button(page, 'No').click()
    await expect(button(page, 'No')).toHaveAttribute('aria-pressed', 'true')
    await expect(button(page, 'Yes')).toHaveAttribute('aria-pressed', 'false')
    expect(await allows(page, 'ai_training')).toBe(false)
  })

  test('without a network a no holds and is sent later; a yes does neither', async () => {
    await serveSite(context)
    await visit(page)
    await context.setOffline(true)
    await button(page, 'Accept all').click()
    await expect(
      banner(page)
        .getByText(/could not be saved/)
        .first(),
    ).toBeVisible()
    expect(await allows(page, 'analytics')).toBe(false)
    await button(page, 'Reject all').click()
    await expect(
      banner(page)
        .getByText(/will be sent as soon as/)
        .first(),
    ).toBeVisible()
    const calls = callsOf(page)
    await context.setOffline(false)
    await expect.poll(() => calls).toContain('POST consents')
    await expect
      .poll(async () => (await page.evaluate(() => window.assent?.check('ai_training')))?.reason)
      .toBe('consent_denied')
  })

  test('two tabs agree, and so does the page behind the back button', async () => {
    await serveSite(context)
    await visit(page)
    const other = await context.newPage()
    await visit(other)
    await button(page, 'Accept all').click()
    await expect.poll(() => allows(other, 'analytics')).toBe(true)
    await expect(banner(other).locator('.panel')).toBeHidden()
    await visit(page, '/next')
    await button(other, 'Withdraw all').click()
    await expect.poll(() => allows(page, 'analytics')).toBe(false)
    await page.goBack()
    await page.waitForFunction(() => window.assent !== undefined)
    await expect.poll(() => allows(page, 'analytics')).toBe(false)
  })

  test('a browser that refuses to store, and a blocker that takes the banner away', async () => {
    await serveSite(context)
    await page.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('refused', 'SecurityError')
        },
      })
    })
    await visit(page)
    await button(page, 'Accept all').click()
    await expect.poll(() => allows(page, 'analytics')).toBe(true)
    await button(page, 'Withdraw all').click()
    await expect.poll(() => allows(page, 'analytics')).toBe(false)
    await visit(page)
    expect(await allows(page, 'analytics')).toBe(false)
    await page.evaluate(() => document.querySelector('assent-banner')?.remove())
    expect(await allows(page, 'analytics')).toBe(false)
  })
})
