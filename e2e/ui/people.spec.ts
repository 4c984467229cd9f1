import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, expect, type Page, test } from '@playwright/test'
import { authorization, check } from '../service.ts'
import { views } from './all-pages.ts'
import { signIn } from './sign-in.ts'

// Pages are looked at in every view, which takes its time on a small machine.
test.setTimeout(300_000)

let made = 0
const aName = () => `person-${Date.now()}-${++made}`

/** Someone who said yes to AI training in German, and took it back. */
async function someone(request: APIRequestContext): Promise<{ id: string; name: string }> {
  const name = aName()
  const say = (act: 'grant' | 'withdraw') =>
    request.post('/v1/consents', {
      headers: authorization,
      data: {
        subject: `user:${name}`,
        property: 'demo',
        ...(act === 'grant' ? { notice: { key: 'starter', version: 1, locale: 'de' } } : {}),
        evidence: { method: 'form', browser: 'Firefox' },
        choices: [{ purpose: 'ai_training', act }],
      },
    })
  await say('grant')
  const recorded = await (await say('withdraw')).json()
  return { id: recorded.subject, name }
}

async function open(page: Page, name: string, note = 'Ticket 7'): Promise<void> {
  await page.goto('/admin/people')
  await page.getByLabel('Kind of identifier').fill('user')
  await page.getByLabel('Identifier', { exact: true }).fill(name)
  await page.getByLabel('In words').fill(note)
  await page.getByRole('button', { name: 'Find the person' }).click()
}

/** What is wrong with the page as it stands, on a phone and a desktop, light and dark. */
async function faultsOf(page: Page): Promise<readonly string[]> {
  const faults: string[] = []
  for (const { name, viewport, colorScheme } of views) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize(viewport)
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze()
    for (const { id, nodes } of violations) faults.push(`${name}: ${id} at ${nodes[0]?.target.join(' ')}`)
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    if (overflow > 0) faults.push(`${name}: ${overflow} px too wide`)
    await page.screenshot({
      path: `test-results/people/${test.info().title.slice(0, 24)}-${name}.png`,
      fullPage: true,
    })
  }
  await page.setViewportSize(views[0].viewport)
  return faults
}

test('people: one is found for a reason, with the words she was shown, and any moment is decided again', async ({
  page,
  request,
}) => {
  const { id, name } = await someone(request)
  await signIn(page)
  await page.goto(`/admin/people/${id}`)
  await expect(page.getByRole('heading', { level: 1, name: 'Why do you look?' })).toBeVisible()

  await open(page, name, `It is ${name}`)
  await expect(page.getByText('Leave out who the person is')).toBeVisible()
  await page.getByLabel('In words').fill('Ticket 7')
  await page.getByRole('button', { name: 'Find the person' }).click()
  await page.waitForURL(`**/admin/people/${id}`)
  await expect(page.getByText('She asked us something – Ticket 7')).toBeVisible()
  await expect(page.getByText(name, { exact: true })).toBeVisible()

  const events = page.locator('ol > li[id^=event-]')
  await expect(events).toHaveCount(2)
  await events.first().getByText('The words she was shown: starter 1, German (de)').click()
  await expect(events.first().locator('[lang=de]')).toBeVisible()
  await events.first().getByRole('button', { name: 'Open the evidence' }).click()
  await expect(events.first().getByText('Firefox')).toBeVisible()
  await expect(events.first().getByText('the hash that the log committed to')).toBeVisible()

  const answer = page.getByRole('row').filter({ hasText: 'ai_training' }).filter({ hasText: 'demo' }).first()
  await expect(answer).toContainText('no')
  await page.getByRole('link', { name: 'Previous change' }).click()
  await expect(page.getByText('historical')).toBeVisible()
  await page.getByRole('link', { name: 'Previous change' }).click()
  await expect(answer).toContainText('yes')
  await expect(page.getByText('What changed at this moment')).toBeVisible()
  expect(await faultsOf(page)).toEqual([])
  await page.getByRole('link', { name: 'Next change' }).click()
  await expect(answer).toContainText('Withdrawn')
  await page.getByLabel('As of (UTC)').fill('2020-01-01T10:00')
  await page.getByRole('button', { name: 'Look' }).click()
  await expect(page.getByRole('heading', { name: 'Answers as of a moment' })).toBeVisible()
  await expect(page).toHaveURL(/at=2020/)
})

