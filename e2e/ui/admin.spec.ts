import { expect, test } from '@playwright/test'
import { admin, authorization } from '../service.ts'
import { fillSignIn, signIn } from './sign-in.ts'

test('nobody gets in with the wrong password, nor learns which part was wrong', async ({ page }) => {
  await fillSignIn(page, 'not the password')
  await expect(page.getByText('do not match')).toBeVisible()
  await page.goto('/admin/notices')
  await expect(page).toHaveURL(/\/admin\/sign-in/)
})

test('an officer reads events, notices with their words, and purposes, and signs out', async ({ page }) => {
  await signIn(page)
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible()
  await page.getByRole('navigation', { name: 'Admin' }).getByRole('link', { name: 'Evidence' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Evidence' })).toBeVisible()
  await expect(page.getByRole('row')).toHaveCount(51)
  await page.getByRole('link', { name: 'Older' }).click()
  await expect(page).toHaveURL(/cursor=/)
  await page.getByRole('navigation', { name: 'Admin' }).getByRole('link', { name: 'Notices' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Notices' })).toBeVisible()
  await page.getByRole('button', { name: 'Read starter 1' }).click()
  await page.getByRole('tab', { name: 'de' }).click()
  await expect(page.getByText('Was wir mit Ihren Daten tun')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.getByRole('navigation', { name: 'Admin' }).getByRole('link', { name: 'Purposes' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Purposes' })).toBeVisible()
  await expect(page.getByText('ai_training.fine_tuning', { exact: true })).toBeVisible()
  await page.goto('/admin/_kit')
  await expect(page.getByRole('heading', { name: 'Kit' })).toBeVisible()
  await page.getByRole('button', { name: 'Sign out' }).last().click()
  await expect(page).toHaveURL(/\/$/)
  await page.goto('/admin')
  await expect(page).toHaveURL(/\/admin\/sign-in/)
})

test('an officer reads one version of a notice, with the consents that rest on it', async ({
  page,
  request,
}) => {
  await signIn(page)
  await page.getByRole('navigation', { name: 'Admin' }).getByRole('link', { name: 'Notices' }).click()
  await page.getByRole('link', { name: 'starter 1', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'starter 1' })).toBeVisible()
  await expect(page.getByText(/^[0-9a-f]{64}$/)).toBeVisible()
  const room = page.getByRole('navigation', { name: 'Admin' }).getByRole('link', { name: 'Notices' })
  await expect(room).toHaveAttribute('aria-current', 'page')
  const counted = await request.get('/v1/notices/starter/1/consents', { headers: authorization })
  const german = (await counted.json()).consents.find(
    (each: { purpose: string; locale: string }) => each.purpose === 'ai_training' && each.locale === 'de',
  )
  const row = page
    .getByRole('row')
    .filter({ hasText: /^ai_training 1/ })
    .filter({ hasText: 'German (de)' })
  await expect(row.getByRole('cell').nth(2)).toHaveText(german.in_force.toLocaleString('en-GB'))
  await page.getByRole('tab', { name: 'German (de)' }).click()
  await expect(page.getByRole('heading', { name: 'Was wir mit Ihren Daten tun' })).toBeVisible()
  await page.getByRole('link', { name: /^event \d+$/ }).click()
  await expect(page.getByRole('row').nth(1)).toContainText('notice published')
  await page.goto('/admin/notices/starter/99')
  await expect(page.getByText('There is nothing here')).toBeVisible()
})

test('an officer sees word by word what two versions of a notice have changed, by keyboard', async ({
  page,
}) => {
  await signIn(page)
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible()
  await page.goto('/admin/notices/study/2')
  await page.getByRole('link', { name: 'Compare with 1' }).click()
  await expect(page).toHaveURL(/compare\?from=1&to=2$/)
  await expect(page.getByText('research 1', { exact: true })).toBeVisible()
  const changed = page.getByRole('region', { name: 'Paragraph 1' })
  await expect(changed.locator('ins:visible')).toHaveText([' and ratings'])
  await expect(changed.locator('del:visible')).toHaveCount(0)
  await page.getByRole('link', { name: 'Swap the two versions' }).press('Enter')
  await expect(page).toHaveURL(/from=2&to=1/)
  await expect(changed.locator('del:visible')).toHaveText([' and ratings'])
  await page.getByRole('link', { name: 'German (de)' }).press('Enter')
  await expect(page).toHaveURL(/locale=de/)
  await expect(page.getByText('Words differ in English (en) too.')).toBeVisible()
  await page.getByLabel('From').selectOption('1')
  await page.getByRole('button', { name: 'Compare' }).press('Enter')
  await expect(page).toHaveURL(/from=1&to=1&locale=de/)
  await expect(page.getByText('Every word is the same')).toBeVisible()
  await page.setViewportSize({ width: 375, height: 812 })
  await page.goto('/admin/notices/study/compare?from=1&to=2&locale=en')
  await expect(changed.locator('ins:visible')).toHaveText([' and ratings'])
})

test('an officer sees which systems act on changes, and is told how one reports', async ({
  page,
  request,
}) => {
  await signIn(page)
  await page.getByRole('navigation', { name: 'Admin' }).getByRole('link', { name: 'Consumers' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Consumers' })).toBeVisible()
  await expect(page.getByText('No system has reported yet')).toBeVisible()
  await expect(page.getByText('curl -X PUT')).toBeVisible()

  const feed = await request.get('/v1/changes?after=0:0&limit=1000', { headers: authorization })
  const { to, head } = await feed.json()
  const put = (name: string, data: object) =>
    request.put(`/v1/consumers/${name}`, { headers: authorization, data })
  await put('feature-store', { applied: head, description: 'Features for ranking', purposes: ['analytics'] })
  await put('training-set', { applied: to, purposes: ['ai_training'] })
  await page.reload()
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })
  await expect(row('feature-store').getByText('up to date')).toBeVisible()
  await expect(row('training-set').getByText('behind')).toBeVisible()
  await expect(row('training-set').getByText('more than 1,000 changes')).toBeVisible()
  await expect(page.getByText('1 of 2 up to date')).toBeVisible()
  await request.delete('/v1/consumers/feature-store', { headers: authorization })
  await request.delete('/v1/consumers/training-set', { headers: authorization })
})

test('a session that was ended cannot be used again', async ({ page, context }) => {
  await signIn(page)
  await expect(page.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible()
  const cookies = await context.cookies()
  await page.getByRole('button', { name: 'Sign out' }).last().click()
  await expect(page).toHaveURL(/\/$/)
  await context.addCookies(cookies)
  await page.goto('/admin')
  await expect(page).toHaveURL(/\/admin\/sign-in/)
})

test('a write from another site is turned away', async ({ request }) => {
  const response = await request.post('/api/auth/callback/credentials', {
    headers: { Origin: 'https://elsewhere.example' },
    form: { email: admin.email, password: admin.password },
  })
  expect(response.status()).toBe(403)
})
