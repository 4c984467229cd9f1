import { expect, type Page, test } from '@playwright/test'
import { buildNextSite, buildReactSite } from '../sites/build-sites.ts'
import { type Addresses, snippetOf } from '../sites/from-document.ts'
import { publishProperty } from '../sites/publish-property.ts'
import { type Site, startPages, startStatistics } from '../sites/start-site.ts'
import { signIn } from './sign-in.ts'

const assent = process.env.ASSENT_E2E_URL ?? 'http://localhost:3000'
const banner = 'assent-banner'
let statistics: Site
let addresses: Addresses
let react: Site
let next: Site
let bundle = ''
let built: ReadonlyMap<string, string> = new Map()

test.beforeAll(async ({ browser, request }) => {
  statistics = await startStatistics()
  react = await startPages(() => ({
    '/': {
      html: `<!doctype html><html lang="en"><head><title>A shop</title>${snippetOf('## The tags', addresses).replace(/<script async[\s\S]*$/, '')}</head><body><div id="root"></div><script src="/main.js"></script></body></html>`,
    },
    '/main.js': { html: bundle },
  }))
  next = await startPages(() => Object.fromEntries([...built].map(([path, html]) => [path, { html }])))
  const property = await publishProperty({ browser, request }, [react.origin, next.origin])
  addresses = { assent, statistics: statistics.origin, property }
})
test.afterAll(async () => {
  await Promise.all([react?.close(), next?.close(), statistics?.close()])
})

const answer = (page: Page, name: string) => page.locator(banner).getByRole('button', { name }).click()

test('a React site renders what a yes allows, and takes it away with the yes', async ({ page }) => {
  bundle = await buildReactSite(addresses)
  await page.goto(react.origin)
  await expect(page.getByText('Nothing is counted.')).toBeVisible()
  await expect(page.locator('assent-ask[purpose="ai_training"]')).toBeAttached()
  await expect(page.locator('assent-preferences')).toBeAttached()
  await expect(page.locator(banner).getByRole('button', { name: 'Reject all' })).toBeVisible()
  expect(statistics.asked).toEqual([])
  await answer(page, 'Accept all')
  await expect(page.frameLocator('iframe[title="Statistics"]').getByText('Playing')).toBeVisible()
  await expect(page.getByText('Chosen for you')).toBeVisible()
  await answer(page, 'Withdraw all')
  await expect(page.getByText('Nothing is counted.')).toBeVisible()
  await expect(page.getByText('The same for everyone')).toBeVisible()
  await expect(page.locator('iframe[title="Statistics"]')).toHaveCount(0)
  expect(statistics.asked).toEqual(['GET /counted'])
})

test('a static page of a Next.js site stays static, and follows what is answered', async ({ page }) => {
  test.setTimeout(240_000)
  const { files, staticPages } = await buildNextSite(addresses)
  built = files
  expect(staticPages).toContain('/')
  // The same for everyone, with the answer that holds until another is known.
  expect(files.get('/')).toContain('Nothing is counted.')

  // The site's counter sends as soon as its code is there, and its chunks come long before the guard.
  const counted: string[] = []
  await page.route('https://stats.example/**', (route) => {
    counted.push(route.request().url())
    return route.fulfill({ headers: { 'Access-Control-Allow-Origin': '*' } })
  })
  await page.route('**/assent-guard.js', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await route.continue()
  })
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(next.origin)
  await expect(page.getByText('Nothing is counted.')).toBeVisible()
  await expect(page.locator(banner).getByRole('button', { name: 'Reject all' })).toBeVisible()
  expect(counted).toEqual([])
  await answer(page, 'Accept all')
  await expect(page.getByText('This visit is counted.')).toBeVisible()
  expect(counted).toEqual([])
  await page.reload()
  await expect(page.getByText('This visit is counted.')).toBeVisible()
  await expect.poll(() => counted).toEqual(['https://stats.example/visit'])
  await answer(page, 'Withdraw all')
  await expect(page.getByText('Nothing is counted.')).toBeVisible()
  expect(complaints.filter((each) => !each.includes('favicon'))).toEqual([])
})

test('the properties page has the code to copy, with the property’s own key', async ({ page }) => {
  await signIn(page)
  await page.goto('/admin/properties')
  const { property } = addresses
  const card = page.locator('section').filter({ hasText: `${property} ·` })
  for (const [tab, code] of [
    ['HTML', `data-property="${property}"`],
    ['Next.js', `property="${property}"`],
    ['React', `property="${property}"`],
  ] as const) {
    await card.getByRole('tab', { name: tab }).click()
    await expect(card.locator('pre', { hasText: code })).toBeVisible()
  }
})
