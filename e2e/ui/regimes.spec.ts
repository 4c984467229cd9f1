import { expect, test } from '@playwright/test'
import { signIn } from './sign-in.ts'

test('an officer reads what each regime asks, where it holds, and what a version changed', async ({
  page,
}) => {
  await signIn(page)
  await page.goto('/admin/regimes')
  const matrix = page.getByRole('region', { name: 'Rules by purpose and regime' })
  const row = matrix.getByRole('row').filter({ hasText: 'ai_training.fine_tuning' })
  await expect(row.getByRole('cell').first()).toContainText('opt-in')
  await expect(row.getByRole('cell').first()).toContainText('as ai_training')
  await matrix.getByRole('link', { name: 'gdpr' }).click()
  await expect(page).toHaveURL(/\/admin\/regimes\/gdpr$/)
  await expect(page.getByText('Germany', { exact: false }).first()).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Version 1' })).toBeVisible()
  await page.goto('/admin/regimes/none')
  await expect(page.getByText('There is nothing here')).toBeVisible()
})

test('an officer asks about someone who does not exist, and whoever gets the address sees the same', async ({
  page,
  browser,
}) => {
  await signIn(page)
  await page.goto('/admin/simulator')
  await page.getByRole('link', { name: /^A 15-year-old in Saxony/ }).click()
  await expect(page.getByRole('heading', { level: 2, name: 'No' })).toBeVisible()
  await expect(page.getByRole('status')).toContainText('Only a guardian could agree')
  const failed = page.getByRole('listitem').filter({ hasText: /^7 failed/ })
  await expect(failed).toContainText('whoever agreed was able to')
  await expect(page.getByRole('columnheader', { name: /^gdpr/ })).toContainText('through Germany')

  // She is 30, and said yes: still no for data from before, yes for data of today.
  await page.getByLabel('Age in years').fill('30')
  await page.getByRole('button', { name: 'Add something she said' }).click()
  await expect(page.getByText('granted', { exact: true })).toBeVisible()
  await page.getByLabel('Which notice was shown, 1').selectOption('starter~1~en')
  await page.getByLabel('When the data was collected').selectOption('now')
  await expect(page.getByRole('heading', { level: 2, name: 'Yes' })).toBeVisible()
  await page.getByRole('button', { name: 'Remove what was said, 1' }).click()
  await expect(page.getByRole('status')).toContainText('Never asked')
  await page.getByLabel('Age in years').fill('')
  await expect(page).not.toHaveURL(/age=/)

  const other = await browser.newContext({ storageState: await page.context().storageState() })
  const theirs = await other.newPage()
  await theirs.goto(page.url())
  await expect(theirs.getByLabel('Region')).toHaveValue('DE-SN')
  await expect(theirs.getByRole('status')).toContainText('Never asked')
  await other.close()

  await page.goto('/admin/simulator?purpose=ai_training&at=soon&did=grant&on=ai_training')
  await expect(page.getByText(/^Not answered\./)).toBeVisible()
})

test('an officer goes through purposes as a tree, by keyboard, and reads one with its rules and notices', async ({
  page,
}) => {
  await signIn(page)
  await page.goto('/admin/purposes')
  const part = page.getByRole('link', { name: 'Refining an existing model' })
  await expect(part).toBeVisible()
  await page.locator('summary').first().focus()
  await page.keyboard.press('Enter')
  await expect(part).toBeHidden()
  await page.keyboard.press('Enter')
  await part.click()
  await expect(page).toHaveURL(/purposes\/ai_training\.fine_tuning$/)
  await expect(page.getByText('Asked on its own, always')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Rule by regime' })).toContainText('opt-in')
  await expect(page.getByRole('region', { name: 'Notices that name it' })).toContainText('starter 1')
  await page.getByRole('link', { name: 'Try it on a person' }).click()
  await expect(page.getByLabel('Purpose', { exact: true })).toHaveValue('ai_training.fine_tuning')
})
