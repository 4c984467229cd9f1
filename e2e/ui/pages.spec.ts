import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { admin } from '../service.ts'

const open = [
  '/',
  '/demo',
  '/p/demo',
  '/docs',
  '/docs/errors/key_unknown',
  '/docs/reasons/consent_withdrawn',
  '/admin/sign-in',
  '/admin/invitation',
  '/nowhere',
]
const closed = [
  '/admin',
  '/admin/notices',
  '/admin/notices/study/2',
  '/admin/notices/popup/1',
  '/admin/notices/study/compare?from=1&to=2&locale=en',
  '/admin/notices/study/compare?from=2&to=2',
  '/admin/purposes',
  '/admin/members',
  '/admin/account',
  '/admin/_kit',
]
const phone = { width: 375, height: 812 }
const desktop = { width: 1440, height: 900 }
const views = [
  { name: 'phone light', viewport: phone, colorScheme: 'light' as const },
  { name: 'phone dark', viewport: phone, colorScheme: 'dark' as const },
  { name: 'desktop light', viewport: desktop, colorScheme: 'light' as const },
  { name: 'desktop dark', viewport: desktop, colorScheme: 'dark' as const },
]

for (const view of views) {
  test(`every page is accessible and fits, ${view.name}`, async ({ browser, baseURL }) => {
    test.setTimeout(180_000)
    const context = await browser.newContext({ ...view, baseURL: baseURL ?? '' })
    const page = await context.newPage()
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`))
    const look = async (path: string) => {
      await page.goto(path)
      await page.waitForLoadState('networkidle')
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze()
      for (const { id, nodes } of violations) faults.push(`${path}: ${id} at ${nodes[0]?.target.join(' ')}`)
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (overflow > 0) faults.push(`${path}: ${overflow} px too wide`)
      const name = path.replaceAll(/[/?&=]/g, '-')
      await page.screenshot({
        path: `test-results/pages/${view.name.replace(' ', '-')}${name}.png`,
        fullPage: true,
      })
    }
    for (const path of open) await look(path)
    await page.goto('/admin/sign-in')
    await page.getByLabel('E-mail').fill(admin.email)
    await page.getByLabel('Password').fill(admin.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(/\/admin$/)
    for (const path of closed) await look(path)
    expect(faults).toEqual([])
    await context.close()
  })
}

test('the pages that act allow scripts by nonce only, and nobody frames them', async ({ request }) => {
  for (const path of ['/p/demo', '/admin/sign-in']) {
    const policy = (await request.get(path)).headers()['content-security-policy'] ?? ''
    expect(policy).toMatch(/script-src 'self' 'nonce-[^']+' 'strict-dynamic'/)
    expect(policy).toContain("frame-ancestors 'none'")
  }
})
