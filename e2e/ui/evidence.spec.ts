import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { signIn } from './sign-in.ts'

test('an officer filters the evidence, pages through it by keyboard, opens a row, and exports it', async ({
  page,
}) => {
  await signIn(page)
  await page.goto('/admin/evidence')
  await expect(page.getByRole('heading', { level: 1, name: 'Evidence' })).toBeVisible()
  await expect(page.getByRole('row')).toHaveCount(51)
  await page.getByLabel('What').selectOption('granted')
  await page.getByLabel('Purpose').selectOption('ai_training')
  await page.getByRole('button', { name: 'Filter' }).press('Enter')
  await expect(page).toHaveURL(/kind=granted/)
  await expect(page).toHaveURL(/purpose=ai_training/)
  await expect(page.getByRole('row').nth(1)).toContainText('granted')
  const pages = page.getByRole('navigation', { name: 'Pages' })
  await pages.getByRole('link', { name: 'Older' }).press('Enter')
  await expect(page).toHaveURL(/cursor=/)
  await pages.getByRole('link', { name: 'Newer' }).press('Enter')
  await expect(pages.getByRole('link', { name: 'Newer' })).toHaveCount(0)
  await pages.getByRole('link', { name: 'Oldest' }).press('Enter')
  await expect(pages.getByRole('link', { name: 'Older' })).toHaveCount(0)

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export CSV' }).click()
  const file = await download
  expect(file.suggestedFilename()).toMatch(/^evidence-\d{4}-\d\d-\d\d\.csv$/)
  const lines = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\r\n')
  expect(lines[0]).toMatch(/^id,at,/)
  expect(lines.slice(1).every((line) => line.includes(',granted,'))).toBe(true)

  await page.getByRole('row').nth(1).getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1, name: 'Granted' })).toBeVisible()
  await expect(page.getByText('Its place in the chain')).toBeVisible()
  await page.goto('/admin/evidence?kind=evidence_exported')
  await expect(page.getByRole('row').nth(1)).toContainText('evidence exported')
  await page.goto('/admin/evidence?kind=never')
  await expect(page.getByText('Nothing matches')).toBeVisible()
})

test('an officer seals an answer; whoever has the link reads it, until it is closed', async ({
  page,
  browser,
}) => {
  await signIn(page)
  await page.goto('/admin/evidence?kind=granted')
  await page.getByRole('row').nth(1).getByRole('link').click()
  await page.getByRole('link', { name: 'Prove it to others' }).click()
  await expect(page.getByLabel('Moment')).not.toHaveValue('')
  await page.getByRole('textbox', { name: 'Person' }).fill('user:user_00001')
  await page.getByLabel('Moment').fill('')
  await page.getByRole('button', { name: 'Seal the answer' }).click()
  await expect(page.getByText('it is not shown again')).toBeVisible()
  const link = (await page.locator('code').first().textContent()) ?? ''
  expect(link).toMatch(/\/room#[\w-]{43}$/)

  const visitor = await browser.newContext()
  const seen = await visitor.newPage()
  const sent: string[] = []
  seen.on('request', (request) => sent.push(request.url()))
  const response = await seen.goto(link)
  expect(response?.headers()).toMatchObject({
    ...{ 'x-robots-tag': 'noindex, nofollow', 'referrer-policy': 'no-referrer' },
    'cache-control': expect.stringContaining('no-store'),
    'content-security-policy': expect.stringMatching(/script-src 'self' 'nonce-/),
  })
  await expect(seen.getByRole('heading', { name: 'The answer at that moment' })).toBeVisible()
  await expect(seen.getByText('The identifiers by which the organisation knows this person')).toBeVisible()
  await expect(seen.locator('body')).not.toContainText('user_00001')
  const token = link.split('#')[1]!
  expect(
    sent.filter((url) => new URL(url).pathname.includes(token) || new URL(url).search.includes(token)),
  ).toEqual([])

  await page.getByRole('link', { name: 'See what it shows' }).click()
  await expect(page.getByRole('region', { name: 'Looks' }).getByRole('row')).toHaveCount(2)
  await page.getByRole('button', { name: 'Close the room' }).click()
  await page.getByRole('button', { name: 'Close it now' }).click()
  await expect(page.getByText('closed', { exact: true })).toBeVisible()
  await seen.reload()
  await expect(seen.getByText('This room was closed.')).toBeVisible()
  await expect(seen.getByRole('heading', { name: 'The answer at that moment' })).toHaveCount(0)
  await visitor.close()
})
