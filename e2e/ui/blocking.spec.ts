import { readFileSync } from 'node:fs'
import { expect, type Page, test } from '@playwright/test'
import { type Addresses, snippetOf } from '../sites/from-document.ts'
import { publishProperty } from '../sites/publish-property.ts'
import { type Site, startPages, startStatistics } from '../sites/start-site.ts'

const assent = process.env.ASSENT_E2E_URL ?? 'http://localhost:3000'
const banner = 'assent-banner'
let statistics: Site
let site: Site
let addresses: Addresses

const snippet = (heading: string) => snippetOf(heading, addresses)
const pageOf = (head: string, body: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>${head}</head><body>${body}</body></html>`

/** Writes what a site keeps for its statistics. */
const storing = `<script type="text/plain" data-assent="analytics">
  document.cookie = '_stats_visit=1; Path=/'
  localStorage.setItem('stats.visits', '1')
  localStorage.setItem('basket', 'kept')
</script>`
const second = () =>
  `<script type="text/plain" data-assent="analytics" data-src="${addresses.statistics}/second.js"></script>`

/** Sends by every way there is, at once; what becomes of it is in `window.fates`. */
const sending = () => `<script>
  const to = '${addresses.statistics}'
  window.fates = {}
  const settled = (name, promise) => promise.then(() => { fates[name] = 'sent' }, (error) => { fates[name] = error.name })
  const thrown = (name, work) => { try { work(); fates[name] = 'sent' } catch (error) { fates[name] = error.name } }
  settled('fetch', fetch(to + '/fetch'))
  settled('request', fetch(new Request(to + '/request', { method: 'POST', body: 'x' })))
  const xhr = new XMLHttpRequest()
  xhr.open('GET', to + '/xhr')
  xhr.onload = () => { fates.xhr = 'sent' }
  xhr.onerror = () => { fates.xhr = 'error' }
  xhr.send()
  const ended = new XMLHttpRequest()
  ended.open('GET', to + '/ended')
  ended.send()
  ended.abort()
  thrown('synchronous', () => { const x = new XMLHttpRequest(); x.open('GET', to + '/synchronous', false); x.send() })
  fates.beacon = navigator.sendBeacon(to + '/beacon', 'x')
  thrown('socket', () => new WebSocket(to.replace('http', 'ws') + '/socket'))
  thrown('stream', () => new EventSource(to + '/stream'))
  new Image().src = to + '/pixel.png'
  const tag = document.createElement('script')
  tag.setAttribute('src', to + '/tag.js')
  document.head.append(tag)
  fetch('/own').then(() => { fates.own = 'sent' })
</script>`

test.beforeAll(async ({ browser, request }) => {
  statistics = await startStatistics()
  site = await startPages(() => ({
    '/': {
      html: pageOf(
        snippet('## The tags').replace(/<script async[\s\S]*$/, '') + snippet('## After a withdrawal'),
        snippet('### Without JavaScript') +
          snippet('### Scripts').replace(
            '<script type="text/plain" data-assent="analytics">',
            `${second()}$&`,
          ) +
          storing +
          snippet('### Frames and images'),
      ),
    },
    '/early': { html: pageOf(snippet('## The tags').replace('<script async', `${sending()}$&`), '') },
    '/strict': {
      headers: {
        'Content-Security-Policy': [
          "default-src 'none'",
          `frame-src ${addresses.statistics}`,
          snippet('## A strict policy').trim().replace("'nonce-…'", "'nonce-abc'"),
        ].join('; '),
      },
      html: pageOf(
        snippet('## The tags')
          .replaceAll('<script', '<script nonce="abc"')
          .replace(' async', ' async data-blocks'),
        second().replace('<script', '<script nonce="abc"') +
          snippet('### Frames and images') +
          `<iframe sandbox="allow-scripts" title="Apart" data-assent="analytics" data-src="${addresses.statistics}/apart"></iframe>`,
      ),
    },
    '/google': {
      html: pageOf(
        snippet('## Google Consent Mode') + snippet('## The tags').replace(/^[\s\S]*?(?=<script async)/, ''),
        '',
      ),
    },
    '/own': { html: '' },
  }))
  const property = await publishProperty({ browser, request }, [site.origin])
  addresses = { assent, statistics: statistics.origin, property }
})
test.afterAll(async () => {
  await Promise.all([site?.close(), statistics?.close()])
})
test.beforeEach(() => {
  statistics.asked.length = 0
})

const answer = (page: Page, name: string) => page.locator(banner).getByRole('button', { name }).click()
const changes = (page: Page, purpose: string) =>
  page.evaluate((key) => {
    const { assent } = window as unknown as { assent: { get(purpose: string): boolean } }
    return new Promise<boolean>((resolve) => {
      addEventListener('assent:change', () => resolve(assent.get(key)), { once: true })
    })
  }, purpose)
const stored = (page: Page) =>
  page.evaluate(() => [Object.keys(localStorage).sort(), Object.keys(sessionStorage), document.cookie])
const placeholder = (page: Page) => page.frameLocator('iframe[title="A video"]')

/** The list that the document publishes, as requests. */
function published(): readonly string[] {
  const text = readFileSync('docs/banner-on-your-site.md', 'utf8')
  const section = text.split(/^## /m).find((part) => part.startsWith('Before a choice')) ?? ''
  return [...section.matchAll(/^- `(GET [^`]+)`/gm)].map(([, call]) =>
    call!.replace('{property}', addresses.property),
  )
}

