import { readFileSync, writeFileSync } from 'node:fs'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { symmetryRules } from '../../lib/domain/symmetry-rules.ts'
import * as rules from './symmetry/checks.ts'
import {
  allows,
  banner,
  button,
  desktop,
  forget,
  layouts,
  phone,
  type Site,
  serveSite,
  small,
  visit,
  wordsOf,
  zoomed,
} from './symmetry/fixture.ts'

/**
 * What only a browser can hold of the rules of symmetry, in each layout, width, scheme and direction that matters to it;
 * and for each rule a page that breaks it, which the same check must catch.
 */
test.describe.configure({ mode: 'serial' })

/** A rule's name and source, as its test is called. */
function named(rule: (typeof symmetryRules)[number]['rule']): string {
  const { asks, source } = symmetryRules.find((each) => each.rule === rule)!
  return `${rule}: ${asks} (${source})`
}

const own = {
  light: { surface: '#fffaf0', text: '#3b2414', button: '#7a3e1d', buttonText: '#ffffff' },
  dark: { surface: '#20140d', text: '#f3e3d3', button: '#f0b27a', buttonText: '#20140d' },
}
/** The languages whose words are longest, or read the other way; their buttons share fractions of a pixel, too. */
const languages = ['ga', 'hi', 'fi', 'ar']
/** Each layout from left to right, and one of them from right to left in colours of its own. */
const looks: readonly { readonly name: string; readonly site: Site }[] = [
  ...layouts.map((layout) => ({ name: layout, site: { served: () => ({ layout }) } })),
  ...layouts.map((layout) => ({
    name: `${layout}, right to left, own colours`,
    site: { served: () => ({ layout, direction: 'rtl' as const, theme: own }) },
  })),
]
const views = [small, phone, zoomed, desktop].flatMap((size) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ size, colorScheme })),
)

let context: BrowserContext
let page: Page
test.beforeAll(async ({ browser, baseURL }) => {
  context = await browser.newContext({ baseURL: baseURL ?? '' })
  page = await context.newPage()
})
test.afterAll(() => context.close())

/** A device that has said nothing, on the page that `site` says. */
async function first(site: Site = {}, size = desktop, reject = 'Reject all'): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.setViewportSize(size)
  await serveSite(context, site)
  await forget(page)
  await visit(page)
  await expect(button(page, reject)).toBeVisible()
}

/** Changes what is shown, so that it breaks a rule. */
const breakIt = (how: (root: ShadowRoot) => void) =>
  page.evaluate((source) => {
    const root = document.querySelector('assent-banner')?.shadowRoot
    // biome-ignore lint/security/noGlobalEval: the function is this file's own, and the page is a fixture
    if (root) (globalThis.eval(`(${source})`) as (root: ShadowRoot) => void)(root)
  }, String(how))

