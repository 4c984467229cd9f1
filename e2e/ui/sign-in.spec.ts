import AxeBuilder from '@axe-core/playwright'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { Secret, TOTP } from 'otpauth'
import { startProvider } from '../../tests/oidc/start-provider.ts'
import { admin, authorization, provider as configured } from '../service.ts'

const password = 'long enough to be one'

async function faultsOf(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return violations.map(({ id, nodes }) => `${id} at ${nodes[0]?.target.join(' ')}`)
}

async function giveFirstFactor(page: Page, email: string, given: string): Promise<void> {
  await page.goto('/admin/sign-in')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password').fill(given)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

const isInside = (page: Page) => page.waitForURL((url) => url.pathname === '/admin')
const newPage = async (browser: Browser) => (await browser.newContext()).newPage()

/** Invites by the API; answers the path of the link. */
async function invite(page: Page, email: string, role = 'officer'): Promise<string> {
  const made = await page.request.post('/v1/invitations', { headers: authorization, data: { email, role } })
  const { link } = (await made.json()) as { link: string }
  return link.slice(new URL(link).origin.length)
}

async function join(browser: Browser, email: string): Promise<Page> {
  const page = await newPage(browser)
  await page.goto(await invite(page, email))
  await page.getByLabel('Choose a password').fill(password)
  await page.getByRole('button', { name: 'Join', exact: true }).click()
  await isInside(page)
  return page
}

/** Of codes no step serves twice: each call gives the code of a later one, the next at most. */
function codesOf(secret: string) {
  const totp = new TOTP({ secret: Secret.fromBase32(secret.trim()) })
  let last = 0
  return async (page: Page): Promise<string> => {
    const step = () => Math.floor(Date.now() / 30_000)
    // The server takes the code of the step that comes next.
    if (step() + 1 <= last) await expect.poll(step, { timeout: 60_000 }).toBeGreaterThanOrEqual(last)
    last = Math.max(step(), last + 1)
    expect(page.isClosed()).toBe(false)
    return totp.generate({ timestamp: last * 30_000 })
  }
}

async function enrol(page: Page) {
  await page.getByRole('button', { name: 'Add a second factor' }).click()
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible()
  expect(await faultsOf(page)).toEqual([])
  const nextCode = codesOf((await page.getByTestId('secret').textContent()) ?? '')
  await page.getByLabel('Code of the app').fill(await nextCode(page))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await expect(page.getByText('Your second factor is on')).toBeVisible()
  expect(await faultsOf(page)).toEqual([])
  const codes = ((await page.locator('pre').textContent()) ?? '').trim().split('\n')
  expect(codes).toHaveLength(10)
  await page.getByRole('button', { name: /sign in again/ }).click()
  await page.waitForURL(/\/admin\/sign-in/)
  return { nextCode, codes }
}

test('a member adds a second factor, signs in with a code, and once with a recovery code', async ({
  browser,
}) => {
  test.setTimeout(480_000)
  const email = `two-factors-${Date.now()}@example.com`
  const page = await join(browser, email)
  await page.goto('/admin/account')
  const { nextCode, codes } = await enrol(page)

  await giveFirstFactor(page, email, 'not the password')
  await expect(page.getByText('do not match')).toBeVisible()
  await expect(page.getByLabel('Code')).toHaveCount(0)
  await giveFirstFactor(page, email, password)
  await expect(page.getByLabel('Code')).toBeVisible()
  expect(await faultsOf(page)).toEqual([])
  // There is no session yet.
  const inside = await page.request.get('/admin/account', { maxRedirects: 0 })
  expect(inside.headers().location).toContain('/admin/sign-in')
  const code = await nextCode(page)
  await page.getByLabel('Code').fill(code)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await isInside(page)

  const second = await newPage(browser)
  await giveFirstFactor(second, email, password)
  await second.getByLabel('Code').fill(code)
  await second.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(second.getByText('This code is wrong or was used')).toBeVisible()
  await second.getByLabel('Code').fill(codes[0]!)
  await second.getByRole('button', { name: 'Sign in', exact: true }).click()
  await isInside(second)
  await second.goto('/admin/account')
  await expect(second.getByText('Recovery codes left: 9')).toBeVisible()

  const third = await newPage(browser)
  await giveFirstFactor(third, email, password)
  await third.getByLabel('Code').fill(codes[0]!)
  await third.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(third.getByText('This code is wrong or was used')).toBeVisible()
})

test('an owner demands a second factor of everybody, and removes one whose phone is lost', async ({
  page,
  browser,
}) => {
  test.setTimeout(480_000)
  const email = `demanded-${Date.now()}@example.com`
  const theirs = await join(browser, email)
  await giveFirstFactor(page, admin.email, admin.password)
  await isInside(page)
  await page.goto('/admin/settings/sign-in')
  try {
    await page.getByRole('button', { name: 'Demand it of everybody' }).click()
    expect(await faultsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Demand a second factor' }).click()
    // She has none herself.
    await page.waitForURL(/\/admin\/enrolment/)
    await theirs.goto('/admin/purposes')
    await expect(theirs).toHaveURL(/\/admin\/enrolment/)
    await enrol(theirs)
  } finally {
    const data = { require_second_factor: false }
    await page.request.put('/v1/sign-in-settings', { headers: authorization, data })
  }
  await page.goto('/admin/settings/sign-in')
  await page.getByRole('button', { name: `Remove the second factor of ${email}` }).click()
  await page.getByRole('button', { name: 'Remove the second factor', exact: true }).click()
  await expect(
    page.getByRole('row').filter({ hasText: email }).getByText('no', { exact: true }),
  ).toBeVisible()
  await giveFirstFactor(theirs, email, password)
  await isInside(theirs)
})

test.describe('with a provider', () => {
  let provider: Awaited<ReturnType<typeof startProvider>>
  test.beforeAll(async ({ baseURL }) => {
    const redirectUris = [`${baseURL}/api/auth/callback/oidc`]
    provider = await startProvider({ port: configured.port, redirectUris })
  })
  test.afterAll(() => provider.close())

  /** At the provider's own page. */
  async function signInThere(page: Page, login: string): Promise<void> {
    await page.waitForURL((url) => url.origin === provider.issuer)
    await page.getByPlaceholder(/login/i).fill(login)
    await page.getByPlaceholder(/password/i).fill('any')
    await page.getByRole('button').click()
    await page.getByRole('button', { name: /continue/i }).click()
  }
  const press = (page: Page) => page.getByRole('button', { name: `Continue with ${configured.name}` }).click()

  /** Joins with the provider, by an invitation to the address that it verified. */
  async function joinThere(browser: Browser, login: string): Promise<Page> {
    const email = `${login}@example.com`
    provider.accounts.set(login, { email, email_verified: true })
    const page = await newPage(browser)
    await page.goto(await invite(page, email))
    await press(page)
    await signInThere(page, login)
    await isInside(page)
    return page
  }

  test('somebody who is no member is told so, and is not let in', async ({ browser }) => {
    test.setTimeout(480_000)
    const login = `carol-${Date.now()}`
    const email = `${login}@example.com`
    provider.accounts.set(login, { email, email_verified: true })
    const stranger = await newPage(browser)
    await stranger.goto('/admin/sign-in')
    expect(await faultsOf(stranger)).toEqual([])
    await press(stranger)
    await signInThere(stranger, login)
    await expect(stranger.getByText('no member here has your address')).toBeVisible()
    expect(new URL(stranger.url()).hash).toBe('')
    expect(await faultsOf(stranger)).toEqual([])

    await stranger.goto('/admin')
    await expect(stranger).toHaveURL(/\/admin\/sign-in/)
  })

  test('who was invited joins, and is known by her subject from then on', async ({ browser }) => {
    test.setTimeout(480_000)
    const login = `dora-${Date.now()}`
    await joinThere(browser, login)
    provider.accounts.set(login, { email: 'moved@example.com', email_verified: false })
    const again = await newPage(browser)
    await again.goto('/admin/sign-in')
    await press(again)
    await signInThere(again, login)
    await isInside(again)
  })

  test('a second factor is asked for after the provider, too', async ({ browser }) => {
    test.setTimeout(480_000)
    const login = `erin-${Date.now()}`
    const page = await joinThere(browser, login)
    await page.goto('/admin/account')
    const { nextCode } = await enrol(page)
    await press(page)
    await expect(page.getByLabel('Code')).toBeVisible({ timeout: 60_000 })
    await page.getByLabel('Code').fill(await nextCode(page))
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await isInside(page)
  })

  test('an address that is not verified, or another’s invitation, lets nobody in', async ({ browser }) => {
    test.setTimeout(480_000)
    const login = `mallory-${Date.now()}`
    provider.accounts.set(login, { email: admin.email, email_verified: false })
    const page = await newPage(browser)
    await page.goto('/admin/sign-in')
    await press(page)
    await signInThere(page, login)
    await expect(page.getByText('has not verified it')).toBeVisible()
    await page.goto('/admin')
    await expect(page).toHaveURL(/\/admin\/sign-in/)

    const other = `${login}-other`
    provider.accounts.set(other, { email: `${other}@example.com`, email_verified: true })
    const theirs = await newPage(browser)
    await theirs.goto(await invite(theirs, `invited-${Date.now()}@example.com`))
    await press(theirs)
    await signInThere(theirs, other)
    await expect(theirs.getByText('This invitation is to another address')).toBeVisible()
  })

  test('signing in leads nowhere but here, and an answer nobody asked for is refused', async ({ page }) => {
    await page.goto('/admin/sign-in')
    const asked = await page.evaluate(async () => {
      const { csrfToken } = (await (await fetch('/api/auth/csrf')).json()) as { csrfToken: string }
      const body = new URLSearchParams({ csrfToken, callbackUrl: 'https://evil.example/', json: 'true' })
      const answer = await fetch('/api/auth/signin/oidc', { method: 'POST', body })
      return ((await answer.json()) as { url: string }).url
    })
    const query = new URL(asked).searchParams
    expect(new URL(asked).origin).toBe(provider.issuer)
    for (const name of ['state', 'nonce', 'code_challenge']) expect(query.get(name)).toBeTruthy()
    const cookies = await page.context().cookies()
    const callback = cookies.find(({ name }) => name.includes('callback-url'))
    expect(decodeURIComponent(callback?.value ?? '')).toMatch(/^http:\/\/localhost:\d+\/admin$/)
    await page.goto('/api/auth/callback/oidc?code=made-up&state=made-up')
    await expect(page.getByText(`Signing in with ${configured.name} did not work`)).toBeVisible()
    const policy = (await page.request.get('/admin/sign-in')).headers()['content-security-policy'] ?? ''
    expect(policy).toContain("form-action 'self'")
  })
})
