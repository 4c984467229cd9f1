import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { settleAlone } from './settle-alone.ts'
import { signIn } from './sign-in.ts'

test('an experience is seen on a phone and a desktop while it is drafted, held to symmetry, and then asked with', async ({
  page,
  request,
  baseURL,
}) => {
  test.setTimeout(240_000)
  const run = Date.now()
  const property = `shop-${run}`
  await signIn(page)
  await settleAlone(page)
  await page.goto('/admin/releases')
  await page.getByRole('button', { name: 'Open a release' }).click()
  await page.getByLabel('Title').fill('How the shop asks')
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'How the shop asks' })).toBeVisible()
  const add = async (what: string, key: string) => {
    await page.getByRole('button', { name: 'Add …' }).click()
    await page.getByLabel('What').selectOption({ label: what })
    await page.getByLabel('Key').fill(key)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await expect(page.getByRole('heading', { level: 1 })).toContainText(key)
  }
  const saved = () => expect(page.getByText('Saved', { exact: true })).toBeVisible()
  const back = () => page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link').click()

  await add('a property', property)
  await page.getByLabel('Name').fill('Shop')
  await page.getByLabel('Web origins').fill(new URL(baseURL!).origin)
  await saved()
  await back()

  await add('an experience', `ask-${run}`)
  await page.getByLabel('Property').selectOption(property)
  await page.getByLabel('Layout').selectOption('bar')
  await page.getByLabel('Notice it shows').selectOption('starter')
  await page.getByLabel('Our own colours').check()
  await page.getByLabel('Accept and reject, light').fill('#fdfdfd')
  await page.getByLabel('Accept', { exact: true }).fill('Accept all')
  await page.getByLabel('Reject', { exact: true }).fill('Maybe later')
  await page.getByLabel('Choose', { exact: true }).fill('Choose')
  for (const name of ['Phone, light', 'Desktop, light']) {
    const screen = page.frameLocator(`iframe[title="${name}"]`)
    await expect(screen.getByRole('button', { name: 'Maybe later' })).toBeVisible()
  }
  await page.getByRole('button', { name: 'In the dark' }).click()
  await expect(page.locator('iframe[title="Phone, dark"]')).toBeVisible()
  for (const width of [375, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      // The screens show a draft, whose contrast publication checks; this one fails it on purpose.
      .exclude('iframe')
      .analyze()
    expect(violations.map(({ id, nodes }) => `${id} at ${nodes[0]?.target.join(' ')}`)).toEqual([])
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(
      0,
    )
    if (process.env.ASSENT_E2E_PICTURES === 'true') {
      await page.screenshot({ path: `test-results/pages/experience-editor-${width}.png`, fullPage: true })
    }
  }
  await saved()
  await back()
  await expect(page.getByText('rules of symmetry are broken')).toBeVisible()
  await expect(page.getByText('puts the question off', { exact: false }).first()).toBeVisible()

  await page
    .getByRole('link', { name: `ask-${run}` })
    .first()
    .click()
  await page.getByLabel('Accept and reject, light').fill('#1b5f4b')
  await page.getByLabel('Reject', { exact: true }).fill('Reject all')
  await page.getByLabel('Another language').fill('de')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByLabel('Accept', { exact: true }).fill('Alle annehmen')
  await page.getByLabel('Reject', { exact: true }).fill('Alle ablehnen')
  await page.getByLabel('Choose', { exact: true }).fill('Auswählen')
  await saved()
  await back()
  await expect(page.getByText('rules of symmetry are kept')).toBeVisible()
  await page.getByRole('button', { name: 'Ask for review' }).click()
  await page.getByRole('button', { name: 'Publish …' }).click()
  await page.getByRole('button', { name: 'Publish now' }).click()
  await expect(page.getByText('It is published.')).toBeVisible()

  const asked = await request.get(`/v1/public/${property}/experience?locale=de`)
  expect(await asked.json()).toMatchObject({
    ...{ experience: { key: `ask-${run}`, version: 1 }, layout: 'bar', locale: 'de' },
    ...{ texts: { reject: 'Alle ablehnen' }, theme: { light: { button: '#1b5f4b' } } },
  })
})