test.describe('in every look', () => {
  const found = new Map<string, string[]>()
  const note = (rule: string, where: string, faults: readonly string[]) =>
    found.set(rule, [...(found.get(rule) ?? []), ...faults.map((fault) => `${where}: ${fault}`)])

  test.beforeAll(async () => {
    test.setTimeout(180_000)
    for (const [index, { name, site }] of looks.entries()) {
      await first(site)
      note('unobtrusive', name, await rules.unobtrusive(page))
      for (const { size, colorScheme } of views) {
        await page.setViewportSize(size)
        await page.emulateMedia({ colorScheme })
        const where = `${name}, ${size.width} × ${size.height}, ${colorScheme}`
        note('same_layer', where, await rules.sameLayer(page))
        note('same_look', where, await rules.sameLook(page))
        note('in_view', where, await rules.inView(page))
        note('nothing_pre_ticked', where, await rules.nothingPreTicked(page))
        note('same_order', where, await rules.sameOrder(page))
        if (
          index % 2 === 0
            ? colorScheme === 'dark' && size === phone
            : colorScheme === 'light' && size === desktop
        ) {
          note('accessible', where, await rules.accessible(page, 'first layer'))
        }
      }
      await button(page, 'Choose').click()
      await expect(button(page, 'Save choices')).toBeVisible()
      const where = `${name}, second layer`
      note('same_layer', where, await rules.sameLayer(page))
      note('same_look', where, await rules.sameLook(page))
      note('nothing_pre_ticked', where, await rules.nothingPreTicked(page))
      note('same_order', where, await rules.sameOrder(page))
      if (index % 3 === 1) note('accessible', where, await rules.accessible(page, 'second layer'))
    }
    for (const locale of languages) {
      const words = wordsOf(locale)
      const direction = locale === 'ar' ? 'rtl' : 'ltr'
      await first({ served: () => ({ locale, direction, words, texts: words }) }, small, words.reject)
      note('same_look', locale, await rules.sameLook(page))
      note('in_view', locale, await rules.inView(page))
      note('same_order', locale, await rules.sameOrder(page, [words.reject, words.no]))
    }
    await first()
  })

  test(named('same_layer'), async () => {
    expect(found.get('same_layer')).toEqual([])
    await breakIt((root) => {
      for (const each of root.querySelectorAll('button')) if (each.textContent === 'Reject all') each.remove()
    })
    expect(await rules.sameLayer(page)).toContain('accept is offered 1 times, reject 0')
  })

  test(named('same_look'), async () => {
    expect(found.get('same_look')).toEqual([])
    await first()
    await breakIt((root) => {
      const accept = [...root.querySelectorAll('button')].find((each) => each.textContent === 'Accept all')
      accept?.style.setProperty('background-color', '#0a0')
      accept?.style.setProperty('font-weight', '900')
    })
    expect((await rules.sameLook(page)).join()).toMatch(/background-color.*font-weight/)
  })

  test(named('in_view'), async () => {
    expect(found.get('in_view')).toEqual([])
    await first({}, phone)
    await breakIt((root) => {
      const panel = root.querySelector<HTMLElement>('.panel')
      if (panel) panel.style.cssText = 'max-height:none!important;height:1400px'
    })
    expect((await rules.inView(page)).length).toBeGreaterThan(0)
  })

  test(named('nothing_pre_ticked'), async () => {
    expect(found.get('nothing_pre_ticked')).toEqual([])
    await first()
    await button(page, 'Choose').click()
    await expect(button(page, 'Save choices')).toBeVisible()
    await breakIt((root) => root.querySelector('.switch')?.setAttribute('aria-checked', 'true'))
    expect(await rules.nothingPreTicked(page)).toEqual(['analytics is chosen'])
  })

  test(named('same_order'), async () => {
    expect(found.get('same_order')).toEqual([])
    await first()
    await breakIt((root) => {
      const pair = root.querySelector('.apart .pair')
      if (pair?.firstElementChild) pair.append(pair.firstElementChild)
    })
    expect(await rules.sameOrder(page)).toEqual(['“Yes” comes before “No”'])
  })

  test('unobtrusive: it takes neither the keyboard nor the page (WCAG 2.2, 3.2.1; EDPB Guidelines 3/2022)', async () => {
    expect(found.get('unobtrusive')).toEqual([])
    await first()
    await breakIt((root) => root.querySelector<HTMLElement>('.answer')?.focus())
    expect(await rules.unobtrusive(page)).toEqual(['it took the keyboard'])
  })

  test(named('accessible'), async () => {
    const faults = [...(found.get('accessible') ?? [])]
    await first({}, phone)
    faults.push(...(await rules.byKeyboard(page, ['No', 'Yes', 'Reject all', 'Accept all', 'Choose'])))
    // The whole way without a mouse: open, switch, leave; the keyboard comes back to where it was.
    await button(page, 'Choose').press('Enter')
    await expect(banner(page).getByRole('heading', { level: 2 })).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(button(page, 'Reject all')).toBeVisible()
    await button(page, 'Reject all').press('Enter')
    await expect(button(page, 'Privacy choices')).toBeFocused()
    await expect(banner(page).getByRole('status').first()).toHaveText('Your choices are saved.')
    faults.push(...(await rules.accessible(page, 'standing control')))
    await page.locator('main a').first().focus()
    await page.evaluate(() => window.assent?.open())
    await expect(banner(page).getByRole('heading', { level: 2 })).toBeFocused()
    await banner(page).getByRole('switch').first().press('Space')
    await button(page, 'Save choices').press('Enter')
    await expect(page.locator('main a').first()).toBeFocused()
    await button(page, 'Withdraw all').press('Enter')
    await expect(button(page, 'Undo')).toBeVisible()
    faults.push(...(await rules.accessible(page, 'after a withdrawal')))
    const moving = await page.evaluate(() => {
      const all = [...(document.querySelector('assent-banner')?.shadowRoot?.querySelectorAll('*') ?? [])]
      return all.filter((each) => getComputedStyle(each).transitionDuration !== '0s').length
    })
    expect([faults, moving]).toEqual([[], 0])

    await first({}, phone)
    await breakIt((root) => {
      for (const each of root.querySelectorAll('button')) {
        if (each.textContent === 'Reject all') each.tabIndex = -1
        if (each.textContent === 'Choose') each.textContent = ''
      }
    })
    expect(await rules.byKeyboard(page, ['Reject all', 'Accept all'])).toEqual([
      '“Reject all” is not reached',
    ])
    expect((await rules.accessible(page, 'broken')).join()).toContain('button-name')
  })
})

