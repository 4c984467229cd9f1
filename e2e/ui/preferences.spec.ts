import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { authorization, check } from '../service.ts'
import { startMailServer } from './mail-server.ts'

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

/** Nothing axe has against it, and nothing beside the screen, on a phone and on a desktop, light and dark. */
async function looksRight(page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [375, 667],
    [1440, 900],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze()
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(overflow).toBe(0)
      const path = test.info().outputPath(`${name}-${width}-${colorScheme}.png`)
      await page.screenshot({ path, fullPage: true })
    }
  }
}

test('she sees who has stopped, what she chose under which words, and asks for erasure', async ({
  page,
  request,
}) => {
  const report = async (name: string, description: string) => {
    const { head } = await (await request.get('/v1/consumers', { headers: authorization })).json()
    await request.put(`/v1/consumers/${name}`, {
      headers: authorization,
      data: { applied: head, description },
    })
  }
  await report('letters', 'Weekly letter')
  await report('recommendations', 'Recommendations')
  await page.goto('/p/demo')
  const analytics = page.locator('[data-purpose=analytics]')
  await analytics.locator('[data-answer=yes]').click()
  await expect(analytics).toContainText(/Under “.+”, version \d+/)
  await expect(page.getByText('Who has stopped')).toBeHidden()
  await page.getByRole('button', { name: 'Withdraw all' }).click()

  const services = page.getByRole('region', { name: 'Who has stopped' }).getByRole('listitem')
  const letters = services.filter({ hasText: 'Weekly letter' })
  await expect(letters).toContainText('not yet')
  await report('letters', 'Weekly letter')
  // Without a reload: it asks again by itself.
  await expect(letters).not.toContainText('not yet')
  await expect(services.filter({ hasText: 'Recommendations' })).toContainText('not yet')

  const history = page.getByRole('region', { name: 'What you chose, and when' }).getByRole('listitem')
  await expect(history).toHaveCount(2)
  await expect(history.first()).toContainText('You took back your yes')
  await history.last().getByText('Show the words you were shown').click()
  await expect(history.last()).toContainText('starter')
  await looksRight(page, 'stopped')

  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download my record' }).click()
  const download = await downloading
  expect(download.suggestedFilename()).toBe('privacy-choices-demo.json')

  await page.getByText('Ask for erasure').first().click()
  await page.getByRole('textbox', { name: /How we can reach you/ }).fill('alice@example.com')
  await page.getByRole('button', { name: 'Ask for erasure' }).click()
  await expect(page.getByText(/registered under [0-9A-F]{8}/)).toBeVisible()
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('button', { name: 'Download my record' })).toBeHidden()
  await expect(history.first()).toBeVisible()
})

test('a site hands her over to the page, once', async ({ page, browser }) => {
  await page.goto('/p/demo')
  await page.locator('[data-purpose=analytics] [data-answer=yes]').click()
  await expect(page.locator('[data-purpose=analytics]')).toHaveAttribute('data-state', 'granted')
  const code = await page.evaluate(async () => {
    const { token } = JSON.parse(localStorage.getItem('assent:demo') ?? '{}')
    const response = await fetch('/v1/public/demo/hand-overs', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
      body: '{}',
    })
    return (await response.json()).code as string
  })
  const elsewhere = await browser.newPage()
  await elsewhere.goto(`/p/demo#t=${code}`)
  const there = elsewhere.locator('[data-purpose=analytics]')
  await expect(there).toHaveAttribute('data-state', 'granted')
  expect(new URL(elsewhere.url()).hash).toBe('')
  await elsewhere.reload()
  await expect(there).toHaveAttribute('data-state', 'granted')
  await elsewhere.getByRole('button', { name: 'Withdraw all' }).click()
  await expect(there).toHaveAttribute('data-state', 'refused')
  await page.reload()
  await expect(page.locator('[data-purpose=analytics]')).toHaveAttribute('data-state', 'refused')

  const late = await browser.newPage()
  await late.goto(`/p/demo#t=${code}`)
  await expect(late.getByText('This link was used, or its time is over.')).toBeVisible()
  await late.close()
  await elsewhere.close()
})

test('a link by mail opens her choices only once she says so', async ({ page, request }) => {
  const mail = await startMailServer()
  try {
    const said = {
      ...{ subject: 'email:carol@example.com', property: 'demo', evidence: { method: 'form' } },
      notice: { key: 'starter', version: 1, locale: 'en' },
      choices: [{ purpose: 'analytics', act: 'grant' }],
    }
    const recorded = await request.post('/v1/consents', { headers: authorization, data: said })
    expect(recorded.status(), await recorded.text()).toBe(201)
    await page.goto('/p/demo')
    await page.getByLabel('Your e-mail address').fill('Carol@example.com')
    await page.getByRole('button', { name: 'Send the link' }).click()
    await expect(page.getByText('a link is on its way')).toBeVisible()
    const link = await mail.linkTo('carol@example.com')
    expect(link).toMatch(/^\/p\/demo#m=/)
    await page.goto('about:blank')
    await page.goto(link)
    await expect(page.getByText('belong to carol@example.com')).toBeVisible()
    await looksRight(page, 'link')
    await page.getByRole('button', { name: 'Open my choices' }).click()
    await expect(page.locator('[data-purpose=analytics]')).toHaveAttribute('data-state', 'granted')
    await page.getByRole('button', { name: 'Withdraw all' }).click()
    await expect(page.locator('[data-purpose=analytics]')).toHaveAttribute('data-state', 'refused')
    const asked = { subject: 'email:carol@example.com', purpose: 'analytics', property: 'demo' }
    expect((await check(request, asked)).body).toMatchObject({ allowed: false, reason: 'consent_withdrawn' })
  } finally {
    await mail.close()
  }
})
