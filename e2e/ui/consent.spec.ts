import { expect, test } from '@playwright/test'
import { check } from '../service.ts'

const banner = 'assent-banner'

test('a yes to AI training reaches the pipeline, and one click takes it back', async ({ page, request }) => {
  await page.goto('/demo')
  await page
    .getByRole('group', { name: /Training AI models/ })
    .getByRole('button', { name: 'Yes' })
    .click()
  await expect(page.locator('[data-purpose=ai_training][data-reason]')).toHaveAttribute(
    'data-reason',
    'consent_given',
  )
  const device = await page.evaluate(
    () => (window as unknown as { assent: { device: string } }).assent.device,
  )
  const question = {
    subject: `device:${device}`,
    purpose: 'ai_training',
    collected_at: new Date().toISOString(),
  }
  expect((await check(request, question)).body).toMatchObject({ allowed: true, reason: 'consent_given' })

  // The first layer still asks about the rest; saying no to it leaves the standing control.
  await page.locator(banner).getByRole('button', { name: 'Choose' }).click()
  await page.locator(banner).getByRole('button', { name: 'Save choices' }).click()
  await page.locator(banner).getByRole('button', { name: 'Withdraw all' }).click()
  await expect(page.locator('[data-purpose=ai_training][data-reason]')).toHaveAttribute(
    'data-reason',
    'consent_withdrawn',
  )
  const later = { ...question, collected_at: new Date().toISOString() }
  expect((await check(request, later)).body).toMatchObject({ allowed: false, reason: 'consent_withdrawn' })
})

test('nothing is stored and nothing but the experience is asked for before a choice', async ({
  page,
  context,
}) => {
  const calls: string[] = []
  page.on('request', (each) => {
    if (each.url().includes('/v1/')) calls.push(`${each.method()} ${new URL(each.url()).pathname}`)
  })
  await page.goto('/demo')
  await expect(page.locator(banner).getByRole('button', { name: 'Reject all' })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.mouse.wheel(0, 400)
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0)
  expect(await context.cookies()).toEqual([])
  expect(calls).toEqual(['GET /v1/public/demo/experience'])
})

test('accept and reject look alike, and are in view on a small phone', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 568 })
  await page.goto('/demo')
  const accept = page.locator(banner).getByRole('button', { name: 'Accept all' })
  const reject = page.locator(banner).getByRole('button', { name: 'Reject all' })
  await expect(accept).toBeInViewport({ ratio: 1 })
  await expect(reject).toBeInViewport({ ratio: 1 })
  const look = (element: Element) => {
    const { width, height } = element.getBoundingClientRect()
    const { color, backgroundColor, fontSize, fontWeight, fontFamily, borderColor } =
      getComputedStyle(element)
    return {
      width,
      height,
      color,
      backgroundColor,
      fontSize,
      fontWeight,
      fontFamily,
      borderColor,
      tag: element.tagName,
    }
  }
  expect(await accept.evaluate(look)).toEqual(await reject.evaluate(look))
})

test('“accept all” never says yes to AI training, and “reject all” says no to it', async ({
  page,
  request,
}) => {
  await page.goto('/demo')
  await page.locator(banner).getByRole('button', { name: 'Accept all' }).click()
  const answers = page.getByTestId('answers')
  await expect(answers.locator('[data-purpose=analytics]')).toHaveAttribute('data-reason', 'consent_given')
  await expect(answers.locator('[data-purpose=ai_training]')).toHaveAttribute('data-reason', 'never_asked')

  await page.evaluate(() => localStorage.clear())
  await page.reload()
  await page.locator(banner).getByRole('button', { name: 'Reject all' }).click()
  await expect(answers.locator('[data-purpose=ai_training]')).toHaveAttribute('data-reason', 'consent_denied')
  const device = await page.evaluate(
    () => (window as unknown as { assent: { device: string } }).assent.device,
  )
  for (const purpose of ['analytics', 'personalization', 'ai_training', 'ai_training.fine_tuning']) {
    const question = { subject: `device:${device}`, purpose, collected_at: new Date().toISOString() }
    expect((await check(request, question)).body).toMatchObject({ allowed: false, reason: 'consent_denied' })
  }
})

test('a browser that sends Sec-GPC is heard, and told so', async ({ browser, request }) => {
  const context = await browser.newContext({ extraHTTPHeaders: { 'Sec-GPC': '1' } })
  const page = await context.newPage()
  await page.goto('/demo')
  await expect(
    page
      .locator(banner)
      .getByText(/Global Privacy Control/)
      .first(),
  ).toBeAttached()
  await page.locator(banner).getByRole('button', { name: 'Accept all' }).click()
  const personal = page.getByTestId('answers').locator('[data-purpose=personalization]')
  await expect(personal).toHaveAttribute('data-reason', 'gpc_opt_out')
  const device = await page.evaluate(
    () => (window as unknown as { assent: { device: string } }).assent.device,
  )
  const question = { subject: `device:${device}`, purpose: 'personalization' }
  expect((await check(request, question)).body).toMatchObject({ allowed: false, reason: 'gpc_opt_out' })
  await context.close()
})

test('a signal switched on after a yes is heard with the next page, not with the next choice', async ({
  request,
  baseURL,
}) => {
  const origin = { Origin: baseURL ?? '' }
  const experience = async () => (await request.get('/v1/public/demo/experience', { headers: origin })).json()
  const { serving } = await experience()
  const { token, device, snapshot } = await (
    await request.post('/v1/public/demo/tokens', { headers: origin, data: { serving } })
  ).json()
  const own = { ...origin, Authorization: `Bearer ${token}` }
  const choices = [{ purpose: 'personalization', act: 'grant' }]
  await request.post('/v1/public/demo/consents', { headers: own, data: { snapshot, choices } })
  const question = { subject: `device:${device}`, purpose: 'personalization' }
  expect((await check(request, question)).body).toMatchObject({ allowed: true })
  await request.get('/v1/public/demo/consents', { headers: { ...own, 'Sec-GPC': '1' } })
  expect((await check(request, question)).body).toMatchObject({ allowed: false, reason: 'gpc_opt_out' })
})

test('another device’s token, or none, gets nothing', async ({ page, request, baseURL }) => {
  const origin = { Origin: baseURL ?? '' }
  const experience = await (await request.get('/v1/public/demo/experience', { headers: origin })).json()
  const mint = (serving: string, headers: Record<string, string> = origin) =>
    request.post('/v1/public/demo/tokens', { headers, data: { serving } })
  expect((await mint(experience.serving, { Origin: 'https://elsewhere.example' })).status()).toBe(403)
  const { token, snapshot } = await (await mint(experience.serving)).json()
  const choose = (headers: Record<string, string>) =>
    request.post('/v1/public/demo/consents', {
      headers: { ...origin, ...headers },
      data: { snapshot, choices: [{ purpose: 'analytics', act: 'deny' }] },
    })
  expect((await choose({ Authorization: `Bearer ${token}` })).status()).toBe(201)
  expect((await choose({ Authorization: `Bearer ${token}` })).status()).toBe(409)
  const read = (headers: Record<string, string>) => request.get('/v1/public/demo/consents', { headers })
  expect((await read({ ...origin, Authorization: `Bearer ${token}` })).status()).toBe(200)
  expect((await read(origin)).status()).toBe(401)
  expect((await read({ ...origin, Authorization: `Bearer ${token.slice(0, -2)}xx` })).status()).toBe(401)
  await page.goto('/demo')
  expect(await page.content()).not.toContain('ask_')
})
