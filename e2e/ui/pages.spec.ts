import { gzipSync } from 'node:zlib'
import AxeBuilder from '@axe-core/playwright'
import {
  type APIRequestContext,
  type BrowserContext,
  expect,
  type Page,
  type Request,
  test,
} from '@playwright/test'
import { memberPages, openPages, type PageToSee, views } from './all-pages.ts'
import { signIn } from './sign-in.ts'

/** Each width and each scheme once: a page's markup is the same in all of them. */
const looksCloser = new Set(['desktop-light', 'phone-dark'])

/** Each page in each view, under test-results/pages, for people to look at. */
const takesPictures = process.env.ASSENT_E2E_PICTURES === 'true'

/** What is wrong with a page, in words; looked at on a phone and a desktop, light and dark. */
async function faultsOf(page: Page, request: APIRequestContext, { name, path }: PageToSee) {
  const faults: string[] = []
  const onError = (error: Error) => faults.push(`${name}: ${error.message}`)
  // A page asks nobody but the server it came from.
  const { origin } = new URL(process.env.ASSENT_E2E_URL ?? 'http://localhost:3000')
  const onRequest = (asked: Request) => {
    const { protocol, origin: other } = new URL(asked.url())
    if (protocol.startsWith('http') && other !== origin) faults.push(`${name} asks ${other}`)
  }
  page.on('pageerror', onError)
  page.on('request', onRequest)
  await page.emulateMedia({ colorScheme: views[0].colorScheme })
  await page.setViewportSize(views[0].viewport)
  await page.goto(typeof path === 'string' ? path : await path(request))
  await page.waitForLoadState('networkidle')
  for (const view of views) {
    await page.emulateMedia({ colorScheme: view.colorScheme })
    await page.setViewportSize(view.viewport)
    if (looksCloser.has(view.name)) {
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze()
      for (const { id, nodes } of violations) {
        faults.push(`${name}, ${view.name}: ${id} at ${nodes[0]?.target.join(' ')}`)
      }
    }
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (overflow > 0) faults.push(`${name}, ${view.name}: ${overflow} px too wide`)
    if (takesPictures) {
      await page.screenshot({ path: `test-results/pages/${view.name}/${name}.png`, fullPage: true })
    }
  }
  page.off('pageerror', onError)
  page.off('request', onRequest)
  return faults
}

for (const each of openPages) {
  test(`the page ${each.name} is accessible and fits, on a phone and a desktop, light and dark`, async ({
    page,
    request,
  }) => {
    test.setTimeout(180_000)
    expect(await faultsOf(page, request, each)).toEqual([])
  })
}

test.describe('signed in', () => {
  let storageState: Awaited<ReturnType<BrowserContext['storageState']>>
  test.beforeAll(async ({ browser, baseURL }) => {
    const context = await browser.newContext({ baseURL: baseURL ?? '' })
    await signIn(await context.newPage())
    storageState = await context.storageState()
    await context.close()
  })

  for (const each of memberPages) {
    // A browser that has nothing yet, but who is signed in.
    test(`the page ${each.name} is accessible and fits, and begins with at most 200 kB of scripts`, async ({
      browser,
      baseURL,
      request,
    }) => {
      test.setTimeout(180_000)
      const context = await browser.newContext({ storageState, baseURL: baseURL ?? '' })
      const page = await context.newPage()
      const sizes = new Map<string, Promise<number>>()
      page.on('response', (response) => {
        if (response.request().resourceType() !== 'script') return
        sizes.set(
          response.url(),
          response.body().then((body) => gzipSync(body).length),
        )
      })
      const faults = await faultsOf(page, request, each)
      // What a page asks for once it is there, such as what draws its charts, comes after its first load.
      const first = await page.evaluate(() => {
        const [{ loadEventStart }] = performance.getEntriesByType('navigation') as [
          PerformanceNavigationTiming,
        ]
        return performance
          .getEntriesByType('resource')
          .filter(({ startTime }) => startTime < loadEventStart)
          .map(({ name }) => name)
      })
      const counted = await Promise.all(first.map((url) => sizes.get(url) ?? 0))
      const bytes = counted.reduce((sum, size) => sum + size, 0)
      expect(faults).toEqual([])
      expect(bytes).toBeGreaterThan(0)
      expect(bytes).toBeLessThanOrEqual(200_000)
      await context.close()
    })
  }
})

test('everything is found by its name, by keyboard', async ({ page }) => {
  await signIn(page)
  await page.keyboard.press('Control+K')
  await page.getByRole('combobox').fill('invite')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/admin\/members$/)
  await page.keyboard.press('Control+K')
  await page.getByRole('combobox').fill('study 2')
  await expect(page.getByRole('option', { name: /^study 2/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/admin\/notices\/study\/2$/)
  await page.keyboard.press('Control+K')
  await page.getByRole('combobox').fill('no such thing anywhere')
  await expect(page.getByText('Nothing is called that.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('combobox')).toHaveCount(0)
})

test('on a phone all rooms are behind one menu', async ({ page }) => {
  await page.setViewportSize({ width: 375, height: 812 })
  await signIn(page)
  await page.getByRole('button', { name: 'Menu' }).click()
  await page.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Notices' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Notices' })).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'Rooms' })).toHaveCount(0)
})

test('the pages that act allow scripts by nonce only, and nobody frames them', async ({ request }) => {
  for (const path of ['/p/demo', '/admin/sign-in']) {
    const policy = (await request.get(path)).headers()['content-security-policy'] ?? ''
    expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic'/)
    expect(policy).toContain("frame-ancestors 'none'")
  }
})
