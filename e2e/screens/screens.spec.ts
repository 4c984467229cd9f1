import { test } from '@playwright/test'
import { memberPages, openPages, type PageToSee, views } from '../ui/all-pages.ts'
import { signIn } from '../ui/sign-in.ts'

/** One light on a desktop, one dark on a phone; the others are looked at by the tests. */
const shown = views.filter(({ name }) => name === 'desktop-light' || name === 'phone-dark')

test('takes a picture of every page for docs/screens', async ({ page, request }) => {
  test.setTimeout(900_000)
  const take = async ({ name, path }: PageToSee) => {
    await page.goto(typeof path === 'string' ? path : await path(request))
    await page.waitForLoadState('networkidle')
    for (const { name: view, viewport, colorScheme } of shown) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize(viewport)
      // What was laid out in the other scheme is painted anew with the next frame.
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      )
      // Long tables say no more below the second screen.
      const height = await page.evaluate(() => document.documentElement.scrollHeight)
      await page.screenshot({
        path: `docs/screens/${view}/${name}.jpg`,
        type: 'jpeg',
        quality: 70,
        fullPage: true,
        clip: { x: 0, y: 0, width: viewport.width, height: Math.min(height, 2 * viewport.height) },
      })
    }
  }
  for (const each of openPages) await take(each)
  await signIn(page)
  for (const each of memberPages) await take(each)
})