test('before a choice nothing is stored, and nothing is asked for that is not on the published list', async ({
  page,
  context,
}) => {
  const asked: string[] = []
  page.on('request', (each) => {
    const { origin, pathname } = new URL(each.url())
    if (origin !== site.origin) asked.push(`${each.method()} ${origin === assent ? pathname : each.url()}`)
  })
  await page.goto(site.origin)
  await expect(page.locator(banner).getByRole('button', { name: 'Reject all' })).toBeVisible()
  await expect(placeholder(page).getByRole('button', { name: 'Show this once' })).toBeVisible()
  await expect(placeholder(page).getByText('127.0.0.1', { exact: false })).toBeVisible()
  await page.keyboard.press('Escape')
  await page.mouse.wheel(0, 400)
  expect(published().length).toBe(7)
  expect(asked.filter((call) => !published().includes(call))).toEqual([])
  expect(asked).toContain(published().at(-1))
  expect(await stored(page)).toEqual([[], [], ''])
  expect(await context.cookies()).toEqual([])
  expect(statistics.asked).toEqual([])
})

test('“show this once” loads one frame for one page view, and is no consent', async ({ page }) => {
  const written: string[] = []
  page.on('request', (each) => {
    if (each.method() === 'POST') written.push(each.url())
  })
  await page.goto(site.origin)
  const frame = page.locator('iframe[title="A video"]')
  const place = () =>
    frame.evaluate((element: HTMLElement) => {
      const { offsetTop, offsetLeft, offsetWidth, offsetHeight } = element
      return [offsetTop, offsetLeft, offsetWidth, offsetHeight]
    })
  const before = await place()
  await placeholder(page).getByRole('button', { name: 'Show this once' }).click()
  await expect(placeholder(page).getByText('Playing')).toBeVisible()
  expect(await place()).toEqual(before)
  expect(statistics.asked).toEqual(['GET /video'])
  expect(written).toEqual([])
  expect(await stored(page)).toEqual([[], [], ''])
  await page.reload()
  await placeholder(page)
    .getByRole('button', { name: /^Allow/ })
    .click()
  // It leads to the question and answers nothing.
  await expect(page.locator(banner).getByRole('switch').first()).toBeVisible()
  expect(written).toEqual([])
  expect(statistics.asked).toEqual(['GET /video'])
})

test('a yes loads what waited, in order; taken back, it is blocked again and what was kept is cleared', async ({
  page,
  context,
}) => {
  await page.goto(site.origin)
  await answer(page, 'Accept all')
  await expect(placeholder(page).getByText('Playing')).toBeVisible()
  const ran = () => page.evaluate(() => (window as unknown as { ran?: string[] }).ran)
  await expect.poll(ran).toEqual(['first', 'second', 'page'])
  await expect
    .poll(() => [...statistics.asked].sort())
    .toEqual(['GET /first.js', 'GET /map.png', 'GET /second.js', 'GET /video'])
  await expect.poll(async () => (await context.cookies()).map(({ name }) => name)).toEqual(['_stats_visit'])

  // Once each: another change runs nothing anew, and a page loaded later needs no click.
  await page.reload()
  await expect.poll(ran).toEqual(['first', 'second', 'page'])

  statistics.asked.length = 0
  const change = changes(page, 'analytics')
  await answer(page, 'Withdraw all')
  expect(await change).toBe(false)
  await expect(placeholder(page).getByRole('button', { name: 'Show this once' })).toBeVisible()
  await expect(page.locator('img[alt="Where we are"]')).not.toHaveAttribute('src')
  await expect.poll(() => context.cookies()).toEqual([])
  expect(await stored(page)).toEqual([[`assent:${addresses.property}`, 'basket'], [], ''])
  // What still runs is held at once.
  const sent = await page.evaluate(
    (url) =>
      fetch(url).then(
        () => 'sent',
        (error) => error.name,
      ),
    `${statistics.origin}/later`,
  )
  expect(sent).toBe('AssentBlocked')
  expect(statistics.asked).toEqual([])

  await page.reload()
  await expect(placeholder(page).getByRole('button', { name: 'Show this once' })).toBeVisible()
  expect(statistics.asked).toEqual([])
})