test(named('nothing_before'), async () => {
  const asked: string[] = []
  page.on('request', (each) => asked.push(`${each.method()} ${new URL(each.url()).pathname}`))
  await first()
  asked.length = 0
  await visit(page)
  await page.evaluate(() => scrollTo(0, 400))
  expect(await rules.nothingBefore(page, asked)).toEqual([])
  await serveSite(context, {
    head: '<script>localStorage.seen = 1; document.cookie = "id=1"; fetch("/healthz?pixel")</script>',
  })
  asked.length = 0
  await visit(page)
  expect(await rules.nothingBefore(page, asked)).toEqual([
    ...['seen is stored', 'the cookie id is set', 'GET /healthz is asked for'],
  ])
})

test(named('silence_is_no'), async () => {
  const answers: Site = {
    head: `<script>addEventListener('keydown', () => [...document.querySelector('assent-banner').shadowRoot
      .querySelectorAll('button')].find((each) => each.textContent === 'Accept all')?.click())</script>`,
  }
  for (const site of [{}, answers]) {
    await first(site)
    await page.locator('h1').click()
    await page.mouse.wheel(0, 600)
    await button(page, 'Choose').click()
    await button(page, 'Back').click()
    await banner(page).getByRole('heading', { level: 2 }).press('Escape')
    if (site === answers) await expect.poll(() => rules.nothingSaid(page)).toContain('analytics is allowed')
    else expect(await rules.nothingSaid(page)).toEqual([])
  }
})

test(named('withdraw_in_view'), async () => {
  await first()
  await button(page, 'Accept all').click()
  await expect.poll(() => allows(page, 'analytics')).toBe(true)
  for (const [name, size] of [
    ['', desktop],
    ['/another/page', small],
    ['/and-one-more', phone],
  ] as const) {
    await page.setViewportSize(size)
    await visit(page, name)
    expect(await rules.withdrawInView(page), name).toEqual([])
  }
  await breakIt((root) => root.querySelector('.control')?.setAttribute('hidden', ''))
  expect(await rules.withdrawInView(page)).toEqual(['there is no way to withdraw'])
})

test.describe(named('withdraw_as_easy'), () => {
  type Row = {
    readonly from: string
    readonly purpose: string
    /** What is pressed to give, and to take back; each list may go on for as long as nothing changes. */
    readonly give: readonly string[]
    readonly take: readonly string[]
    readonly start?: () => Promise<void>
  }
  const toControl = async () => {
    await button(page, 'Reject all').click()
    await expect(button(page, 'Privacy choices')).toBeVisible()
  }
  const states: readonly Row[] = [
    { from: 'the first layer, all', purpose: 'analytics', give: ['Accept all'], take: ['Withdraw all'] },
    { from: 'the first layer, AI training', purpose: 'ai_training', give: ['Yes'], take: ['No'] },
    {
      from: 'the first layer, AI training, all',
      purpose: 'ai_training',
      give: ['Yes'],
      take: ['Withdraw all'],
    },
    {
      from: 'the first layer, one purpose',
      purpose: 'analytics',
      give: ['Choose', 'switch', 'Save choices'],
      take: ['Privacy choices', 'switch'],
    },
    {
      from: 'any page, one purpose',
      purpose: 'analytics',
      start: toControl,
      give: ['Privacy choices', 'switch', 'Save choices'],
      take: ['Privacy choices', 'switch'],
    },
    {
      from: 'any page, AI training',
      purpose: 'ai_training',
      start: toControl,
      give: ['Privacy choices', 'Yes'],
      take: ['No'],
    },
    {
      from: 'any page, all',
      purpose: 'analytics',
      start: toControl,
      give: ['Privacy choices', 'switch', 'Save choices'],
      take: ['Withdraw all'],
    },
  ]

  /** Presses one after the other until the purpose is allowed, or is not: so many clicks. */
  async function clicks(purpose: string, wanted: boolean, path: readonly string[]): Promise<number> {
    for (const [index, name] of path.entries()) {
      if (name === 'switch') await banner(page).getByRole('switch').first().click()
      else await button(page, name).click()
      const isLast = index === path.length - 1
      if (isLast) await expect.poll(() => allows(page, purpose)).toBe(wanted)
      if ((await allows(page, purpose)) === wanted) return index + 1
    }
    return Number.POSITIVE_INFINITY
  }

  test('the table of clicks, measured and as published', async () => {
    const table: { from: string; grant: number; withdraw: number }[] = []
    for (const { from, purpose, start, give, take } of states) {
      await first()
      await start?.()
      const grant = await clicks(purpose, true, give)
      expect(await page.locator('input, form').count(), 'nothing has to be filled in').toBe(0)
      const at = page.url()
      const withdraw = await clicks(purpose, false, take)
      expect(page.url()).toBe(at)
      table.push({ from, grant, withdraw })
    }
    expect(rules.asEasy(table)).toEqual([])
    const lines = [
      ...['| from | clicks to give | clicks to take back |', '|---|---|---|'],
      ...table.map(({ from, grant, withdraw }) => `| ${from} | ${grant} | ${withdraw} |`),
    ].join('\n')
    const doc = readFileSync('docs/banner.md', 'utf8')
    const [before, after] = ['<!-- clicks -->\n', '\n<!-- /clicks -->']
    const written = `${doc.split(before)[0]}${before}${lines}${after}${doc.split(after)[1]}`
    if (process.env.ASSENT_E2E_PICTURES === 'true') writeFileSync('docs/banner.md', written)
    else expect(doc).toBe(written)

    // A site that makes her confirm it: the first press is swallowed.
    await first()
    const grant = await clicks('analytics', true, ['Accept all'])
    await breakIt((root) => {
      const swallow = (event: Event) => event.stopImmediatePropagation()
      root.querySelector('.control')?.addEventListener('click', swallow, { capture: true, once: true })
    })
    await button(page, 'Withdraw all').click()
    const withdraw = 1 + (await clicks('analytics', false, ['Withdraw all']))
    expect(rules.asEasy([{ from: 'broken', grant, withdraw }])).toEqual(['broken: 1 to give, 2 to take back'])
  })
})

