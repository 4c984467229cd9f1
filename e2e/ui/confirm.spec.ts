import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { authorization } from '../service.ts'
import { startMailServer } from './mail-server.ts'
import { settleAlone } from './settle-alone.ts'
import { signIn } from './sign-in.ts'

type Item = { readonly kind: string; readonly key: string; readonly definition: Record<string, unknown> }

async function call<T>(request: APIRequestContext, method: string, path: string, data?: object): Promise<T> {
  const response = await request.fetch(`/v1/${path}`, {
    ...{ method, headers: authorization },
    ...(data === undefined ? {} : { data }),
  })
  expect(response.ok(), `${method} ${path}: ${await response.text()}`).toBe(true)
  return (await response.json()) as T
}

async function publish(request: APIRequestContext, title: string, items: readonly Item[]): Promise<void> {
  const { id } = await call<{ id: string }>(request, 'POST', 'releases', { title })
  for (const { kind, key, definition } of items) {
    await call(request, 'PUT', `releases/${id}/items/${kind}/${key}`, { edit: 0, definition })
  }
  await call(request, 'POST', `releases/${id}/submit`)
  // Asking for review makes the report that publishing needs.
  await expect
    .poll(async () => (await call<{ state: string }>(request, 'GET', `releases/${id}/flips`)).state, {
      timeout: 60_000,
    })
    .not.toBe('running')
  await call(request, 'POST', `releases/${id}/publish`, {})
}

/** What everyone's age is taken for where nobody stated it. */
async function publishAges(request: APIRequestContext, unstated: 'capable' | 'unknown'): Promise<void> {
  const { items } = await call<{ items: readonly Item[] }>(request, 'GET', 'configuration')
  const standing = items.find(({ kind, key }) => kind === 'regime' && key === 'default')!.definition
  const ages = standing.ageBands as { readonly unstated: string }
  if (ages.unstated === unstated) return
  const ageBands = { ...ages, unstated }
  await publish(request, `Ages: ${unstated}`, [
    { kind: 'regime', key: 'default', definition: { ...standing, ageBands } },
  ])
}

/** Nothing axe has against it, and nothing beside the screen, on a phone in the light and on a desktop in the dark. */
async function looksRight(page: Page, name: string): Promise<void> {
  for (const [width, height, colorScheme] of [
    [375, 667, 'light'],
    [1440, 900, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height })
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBe(0)
    await page.screenshot({
      path: test.info().outputPath(`${name}-${width}-${colorScheme}.png`),
      fullPage: true,
    })
  }
  await page.setViewportSize({ width: 375, height: 667 })
}

// Whatever becomes of the test: the others ask people who are taken for grown up.
test.afterEach(async ({ request }) => publishAges(request, 'capable'))

