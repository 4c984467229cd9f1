import { expect, type Page } from '@playwright/test'

/** One may publish alone from now on: whether two are needed has tests of its own. The page is an owner's. */
export async function settleAlone(page: Page): Promise<void> {
  await page.goto('/admin/members')
  await page.getByLabel('Another person approves each release').selectOption('off')
  await expect(page.getByText('Now one person may publish.')).toBeVisible()
}