test(named('withdraw_at_once'), async () => {
  const tag = `data-clears='{"analytics":{"cookies":["seen_*"],"localStorage":["counted"]}}'`
  // The other site puts back what was cleared.
  const keeps = `<script>addEventListener('assent:change', () => setTimeout(() => (localStorage.counted = 1)))</script>`
  for (const head of ['', keeps]) {
    await first({ tag, head })
    await button(page, 'Accept all').click()
    await expect.poll(() => allows(page, 'analytics')).toBe(true)
    await page.evaluate(() => {
      localStorage.counted = '1'
      // biome-ignore lint/suspicious/noDocumentCookie: as sites do
      document.cookie = 'seen_1=yes'
    })
    const heard = page.evaluate(
      () =>
        new Promise<boolean>((resolve) => {
          window.assent?.on(() => resolve(window.assent?.get('analytics') === true))
        }),
    )
    await button(page, 'Withdraw all').click()
    expect(await heard).toBe(false)
    await expect(banner(page).getByText('Withdrawn. Your data may no longer be used').first()).toBeVisible()
    await expect(
      banner(page)
        .getByText(/To allow it again/)
        .first(),
    ).toBeVisible()
    await expect
      .poll(() => rules.goneAtOnce(page, 'analytics', ['counted', 'seen_1']))
      .toEqual(head === '' ? [] : ['counted is still there'])
  }
  // Undoing is a new yes: it is asked for beside its notice, and nothing is allowed before.
  await button(page, 'Undo').click()
  await expect(banner(page).getByRole('heading', { level: 2 })).toBeFocused()
  expect(await allows(page, 'analytics')).toBe(false)
})

test(named('no_asking_again'), async () => {
  for (const name of ['Accept all', 'Reject all']) {
    await first()
    await button(page, name).click()
    await expect(button(page, 'Privacy choices')).toBeVisible()
    await visit(page, '/later')
    expect(await rules.askedAgain(page), name).toEqual([])
  }
  await forget(page)
  await visit(page, '/later')
  await expect(button(page, 'Reject all')).toBeVisible()
  expect(await rules.askedAgain(page)).toEqual(['she is asked again'])
})

test(named('training_apart'), async () => {
  const bundles = `<script>addEventListener('click', (event) => {
    const pressed = event.composedPath()[0]
    if (pressed.textContent === 'Accept all') [...pressed.getRootNode().querySelectorAll('.pick')].at(-1).click()
  }, true)</script>`
  for (const head of ['', bundles]) {
    await first({ head })
    await button(page, 'Accept all').click()
    if (head === '') {
      await expect.poll(() => allows(page, 'analytics')).toBe(true)
      expect(await rules.trainingApart(page)).toEqual([])
    } else {
      await expect.poll(() => rules.trainingApart(page)).toContain('ai_training is allowed by “accept all”')
    }
  }
})

