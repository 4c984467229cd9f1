import { readFileSync } from 'node:fs'
import type { BrowserContext, Page, Request } from '@playwright/test'
import type { AssentWindow } from '../../../lib/web/assent-window.ts'
import type { Experience } from '../../../lib/web/experience.ts'

declare global {
  interface Window {
    readonly assent?: AssentWindow
    fallbacks: object[]
  }
}

/** A small site on an origin that the demo property allows; what it asks is the server's own, changed as `served` says. */
const path = '/a-site-of-its-own'

export const layouts = ['bar', 'box', 'dialog'] as const
export const phone = { width: 375, height: 667 }
export const small = { width: 320, height: 568 }
export const desktop = { width: 1440, height: 900 }
/** A desktop of 1440 × 900 at 200 %. */
export const zoomed = { width: 720, height: 450 }

const empty = '/empty'
const text = '<p>Half water, half vinegar. Boil, wait twenty minutes, <a href="#more">rinse twice</a>.</p>'

const html = ({ head = '', body = '', tag = '', property = 'demo' }: Site) => `<!doctype html>
<html lang="en"><head><title>A site</title><meta name="viewport" content="width=device-width">${head}
<script>addEventListener('assent:fallback', (event) => (window.fallbacks ??= []).push(event.detail))</script>
<script src="/banner.js" data-property="${property}" defer ${tag}></script></head>
<body><main><h1>Ask about your kitchen</h1>${body}${text.repeat(20)}</main></body></html>`

export type Site = {
  /** What the server serves, changed. */
  readonly served?: (experience: Experience) => Partial<Experience>
  readonly head?: string
  readonly body?: string
  /** Attributes of the banner's tag. */
  readonly tag?: string
  /** The demo one if left out. */
  readonly property?: string
}

/** Answers for the site in every page of `context`; calls of the API go to the server. */
export async function serveSite(context: BrowserContext, site: Site = {}) {
  const { served } = site
  await context.unrouteAll()
  await context.route(
    (url) => url.pathname.startsWith(path),
    (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: route.request().url().endsWith(empty) ? '<title>Nothing</title>' : html(site),
      }),
  )
  if (served === undefined) return
  await context.route('**/v1/public/demo/experience*', async (route) => {
    const response = await route.fetch()
    const experience = (await response.json()) as Experience
    await route.fulfill({ response, json: { ...experience, ...served(experience) } })
  })
}

/** Opens a page of the site, and waits until the banner knows where the device stands. */
export async function visit(page: Page, name = ''): Promise<void> {
  await page.goto(path + name)
  await page.waitForFunction(() => window.assent !== undefined)
  await page.evaluate(() => window.assent?.ready)
}

/** Forgets the device and what was chosen on it, when nothing is on its way any more. */
export async function forget(page: Page): Promise<void> {
  await page.goto(path + empty)
  await page.evaluate(() => {
    localStorage.clear()
    sessionStorage.clear()
  })
  await page.context().clearCookies()
}

/** Calls of the API since then. */
export function callsOf(page: Page): string[] {
  const calls: string[] = []
  page.on('request', (request: Request) => {
    const { pathname } = new URL(request.url())
    if (pathname.startsWith('/v1/')) calls.push(`${request.method()} ${pathname.split('/').at(-1)}`)
  })
  return calls
}

export const banner = (page: Page) => page.locator('assent-banner')
export const button = (page: Page, name: string) => banner(page).getByRole('button', { name, exact: true })
export const allows = (page: Page, purpose: string) =>
  page.evaluate((key) => window.assent?.get(key) === true, purpose)

/** Assent's own words in one language, as they are published. */
export const wordsOf = (locale: string): Experience['words'] & Experience['texts'] =>
  JSON.parse(readFileSync(`lib/words/locales/${locale}.json`, 'utf8'))
