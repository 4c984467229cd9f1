import { type Browser, type BrowserContext, expect, test } from '@playwright/test'
import { banner, forget, type Site, serveSite } from './symmetry/fixture.ts'

/** An event of Chromium's trace; times in microseconds, `tdur` of the processor's alone. */
type TraceEvent = {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
  readonly tdur?: number
  readonly args?: unknown
}

const shown = 'shown'
/** Opens the second layer when the first is there, and says when that is there too. */
const head = `<script>
  const has = (layer) => document.querySelector('assent-banner')?.shadowRoot.querySelector('.' + layer + ':not([inert])')
  const wait = (layer) => new Promise((resolve) => {
    const look = () => (has(layer) ? setTimeout(resolve, 50) : setTimeout(look, 20))
    look()
  })
  wait('first').then(() => { assent.open(); return wait('second') }).then(() => console.log('${shown}'))
</script>`

/**
 * Milliseconds of the longest task of a page from the banner's script on, were the processor four times slower: of its
 * time alone, since what waits on a busy machine is no work of the banner's.
 */
async function longestTask(browser: Browser, context: BrowserContext, site: Site = {}): Promise<number> {
  await serveSite(context, { ...site, head: head + (site.head ?? '') })
  const page = await context.newPage()
  await forget(page)
  const session = await browser.newBrowserCDPSession()
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])))
  const ended = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve))
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', 'devtools.timeline', 'blink'] },
  })
  const said = page.waitForEvent('console', (message) => message.text() === shown)
  await page.goto('/a-site-of-its-own/tasks', { waitUntil: 'commit' })
  await said
  await session.send('Tracing.end')
  await ended
  await session.detach()
  await expect(banner(page).locator('.panel.second')).toBeVisible()
  await page.close()

  const own = (each: TraceEvent) =>
    each.name === 'EvaluateScript' && JSON.stringify(each.args).includes('/banner.js')
  const begin = events.filter(own).sort((one, other) => one.ts - other.ts)[0]
  if (begin === undefined) throw new Error('the trace has no banner.js')
  const { pid, tid, ts } = begin
  const parts = events.filter((each) => each.ph === 'X' && each.pid === pid && each.tid === tid)
  // What is nested in a task counts with it; microtasks are traced apart.
  const isWork = ({ name }: TraceEvent) => /RunTask$|PerformMicrotaskCheckpoint$/.test(name)
  const after = parts.filter((each) => isWork(each) && each.ts + (each.dur ?? 0) > ts)
  return Math.max(...after.map(({ tdur = 0 }) => (4 * tdur) / 1_000))
}

/** Of several visits the quietest: a long task of the banner's own is long in each. */
async function quietest(browser: Browser, context: BrowserContext, site?: Site): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let visits = 0; visits < 5 && least > 50; visits += 1) {
    least = Math.min(least, await longestTask(browser, context, site))
  }
  return least
}

test('no task is over 50 ms on a processor four times slower, neither to ask nor to show the choices', async ({
  browser,
  context,
}) => {
  expect(await quietest(browser, context)).toBeLessThanOrEqual(50)
  // One that builds everything at once, for 100 ms.
  const head = `<script>
    const build = Element.prototype.attachShadow
    Element.prototype.attachShadow = function (init) {
      for (const end = performance.now() + 100; performance.now() < end; ) document.createElement('p').append('text')
      return build.call(this, init)
    }
  </script>`
  expect(await quietest(browser, context, { head })).toBeGreaterThan(50)
})