test(named('gpc'), async () => {
  await first()
  await button(page, 'Accept all').click()
  await expect.poll(() => allows(page, 'personalization')).toBe(true)

  // Switched on after the yes: it counts from the next page, and the conflict is asked about with answers alike.
  await context.setExtraHTTPHeaders({ 'Sec-GPC': '1' })
  await visit(page)
  const conflict = banner(page).getByText(/You allowed Answers that fit you earlier/)
  await expect(conflict).toBeVisible()
  expect(await allows(page, 'personalization')).toBe(false)
  expect(await rules.sameLook(page)).toEqual([])
  expect(await rules.accessible(page, 'a conflict')).toEqual([])
  await button(page, 'Yes, allow it all the same').click()
  await expect.poll(() => allows(page, 'personalization')).toBe(true)

  // From the first page on: said to be honoured, and left out of “accept all”.
  await first()
  expect(await rules.gpcHonoured(page, 'personalization')).toEqual([])
  await button(page, 'Accept all').click()
  await expect.poll(() => allows(page, 'analytics')).toBe(true)
  await button(page, 'Privacy choices').click()
  await expect(banner(page).getByRole('switch', { name: 'Answers that fit you' })).not.toBeChecked()
  expect(await rules.gpcHonoured(page, 'personalization')).toEqual([])
  await breakIt((root) => root.querySelector('.note')?.remove())
  expect(await rules.gpcHonoured(page, 'personalization')).toEqual(['nothing says that it was heard'])
  await context.setExtraHTTPHeaders({})
})

test.describe('a page that would paint the answers apart', () => {
  /** A picture of each of the two answers without its words. */
  async function pictures(): Promise<readonly string[]> {
    await page.evaluate(() => {
      const root = document.querySelector('assent-banner')?.shadowRoot
      for (const each of root?.querySelectorAll<HTMLElement>('.answer') ?? []) {
        each.style.setProperty('-webkit-text-fill-color', 'transparent', 'important')
      }
    })
    const all = banner(page).locator('.answer')
    const taken: string[] = []
    for (const each of await all.all()) taken.push((await each.screenshot()).toString('base64'))
    return taken
  }

  test('by its style sheet reaches both or neither, to the pixel', async () => {
    const hostile = `<style>
      assent-banner { filter: grayscale(1); mask-image: linear-gradient(90deg, #0003 50%, #000 50%); opacity: .5 }
      assent-banner button, button { background: red !important }
      assent-banner::part(answer) { border-radius: 3px; font-style: italic;
        background: linear-gradient(90deg, #eee 240px, #080 240px) fixed !important; background-color: #135 !important;
        color: if(style(--x: "a"): #135; else: #fff) !important; opacity: .6 !important; transform: scale(.8) !important }
      assent-banner::part(answer)::after { content: "!" }
    </style>`
    await first({ head: hostile })
    expect(await rules.pixelsApart(page, await pictures())).toBe(0)
    await breakIt((root) => {
      ;[...root.querySelectorAll<HTMLElement>('.answer')]
        .at(-1)
        ?.style.setProperty('border-radius', '6px', 'important')
    })
    expect(await rules.pixelsApart(page, await pictures())).toBeGreaterThan(0)
  })

  test('by a script is found out before anything is shown: both are plain, without a part, and the page is told', async () => {
    const head = `<script>
      const attach = Element.prototype.attachShadow
      Element.prototype.attachShadow = function (init) {
        const root = attach.call(this, init)
        const sheet = new CSSStyleSheet()
        sheet.replaceSync('.answer:last-child { background: #080; font-weight: 900 } .answer:first-child { opacity: .4 !important }')
        queueMicrotask(() => (root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]))
        return root
      }</script>`
    await first({ head, served: () => ({ theme: own }) })
    await expect(banner(page)).toHaveAttribute('data-plain')
    expect(await banner(page).locator('[part]').count()).toBe(0)
    expect(await rules.sameLook(page)).toEqual([])
    expect(await rules.pixelsApart(page, await pictures())).toBe(0)
    const [told] = await page.evaluate(() => window.fallbacks)
    expect(told).toMatchObject({ isHidden: false, properties: expect.arrayContaining(['background-color']) })
  })
})

test('every rule that only a browser can hold has its test here', () => {
  const spec = readFileSync('e2e/ui/symmetry.spec.ts', 'utf8')
  for (const { rule, heldBy } of symmetryRules) {
    if (heldBy === 'design') expect(spec, rule).toContain(`named('${rule}')`)
  }
})