test('people: what was said on the phone acts at once, and a yes without its notice says that it is unproven', async ({
  page,
  request,
}) => {
  const { name } = await someone(request)
  await signIn(page)
  await open(page, name)
  await page.getByRole('button', { name: 'Record what was said' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('What', { exact: true }).selectOption('grant')
  await expect(dialog.getByText('this yes cannot be proved')).toBeVisible()
  await dialog.getByLabel('Notice that was read out or sent').selectOption('starter 1 en')
  await expect(dialog.getByText('this yes cannot be proved')).toHaveCount(0)
  await dialog.getByLabel('What', { exact: true }).selectOption('deny')
  await dialog
    .getByLabel('What was said, and how you know it was her')
    .fill('She called, and knew her number.')
  await dialog.getByRole('button', { name: 'Record', exact: true }).click()
  await expect(dialog.getByText('at least one purpose')).toBeVisible()
  await dialog.getByRole('checkbox', { name: 'analytics' }).check()
  expect(await faultsOf(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Record', exact: true }).click()
  await expect(dialog.getByText('Recorded, and in force.')).toBeVisible()
  const asked = await check(request, { subject: `user:${name}`, purpose: 'analytics', property: 'demo' })
  expect(asked.body).toMatchObject({ allowed: false, reason: 'consent_denied' })
})

test('people: a link is made and ended, and a copy of her data is downloaded', async ({ page, request }) => {
  const { id, name } = await someone(request)
  await signIn(page)
  await open(page, name)
  await page.getByRole('button', { name: 'Link an identifier' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByText('A no flows and a yes never does')).toBeVisible()
  await dialog.getByLabel('Identifier', { exact: true }).fill(`phone-of-${name}`)
  await dialog.getByRole('button', { name: 'Link', exact: true }).click()
  await expect(dialog.getByText('Linked. What either refused')).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('button', { name: 'End the link with' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'End the link' }).click()
  await expect(page.getByText('The link is ended.')).toBeVisible()
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Export' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download the file' }).click()
  expect((await download).suggestedFilename()).toBe(`${id}.json`)
})

test('people: nobody is found where nobody is known, and that is explained', async ({ page }) => {
  await signIn(page)
  await open(page, aName())
  await expect(page.getByText('Nobody is known by this identifier.')).toBeVisible()
  await expect(page).toHaveURL(/\/admin\/people$/)
})

test('requests: an objection is registered, acts at once, and two tabs lose nothing', async ({
  page,
  request,
}) => {
  const { name } = await someone(request)
  await signIn(page)
  await page.goto('/admin/requests')
  await page.getByRole('button', { name: 'Register a request' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('She asks for').selectOption('objection')
  await dialog.getByLabel('Kind of identifier').fill('user')
  await dialog.getByLabel('Who asks').fill(name)
  await dialog.getByLabel('What she wrote').fill('I object to analytics.')
  expect(await faultsOf(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Register', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Objection' })).toBeVisible()

  await page.getByRole('checkbox', { name: 'analytics' }).check()
  await page.getByRole('button', { name: 'Record the refusal now' }).click()
  await expect(page.getByText('The refusal is in force', { exact: true })).toBeVisible()
  const asked = await check(request, { subject: `user:${name}`, purpose: 'analytics' })
  expect(asked.body).toMatchObject({ allowed: false, reason: 'objected' })

  await page.getByRole('button', { name: 'Show who asks' }).click()
  await expect(page.getByText('I object to analytics.')).toBeVisible()
  expect(await faultsOf(page)).toEqual([])

  const other = await page.context().newPage()
  await other.goto(page.url())
  await other.getByLabel('What is to be noted').fill('Called back.')
  await other.getByRole('button', { name: 'Write it down' }).click()
  await expect(other.getByRole('main').getByRole('listitem').filter({ hasText: 'Noted' })).toBeVisible()

  await page.getByLabel('What happened', { exact: true }).selectOption('answer')
  await page.getByLabel('What came of it').fill('We no longer do.')
  await page.getByLabel('What was sent, to where').fill('A letter to her address.')
  await page.getByLabel('Reference of the message').fill('RR 1234')
  await page.getByRole('button', { name: 'Write it down' }).click()
  await expect(page.getByText('Someone changed this request since you read it.')).toBeVisible()
  await expect(page.getByLabel('What came of it')).toHaveValue('We no longer do.')
  await page.getByRole('button', { name: 'Read the request anew' }).click()
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: 'Noted' })).toBeVisible()
  await expect(page.getByLabel('What came of it')).toHaveValue('We no longer do.')
  await page.getByRole('button', { name: 'Write it down' }).click()
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: 'Answered' })).toBeVisible()
})