test('a yes is confirmed by mail, an age is asked neutrally, and a guardian decides for a child', async ({
  browser,
  page,
  request,
  baseURL,
}) => {
  test.setTimeout(420_000)
  const run = Date.now()
  const property = `club-${run}`
  const [news, tips] = [`club_news_${run}`, `club_tips_${run}`]
  await signIn(page)
  await settleAlone(page)
  const who = { controller: 'Example Club', contact: 'privacy@example.com' }
  const purpose = (key: string, name: string, more: object = {}): Item => ({
    ...{ kind: 'purpose', key },
    definition: {
      ...{ key, name: { en: name }, description: { en: `${name}, at most once a week.` } },
      ...{ categories: ['account'], controllers: [], retentionDays: 365, basis: 'consent', ...more },
    },
  })
  await publish(request, 'A club', [
    {
      ...{ kind: 'property', key: property },
      definition: { key: property, name: 'Club', origins: [new URL(baseURL!).origin] },
    },
    purpose(news, 'Sending you the club’s letter', { needsConfirmation: true }),
    purpose(tips, 'Sending you tips'),
    {
      ...{ kind: 'notice', key: property },
      definition: {
        ...{ key: property, property },
        purposes: [
          { purpose: news, version: 'next' },
          { purpose: tips, version: 'next' },
          { purpose: 'ai_training', version: 1 },
        ],
        texts: {
          en: {
            ...{ ...who, title: 'What the club asks you', body: ['We ask for each use. Kept for one year.'] },
            ...{
              withdrawal: 'Say no on this page, at any time.',
              rights: 'You may see and erase your data.',
            },
          },
        },
      },
    },
  ])
  const mail = await startMailServer()
  // Colours change at once, so that none is looked at on its way to another.
  const still = { baseURL: baseURL!, reducedMotion: 'reduce' } as const
  const newPerson = async () => {
    const context = await browser.newContext({
      ...{ ...still, viewport: { width: 375, height: 667 }, locale: 'en-GB' },
    })
    const hers = await context.newPage()
    await hers.goto(`/p/${property}`)
    return hers
  }
  const card = (on: Page, key: string) => on.locator(`[data-purpose=${key}]`)
  const saysYes = (on: Page, key: string) => card(on, key).locator('[data-answer=yes]').click()

  try {
    // Her own mailbox.
    const hers = await newPerson()
    await saysYes(hers, news)
    await expect(card(hers, news)).toHaveAttribute('data-state', 'never_asked')
    await expect(card(hers, news).getByRole('heading', { name: 'Confirm your answer' })).toBeFocused()
    await looksRight(hers, 'ask')
    await card(hers, news).getByLabel('Your e-mail address').fill('dora@example.com')
    await card(hers, news).getByRole('button', { name: 'Ask for confirmation' }).click()
    await expect(card(hers, news)).toContainText('Waits for your confirmation by e-mail')
    await hers.reload()
    await expect(card(hers, news)).toContainText('Waits for your confirmation by e-mail')
    await expect(card(hers, news)).toHaveAttribute('data-state', 'never_asked')
    await looksRight(hers, 'waits')
    const link = await mail.linkTo('dora@example.com')
    expect(link).toMatch(new RegExp(`^/p/${property}\\?lang=en#c=[\\w-]{43}$`))

    // Opened elsewhere: it says what it is, and opening it says nothing.
    await request.get(link)
    const elsewhere = await (await browser.newContext(still)).newPage()
    await elsewhere.goto(link)
    await expect(elsewhere.getByRole('heading', { level: 1 })).toHaveText('Confirm your answer')
    await expect(elsewhere.getByText('Example Club').first()).toBeVisible()
    await expect(elsewhere.getByText('dora@example.com')).toBeHidden()
    expect(new URL(elsewhere.url()).hash).toBe('')
    const [no, yes] = [elsewhere.locator('[data-answer=no]'), elsewhere.locator('[data-answer=yes]')]
    const [noBox, yesBox] = [await no.boundingBox(), await yes.boundingBox()]
    expect([noBox?.width, noBox?.height]).toEqual([yesBox?.width, yesBox?.height])
    await looksRight(elsewhere, 'letter')
    await hers.reload()
    await expect(card(hers, news)).toHaveAttribute('data-state', 'never_asked')
    await yes.click()
    await expect(elsewhere.getByRole('status')).toContainText('Confirmed. It counts from now on')
    await looksRight(elsewhere, 'confirmed')
    await hers.reload()
    await expect(card(hers, news)).toHaveAttribute('data-state', 'granted')
    await elsewhere.goto('about:blank')
    await elsewhere.goto(link)
    await expect(elsewhere.getByText('This link was used, or its time is over.')).toBeVisible()

    // A no ends what waits.
    await card(hers, news).locator('[data-answer=no]').click()
    await expect(card(hers, news)).toHaveAttribute('data-state', 'refused')
    await saysYes(hers, news)
    await card(hers, news).getByLabel('Your e-mail address').fill('dora.again@example.com')
    await card(hers, news).getByRole('button', { name: 'Ask for confirmation' }).click()
    await expect(card(hers, news)).toHaveAttribute('data-waits', '')
    await hers.getByRole('button', { name: 'Withdraw all' }).click()
    await expect(card(hers, news)).not.toHaveAttribute('data-waits', '')
    await elsewhere.goto('about:blank')
    await elsewhere.goto(await mail.linkTo('dora.again@example.com'))
    await expect(elsewhere.getByText('This link was used, or its time is over.')).toBeVisible()

    // A child.
    await publishAges(request, 'unknown')
    const child = await newPerson()
    await saysYes(child, tips)
    await expect(child.getByLabel('How old are you?')).toBeFocused()
    await expect(child.getByLabel('How old are you?')).toHaveValue('')
    await looksRight(child, 'age')
    await child.getByLabel('How old are you?').fill('12')
    await child.getByRole('button', { name: 'Continue' }).click()
    await expect(child.locator('[data-age="12"]')).toBeVisible()
    // Trying again higher changes nothing.
    await child.locator('[data-age] summary').click()
    await child.getByLabel('How old are you?').fill('30')
    await child.getByRole('button', { name: 'Continue' }).click()
    await expect(child.getByLabel('How old are you?')).toBeHidden()
    await expect(child.locator('[data-age="12"]')).toBeVisible()
    await saysYes(child, tips)
    await expect(card(child, tips)).toContainText('A parent or guardian decides this')
    await looksRight(child, 'guardian')
    await card(child, tips).getByLabel('E-mail address of the parent or guardian').fill('erin@example.com')
    await card(child, tips).getByRole('button', { name: 'Ask for confirmation' }).click()
    await expect(card(child, tips)).toContainText('The request is on its way.')
    await saysYes(child, 'ai_training')
    await expect(card(child, 'ai_training')).toContainText('a confirmation by e-mail is not enough')
    await expect(card(child, 'ai_training').getByRole('textbox')).toBeHidden()
    await looksRight(child, 'stronger')

    await elsewhere.goto('about:blank')
    await elsewhere.goto(await mail.linkTo('erin@example.com'))
    await expect(elsewhere.getByRole('heading', { level: 1 })).toHaveText('A parent or guardian decides this')
    await looksRight(elsewhere, 'guardian-letter')
    await elsewhere.getByRole('button', { name: 'Yes' }).click()
    await expect(elsewhere.getByRole('status')).toContainText('Confirmed.')
    await child.reload()
    await expect(card(child, tips)).toHaveAttribute('data-state', 'granted')
    await card(child, tips).locator('[data-answer=no]').click()
    await expect(card(child, tips)).toHaveAttribute('data-state', 'refused')
  } finally {
    await mail.close()
  }
})