test('the guard holds from its tag on, while the banner is still three seconds away', async ({ page }) => {
  let isHere = false
  await page.route('**/banner.js', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    isHere = true
    await route.continue()
  })
  await page.goto(`${site.origin}/early`, { waitUntil: 'commit' })
  const fates = () => page.evaluate(() => (window as unknown as { fates: Record<string, unknown> }).fates)
  const atOnce = {
    ...{ synchronous: 'AssentBlocked', beacon: false, socket: 'AssentBlocked', stream: 'AssentBlocked' },
    own: 'sent',
  }
  await expect.poll(fates).toEqual(atOnce)
  expect(isHere).toBe(false)
  expect(statistics.asked).toEqual([])

  // Once it is known that there is no yes, what waited fails, and is not sent by a later yes.
  const failed = { ...atOnce, fetch: 'AssentBlocked', request: 'AssentBlocked', xhr: 'error' }
  await expect.poll(fates).toEqual(failed)
  expect(isHere).toBe(true)
  expect(statistics.asked).toEqual([])
  await answer(page, 'Accept all')
  await expect.poll(() => statistics.asked).toContain('GET /tag.js')
  await expect(page.locator(banner).getByRole('button', { name: 'Withdraw all' })).toBeVisible()
  expect(await fates()).toEqual(failed)
  expect(statistics.asked).toEqual(['GET /tag.js'])

  // With a yes from before, what waited is sent when the banner comes.
  statistics.asked.length = 0
  isHere = false
  await page.goto(`${site.origin}/early`, { waitUntil: 'commit' })
  await expect.poll(fates).toEqual(atOnce)
  expect(isHere).toBe(false)
  expect(statistics.asked).toEqual([])
  await expect.poll(fates).toEqual({ ...atOnce, fetch: 'sent', request: 'sent', xhr: 'sent' })
  await expect.poll(() => statistics.asked).toContain('GET /pixel.png')
  expect(statistics.asked).not.toContain('GET /ended')
})

test('where the banner never comes nobody has said yes', async ({ page }) => {
  await page.route('**/banner.js', (route) => route.abort())
  await page.goto(`${site.origin}/early`)
  await expect
    .poll(() => page.evaluate(() => (window as unknown as { fates: Record<string, unknown> }).fates))
    .toMatchObject({ fetch: 'AssentBlocked', xhr: 'error' })
  expect(statistics.asked).toEqual([])
})

test('a strict content security policy is no hindrance', async ({ page }) => {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (/Content.Security.Policy/i.test(message.text())) complaints.push(message.text())
  })
  await page.goto(`${site.origin}/strict`)
  await expect(placeholder(page).getByRole('button', { name: 'Show this once' })).toBeVisible()
  const look = (element: Element) => getComputedStyle(element).minHeight
  expect(await placeholder(page).getByRole('button', { name: 'Show this once' }).evaluate(look)).toBe('40px')
  // A frame that its page has fenced in holds its placeholder without the fence, and what it is for within.
  const apart = page.frameLocator('iframe[title="Apart"]')
  await expect(apart.getByRole('button', { name: 'Show this once' })).toBeVisible()
  expect(complaints).toEqual([])
  await answer(page, 'Accept all')
  await expect(apart.getByText('Playing')).toBeVisible()
  await expect(page.locator('iframe[title="Apart"]')).toHaveAttribute('sandbox', 'allow-scripts')
  await expect(placeholder(page).getByText('Playing')).toBeVisible()
  await expect.poll(() => statistics.asked).toContain('GET /second.js')
  expect(complaints.filter((each) => !each.includes('map.png'))).toEqual([])
})

test('Google’s tags are told no before anything runs, and what was answered after', async ({ page }) => {
  await page.goto(`${site.origin}/google`)
  const told = () =>
    page.evaluate(() =>
      (window as unknown as { dataLayer: ArrayLike<unknown>[] }).dataLayer.map((call) => Array.from(call)),
    )
  const none = {
    ...{ ad_storage: 'denied', ad_user_data: 'denied', ad_personalization: 'denied' },
    analytics_storage: 'denied',
  }
  const some = { ...none, analytics_storage: 'granted', ad_personalization: 'granted' }
  const beginning = [
    ['consent', 'default', { ...none, wait_for_update: 500 }],
    ['consent', 'update', none],
  ]
  await expect.poll(told).toEqual(beginning)
  await answer(page, 'Accept all')
  await expect.poll(told).toEqual([...beginning, ['consent', 'update', some]])
  await answer(page, 'Withdraw all')
  await expect.poll(told).toEqual([...beginning, ['consent', 'update', some], ['consent', 'update', none]])
})

test('without JavaScript there is a link to the preference page, and nothing is loaded', async ({
  browser,
}) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(site.origin)
  await expect(page.getByRole('link', { name: 'Your privacy choices' })).toHaveAttribute(
    'href',
    `${assent}/p/${addresses.property}`,
  )
  expect(statistics.asked).toEqual([])
  await context.close()
})
