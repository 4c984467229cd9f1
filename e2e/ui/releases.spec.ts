import { readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { authorization, check } from '../service.ts'
import { settleAlone } from './settle-alone.ts'
import { signIn } from './sign-in.ts'

/** Adds something new to the release that is open, and is in its editor. */
async function addNew(page: Page, what: string, key: string): Promise<void> {
  await page.getByRole('button', { name: 'Add …' }).click()
  await page.getByLabel('What').selectOption({ label: what })
  await page.getByLabel('Key').fill(key)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(key)
}

async function addStanding(page: Page, what: string, key: string): Promise<void> {
  await page.getByRole('button', { name: 'Add …' }).click()
  await page.getByLabel('What').selectOption({ label: what })
  await page.getByLabel('Which').selectOption(key)
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText(key)
}

const saved = (page: Page) => expect(page.getByText('Saved', { exact: true })).toBeVisible()
const back = (page: Page) => page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link').click()

async function open(page: Page, title: string): Promise<void> {
  await page.goto('/admin/releases')
  await page.getByRole('button', { name: 'Open a release' }).click()
  await page.getByLabel('Title').fill(title)
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
}

async function publish(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Ask for review' }).click()
  await page.getByRole('button', { name: 'Publish …' }).click()
  await page.getByRole('button', { name: 'Publish now' }).click()
  await expect(page.getByText('It is published.')).toBeVisible()
  await expect(page.getByText('published', { exact: true }).first()).toBeVisible()
}

test('a notice is drafted, published, and its second version makes a yes need renewing', async ({
  page,
  request,
}) => {
  test.setTimeout(180_000)
  // Each run has its own: what an earlier one published stays.
  const run = Date.now()
  const [site, purpose, notice] = [`site-${run}`, `research_${run}`, `research-${run}`]
  const subject = `user:researched-${run}@example.com`
  await signIn(page)
  await settleAlone(page)
  await open(page, 'Ask about research')

  // A site of its own, so that nobody else's pages are asked.
  await addNew(page, 'a property', site)
  await page.getByLabel('Name').fill('Research site')
  // Its server says who its user is: by public keys, and no private one is taken.
  await page.getByLabel('How its server says who its user is').selectOption('EdDSA')
  const key = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
  await page.getByLabel('Public keys').fill(JSON.stringify({ ...key, d: 'secret' }))
  await expect(page.getByText(/This is a private key or a shared secret/)).toBeVisible()
  await page.getByLabel('Public keys').fill(JSON.stringify({ keys: [key] }))
  await saved(page)
  await back(page)

  await addNew(page, 'a purpose', purpose)
  await page.getByLabel('Name', { exact: true }).fill('Research')
  await page.getByLabel('What is done, and why').fill('We study how our service is used.')
  await page.getByLabel('usage', { exact: true }).check()
  await saved(page)
  await back(page)

  await addNew(page, 'a notice', notice)
  await page.getByLabel('Title').fill('May we use your data for research?')
  await page.getByLabel('Text').fill('We study how our service is used.\n\nWe keep it for a year.')
  await page.getByLabel('How to take consent back').fill('Say no on this page, at any time.')
  await page.getByLabel('Rights').fill('You may see, correct and erase your data, and complain.')
  await page.getByLabel('Contact').fill('privacy@example.com')
  await page.getByLabel('Reaches').selectOption(site)
  await page.getByLabel(purpose, { exact: true }).check()
  await expect(page.getByRole('heading', { name: 'May we use your data for research?' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Reject all' })).toBeVisible()
  await saved(page)
  await back(page)

  await expect(page.getByText('Nothing keeps it from being published.')).toBeVisible()
  await expect(page.getByText('No consent would have to be renewed.')).toBeVisible()
  await publish(page)

  const given = await request.post('/v1/consents', {
    headers: authorization,
    data: {
      subject,
      property: site,
      notice: { key: notice, version: 1, locale: 'en' },
      evidence: { method: 'form' },
      choices: [{ purpose, act: 'grant' }],
    },
  })
  expect(given.status()).toBe(201)
  const question = {
    subject,
    purpose,
    property: site,
    categories: ['usage'],
  }
  expect((await check(request, question)).body).toMatchObject({ allowed: true })

  await open(page, 'Let a laboratory have it')
  await addStanding(page, 'a purpose', purpose)
  await page.getByLabel('Recipients').fill('A laboratory')
  await saved(page)
  await back(page)
  await expect(page.getByText('asks everyone anew')).toBeVisible()
  await expect(page.getByText('1 consent would need renewing', { exact: false })).toBeVisible()
  await publish(page)
  expect((await check(request, question)).body).toMatchObject({ allowed: false, reason: 'notice_superseded' })

  // Her yes stands under the first version, and needs renewing; the proof of it is exported.
  await page.goto('/admin/people')
  await page.getByLabel('Kind of identifier').fill('user')
  await page.getByLabel('Identifier', { exact: true }).fill(subject.slice('user:'.length))
  await page.getByLabel('In words').fill('Ticket 7')
  await page.getByRole('button', { name: 'Find the person' }).click()
  const answer = page.getByRole('row').filter({ hasText: purpose }).filter({ hasText: site }).first()
  await expect(answer).toContainText('needs renewing')
  // The last moment that changed an answer was the publication; the one before, her yes.
  await page.getByRole('link', { name: 'Previous change' }).click()
  await expect(page.getByText('historical')).toBeVisible()
  await page.getByRole('link', { name: 'Previous change' }).click()
  await expect(answer).toContainText('yes')
  await page.goto(`/admin/evidence?purpose=${purpose}`)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export CSV' }).click()
  const proof = readFileSync(await (await download).path(), 'utf8')
  expect(proof.trim().split('\r\n').slice(1).join()).toContain(',granted,')
})

test('two who edit one draft lose nothing: both are shown, and one is chosen', async ({
  page,
  context,
  request,
}) => {
  test.setTimeout(120_000)
  await signIn(page)
  await open(page, 'Edited by two')
  await addNew(page, 'a property', 'e2e-conflict')
  await page.getByLabel('Name').fill('First')
  await saved(page)
  const other = await context.newPage()
  await other.goto(page.url())
  await other.getByLabel('Name').fill('Second')
  await saved(other)
  await page.getByLabel('Name').fill('Third')
  const both = page.getByRole('region', { name: 'Two versions' })
  await expect(both.getByText('"Second"')).toBeVisible()
  await expect(both.getByText('"Third"')).toBeVisible()
  await both.getByRole('button', { name: 'Keep mine' }).click()
  await saved(page)
  const id = /releases\/([^/]+)/.exec(page.url())![1]
  const shown = await request.get(`/v1/releases/${id}`, { headers: authorization })
  expect((await shown.json()).items).toMatchObject([{ definition: { name: 'Third' } }])
  await back(page)
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.getByRole('button', { name: 'Discard the release' }).click()
  await expect(page.getByText('discarded').first()).toBeVisible()
})
