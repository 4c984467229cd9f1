import { expect, test } from '@playwright/test'
import { signIn } from './sign-in.ts'
import { turningRelease } from './turning-release.ts'

test('an officer sees which answers a release would turn, why, and which services stop', async ({
  page,
  request,
}) => {
  test.setTimeout(180_000)
  const id = await turningRelease(request)
  await signIn(page)
  await page.goto(`/admin/releases/${id}/flips`)
  await expect(page.getByRole('heading', { level: 1, name: 'Flip report' })).toBeVisible()
  await expect(page.getByText('Two people must approve')).toBeVisible()
  await expect(page.getByText('No becomes yes')).toBeVisible()
  const stops = page.locator('section').filter({ hasText: 'These services will stop' })
  await expect(stops.getByText('for service').first()).toBeVisible()
  const causes = page.locator('section').filter({ hasText: 'Why a no becomes a yes' })
  await expect(causes.getByText('The regime default, for analytics').first()).toBeVisible()
  await causes.locator('summary').first().click()
  await expect(causes.getByText('May data be used for analytics').first()).toBeVisible()

  await page.getByRole('button', { name: 'Make it again' }).click()
  await expect(page.getByRole('button', { name: 'Make it again' })).toBeEnabled()
  await expect(page.getByText('It is of the release as it is now.')).toBeVisible()
})
