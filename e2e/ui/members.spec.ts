import AxeBuilder from '@axe-core/playwright'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { admin } from '../service.ts'

const password = 'long enough to be one'

async function signIn(page: Page, email: string, given: string): Promise<void> {
  await page.goto('/admin/sign-in')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(given)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL((url) => !url.pathname.endsWith('/sign-in'))
}

const room = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Admin' }).getByRole('link', { name })

async function faultsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id} at ${nodes[0]?.target.join(' ')}`)
}

/** Invites, as the owner on `page`, and answers the link. */
async function invite(page: Page, email: string, role: string): Promise<string> {
  await page.goto('/admin/members')
  await page.getByRole('button', { name: 'Invite', exact: true }).click()
  await page.getByLabel('E-mail').fill(email)
  await page.getByRole('dialog').getByLabel('Role').selectOption(role)
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = await page.getByRole('dialog').locator('pre').textContent()
  await page.keyboard.press('Escape')
  return (link ?? '').trim()
}

/** Accepts in a browser of her own. */
async function join(browser: Browser, link: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  await page.goto(link)
  expect(await faultsOf(page)).toEqual([])
  await page.getByLabel('Choose a password').fill(password)
  await page.getByRole('button', { name: 'Join' }).click()
  await page.waitForURL((url) => !url.pathname.endsWith('/invitation'))
  return page
}

test('an owner invites an auditor, who joins by the link, reads, changes nothing, and is removed', async ({
  page,
  browser,
}) => {
  await signIn(page, admin.email, admin.password)
  const email = `auditor-${Date.now()}@example.com`
  const link = await invite(page, email, 'auditor')
  expect(link).toMatch(/\/admin\/invitation#[\w-]{43}$/)
  await expect(page.getByRole('row').filter({ hasText: email })).toBeVisible()

  const theirs = await join(browser, link)
  await expect(theirs.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible()
  await room(theirs, 'Members').click()
  await expect(theirs.getByRole('heading', { level: 1, name: 'Members' })).toBeVisible()
  await expect(theirs.getByRole('button', { name: 'Invite', exact: true })).toHaveCount(0)
  await expect(theirs.getByRole('combobox')).toHaveCount(0)
  // Not by hand either.
  const tried = await theirs.evaluate(
    async () =>
      (
        await fetch('/admin/api/invitations', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ email: 'bob@example.com', role: 'owner' }),
        })
      ).status,
  )
  expect(tried).toBe(403)

  const again = await (await browser.newContext()).newPage()
  await again.goto(link)
  await again.getByLabel('Choose a password').fill(password)
  await again.getByRole('button', { name: 'Join' }).click()
  await expect(again.getByText('This invitation was used')).toBeVisible()

  await page.reload()
  await page.getByRole('button', { name: `Remove ${email}` }).click()
  await page.getByRole('button', { name: 'Remove the member' }).click()
  await expect(page.getByRole('row').filter({ hasText: email })).toHaveCount(0)
  await theirs.goto('/admin/members')
  await expect(theirs).toHaveURL(/\/admin\/sign-in/)
})

test('a developer sees no room that shows people, and the last owner stays one', async ({
  page,
  browser,
}) => {
  await signIn(page, admin.email, admin.password)
  const email = `developer-${Date.now()}@example.com`
  const theirs = await join(browser, await invite(page, email, 'developer'))
  await expect(theirs.getByRole('heading', { level: 1, name: 'Keys' })).toBeVisible()
  for (const name of ['Evidence', 'Consumers', 'Members']) await expect(room(theirs, name)).toHaveCount(0)
  for (const path of ['/admin/members', '/admin/consumers']) {
    await theirs.goto(path)
    await expect(theirs.getByText('There is nothing here')).toBeVisible()
  }
  await page.goto('/admin/members')
  await page.getByLabel(`Role of ${admin.email}`).selectOption('auditor')
  await expect(page.getByText('She is the last owner.')).toBeVisible()
  await expect(page.getByLabel(`Role of ${admin.email}`)).toHaveValue('owner')
  await page.getByLabel(`Role of ${email}`).selectOption('officer')
  await expect(page.getByLabel(`Role of ${email}`)).toHaveValue('officer')
  await theirs.goto('/admin')
  await expect(theirs.getByRole('heading', { level: 1, name: 'Inbox' })).toBeVisible()
})

test('a member sees where she is signed in, and ends the others', async ({ page, browser }) => {
  await signIn(page, admin.email, admin.password)
  const other = await (await browser.newContext()).newPage()
  await signIn(other, admin.email, admin.password)
  await room(page, 'Account').click()
  await expect(page.getByText('this one')).toHaveCount(1)
  await page.getByRole('button', { name: 'End all others' }).click()
  await expect(page.getByRole('row')).toHaveCount(2)
  await other.goto('/admin')
  await expect(other).toHaveURL(/\/admin\/sign-in/)
  await expect(page.getByRole('heading', { level: 1, name: 'Account' })).toBeVisible()
})
