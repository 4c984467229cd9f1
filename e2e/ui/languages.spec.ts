import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, expect, test } from '@playwright/test'
import { authorization } from '../service.ts'
import { settleAlone } from './settle-alone.ts'
import { signIn } from './sign-in.ts'

/** A property of its own whose notice speaks Arabic and English, so that nobody else's pages are asked. */
async function publishArabic(request: APIRequestContext, property: string): Promise<void> {
  const call = async <T>(method: string, path: string, data: object = {}): Promise<T> => {
    const response = await request.fetch(`/v1/${path}`, { method, headers: authorization, data })
    expect(response.ok(), `${method} ${path}: ${await response.text()}`).toBe(true)
    return (await response.json()) as T
  }
  const { id } = await call<{ id: string }>('POST', 'releases', { title: `A site in Arabic, ${property}` })
  const definition = {
    key: property,
    name: 'A site in Arabic',
    origins: [new URL(process.env.ASSENT_E2E_URL ?? 'http://localhost:3000').origin],
  }
  await call('PUT', `releases/${id}/items/property/${property}`, { edit: 0, definition })
  await call('POST', `releases/${id}/submit`)
  // Asking for review makes the report that publishing needs.
  await expect
    .poll(async () => {
      const report = await request.get(`/v1/releases/${id}/flips`, { headers: authorization })
      return ((await report.json()) as { state: string }).state
    })
    .not.toBe('running')
  await call('POST', `releases/${id}/publish`)
  const listed = await request.get('/v1/purposes', { headers: authorization })
  const { purposes } = (await listed.json()) as { purposes: { key: string; version: number }[] }
  const versionOf = (key: string) => purposes.find((purpose) => purpose.key === key)!.version
  const who = { controller: 'Example Ltd', contact: 'privacy@example.com' }
  await call('POST', 'notices', {
    ...{ key: property, version: 1, property },
    texts: {
      en: {
        ...who,
        ...{ title: 'May we use your data?', body: ['We ask for each use.'] },
        ...{ withdrawal: 'Say no on this page, at any time.', rights: 'You may see and erase your data.' },
      },
      ar: {
        ...who,
        ...{ title: 'هل يجوز لنا استخدام بياناتكم؟', body: ['نسأل عن كل استخدام على حدة.'] },
        ...{
          withdrawal: 'يمكنكم الرفض في هذه الصفحة في أي وقت.',
          rights: 'يمكنكم الاطلاع على بياناتكم ومحوها.',
        },
      },
    },
    purposes: ['ai_training', 'analytics'].map((purpose) => ({ purpose, version: versionOf(purpose) })),
  })
}

test('who reads Arabic gets the preference page from right to left, whole on every width', async ({
  browser,
  page,
  request,
  baseURL,
}) => {
  test.setTimeout(180_000)
  const property = `arabic-${Date.now()}`
  await signIn(page)
  await settleAlone(page)
  await publishArabic(request, property)

  const context = await browser.newContext({ baseURL: baseURL ?? '', locale: 'ar-EG' })
  const hers = await context.newPage()
  await hers.goto(`/p/${property}`)
  await expect(hers.getByRole('heading', { level: 1 })).toHaveText('خيارات الخصوصية الخاصة بكم')
  await expect(hers).toHaveTitle(/^خيارات الخصوصية/)
  await expect(hers.locator('html')).toHaveAttribute('lang', 'ar')
  await expect(hers.locator('html')).toHaveAttribute('dir', 'rtl')
  const training = hers.locator('[data-purpose=ai_training]')
  await training.getByRole('button', { name: 'نعم' }).click()
  await expect(training).toHaveAttribute('data-state', 'granted')
  await hers.getByRole('button', { name: 'سحب الكل' }).click()
  await expect(training).toHaveAttribute('data-state', 'refused')
  await expect(hers.getByRole('status')).toContainText('تم السحب')
  for (const [width, colorScheme] of [
    [320, 'light'],
    [375, 'dark'],
    [1440, 'light'],
  ] as const) {
    await hers.setViewportSize({ width, height: 812 })
    await hers.emulateMedia({ colorScheme })
    const overflow = await hers.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      return scrollWidth - clientWidth
    })
    expect(overflow, `at ${width} px`).toBeLessThanOrEqual(0)
    await hers.screenshot({ path: `test-results/pages/preferences-ar-${width}.png`, fullPage: true })
  }
  const { violations } = await new AxeBuilder({ page: hers })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(violations.map(({ id, nodes }) => `${id} at ${nodes[0]?.target.join(' ')}`)).toEqual([])

  // The languages of the notice, each under its own name; what she picks comes before what her browser says.
  await hers.getByRole('link', { name: 'English' }).click()
  await expect(hers.getByRole('heading', { level: 1 })).toHaveText('Your privacy choices')
  await expect(hers.locator('html')).toHaveAttribute('dir', 'ltr')
  await expect(training).toHaveAttribute('data-state', 'refused')
  await context.close()

  await page.goto('/admin/settings/languages')
  await expect(page.getByRole('row', { name: /Arabic/ })).toContainText('draft')
  await expect(page.getByRole('row', { name: /^English/ })).toContainText('reviewed')
})
