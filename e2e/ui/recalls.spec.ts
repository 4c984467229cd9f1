import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { authorization, check } from '../service.ts'
import { settleAlone } from './settle-alone.ts'
import { signIn } from './sign-in.ts'

async function faultsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id} at ${nodes[0]?.target.join(' ')}`)
}

/** A notice of its own, to which two people say yes. */
async function agreedTo(request: APIRequestContext, notice: string): Promise<void> {
  const post = async (path: string, data: object) => {
    const answer = await request.post(path, { headers: authorization, data })
    expect(answer.status(), await answer.text()).toBe(201)
  }
  const listed = await request.get('/v1/purposes', { headers: authorization })
  const { purposes } = (await listed.json()) as { purposes: { key: string; version: number }[] }
  const { version } = purposes.find(({ key }) => key === 'ai_training')!
  const words = { title: 'A study', body: ['What we do'], withdrawal: 'w', rights: 'r' }
  await post('/v1/notices', {
    ...{ key: notice, version: 1, property: 'study' },
    texts: { en: { ...words, controller: 'c', contact: 'alice@example.com' } },
    purposes: [{ purpose: 'ai_training', version }],
  })
  for (const who of ['one', 'two']) {
    await post('/v1/consents', {
      ...{ subject: `user:${notice}-${who}`, property: 'study', evidence: { method: 'form' } },
      notice: { key: notice, version: 1, locale: 'en' },
      choices: [{ purpose: 'ai_training', act: 'grant' }],
    })
  }
}

test('an officer strikes the consents of a notice by typing how many, and sees to what that leaves', async ({
  page,
  request,
}) => {
  test.setTimeout(180_000)
  const notice = `recalled-${Date.now()}`
  await signIn(page)
  await settleAlone(page)
  await agreedTo(request, notice)
  const asked = { subject: `user:${notice}-one`, purpose: 'ai_training', property: 'study' }
  const reason = async () =>
    (await check(request, { ...asked, collected_at: new Date().toISOString() })).body.reason
  expect(await reason()).toBe('consent_given')

  await page.goto(`/admin/notices/${notice}/1`)
  await page.getByRole('button', { name: 'Strike these consents…' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('2 people')).toBeVisible()
  expect(await faultsOf(page)).toEqual([])
  await dialog.getByLabel('Why').fill('The German text was wrong')
  await dialog.getByLabel('Type 2 to confirm').fill('3')
  await dialog.getByRole('button', { name: 'Strike 2 consents' }).click()
  await expect(dialog.getByText('Please type 2')).toBeVisible()
  expect(await reason()).toBe('consent_given')
  await dialog.getByLabel('Type 2 to confirm').fill('2')
  await dialog.getByRole('button', { name: 'Strike 2 consents' }).click()

  await page.waitForURL(/\/admin\/recalls\/[0-9a-f-]{36}$/)
  expect(await reason()).toBe('consent_invalidated')
  await expect(page.getByRole('heading', { name: `Notice ${notice} 1` })).toBeVisible()
  const task = /^Done: Tell 2 people/
  await page.getByRole('button', { name: task }).click()
  await page.getByLabel('What was done').fill('told by letter')
  for (const width of [375, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    expect(await faultsOf(page)).toEqual([])
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(overflow).toBeLessThanOrEqual(0)
    await page.screenshot({ path: `test-results/pages/recall-${width}.png`, fullPage: true })
  }
  await page.getByRole('button', { name: 'Done', exact: true }).click()
  await expect(page.getByText('told by letter')).toBeVisible()
  await expect(page.getByRole('button', { name: task })).toHaveCount(0)

  await page.goto('/admin/recalls')
  await expect(page.getByRole('link', { name: `Notice ${notice} 1` })).toBeVisible()
  expect(await faultsOf(page)).toEqual([])
})
