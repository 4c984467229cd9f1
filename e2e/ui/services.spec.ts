import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { signIn } from './sign-in.ts'

async function faultsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id} at ${nodes[0]?.target.join(' ')}`)
}

/** The key that the open dialog shows; closes the dialog. */
async function takeKey(page: Page): Promise<string> {
  const shown = page.getByRole('dialog').locator('pre')
  await expect(shown).toHaveText(/^ask_[\w-]{43}$/)
  expect(await faultsOf(page)).toEqual([])
  const key = ((await shown.textContent()) ?? '').trim()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  return key
}

test('a key is made, asks, is rotated with overlap, and ended; what it asked is in a chart and in a table', async ({
  page,
  request,
}) => {
  test.setTimeout(240_000)
  const name = `Trainer ${Date.now()}`
  const ask = async (key: string) =>
    (
      await request.post('/v1/check', {
        headers: { Authorization: `Bearer ${key}` },
        data: { subject: 'user:alice', purpose: 'ai_training', collected_at: '2020-01-01' },
      })
    ).status()

  await signIn(page)
  await page.goto('/admin/keys')
  await page.getByRole('button', { name: 'Make a key' }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Company (optional)').fill('Example Ltd')
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Make the key' }).click()
  const old = await takeKey(page)
  const row = page.getByRole('row').filter({ hasText: name })
  await expect(row).toContainText('held by Example Ltd')
  await expect(row).toContainText('never')
  expect(await ask(old)).toBe(200)

  await page.getByRole('button', { name: `Rotate ${name}` }).click()
  await page.getByLabel('The old key still works').selectOption('for seven days')
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Make the new key' }).click()
  const successor = await takeKey(page)
  await expect(row).toHaveCount(2)
  await expect(row.filter({ hasText: 'ends in 6 days' })).toHaveCount(1)
  await expect(row.filter({ hasText: 'in place of' })).toHaveCount(1)
  expect([await ask(old), await ask(successor)]).toEqual([200, 200])

  await page.getByRole('button', { name: `End now: ${name}` }).click()
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'End the key now' }).click()
  await expect(row).toHaveCount(1)
  expect([await ask(old), await ask(successor)]).toEqual([401, 200])
  await page.getByRole('link', { name: 'Revoked and ended' }).click()
  await expect(row).toContainText('revoked')

  // Counts are stored when their minute is over.
  await expect(async () => {
    await page.goto('/admin/services?range=3h')
    await expect(page.getByRole('link', { name }).first()).toBeVisible({ timeout: 2_000 })
    await page.getByRole('link', { name }).first().click()
    await expect(page.getByRole('heading', { level: 2, name })).toBeVisible({ timeout: 2_000 })
    await expect(page.getByText(/answers in the last 3 hours/)).not.toContainText(/^0 /, { timeout: 2_000 })
  }).toPass({ timeout: 150_000 })
  await expect(page).toHaveURL(/range=3h&service=key_/)
  await expect(page.getByRole('img', { name: /Decisions of .* by reason/ }).locator('svg')).toBeVisible()
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Table' }).press('Enter')
  await expect(page.getByRole('table', { name: /by reason/ })).toBeVisible()
  expect(await faultsOf(page)).toEqual([])

  const seen = page.getByRole('button', { name: `Mark as seen: ${name}, ai_training` })
  await seen.click()
  await expect(seen).toHaveCount(0)
})
