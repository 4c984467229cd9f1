import { expect, test } from '@playwright/test'

test('every purpose has an equal no and yes, and one button takes all back', async ({ page }) => {
  await page.goto('/p/demo')
  const training = page.locator('[data-purpose=ai_training]')
  await expect(training).toHaveAttribute('data-state', 'never_asked')
  const yes = training.locator('[data-answer=yes]')
  const no = training.locator('[data-answer=no]')
  const [yesBox, noBox] = [await yes.boundingBox(), await no.boundingBox()]
  expect(yesBox?.width).toBe(noBox?.width)
  expect(yesBox?.height).toBe(noBox?.height)
  await yes.click()
  await expect(training).toHaveAttribute('data-state', 'granted')
  await page.locator('[data-purpose=analytics] [data-answer=yes]').click()
  await expect(page.locator('[data-purpose=analytics]')).toHaveAttribute('data-state', 'granted')
  await page.reload()
  await expect(training).toHaveAttribute('data-state', 'granted')
  await page.getByRole('button', { name: 'Withdraw all' }).click()
  await expect(training).toHaveAttribute('data-state', 'refused')
  await expect(page.locator('[data-purpose=analytics]')).toHaveAttribute('data-state', 'refused')
  await expect(page.getByRole('status')).toContainText('Withdrawn')
})

test('it speaks German to whoever asks for it', async ({ page }) => {
  await page.goto('/p/demo')
  await page.getByRole('link', { name: 'Deutsch' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Ihre Datenschutz-Auswahl')
  await expect(page).toHaveURL(/\?lang=de$/)
  await expect(page.locator('html')).toHaveAttribute('lang', 'de')
})

test('a second tab hears what the first one said', async ({ context }) => {
  const first = await context.newPage()
  const second = await context.newPage()
  await first.goto('/p/demo')
  await first.locator('[data-purpose=ai_training] [data-answer=yes]').click()
  await expect(first.locator('[data-purpose=ai_training]')).toHaveAttribute('data-state', 'granted')
  await second.goto('/p/demo')
  await expect(second.locator('[data-purpose=ai_training]')).toHaveAttribute('data-state', 'granted')
  await first.getByRole('button', { name: 'Withdraw all' }).click()
  await expect(second.locator('[data-purpose=ai_training]')).toHaveAttribute('data-state', 'refused')
})

test('a site nobody knows has an empty page, not a broken one', async ({ page }) => {
  await page.goto('/p/nowhere')
  await expect(page.getByText('There is nothing to choose here')).toBeVisible()
})
