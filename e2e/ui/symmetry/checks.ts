import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { allows, banner } from './fixture.ts'

/**
 * The rules that only a browser can hold: each says what is wrong with what is shown now, in words. They look at what
 * people see, not at how it is made, and are tried on broken pages as well.
 */

/** As many ways to accept as to reject, on every layer. */
export const sameLayer = (page: Page, labels = { accept: 'Accept all', reject: 'Reject all' }) =>
  page.evaluate(({ accept, reject }) => {
    const root = document.querySelector('assent-banner')?.shadowRoot
    const all = [...(root?.querySelectorAll('button') ?? [])].filter((each) => each.checkVisibility())
    const count = (text: string) => all.filter((each) => each.textContent?.trim() === text).length
    const isFirst = root?.querySelector('.panel.first:not([hidden])') != null
    return [
      ...(count(accept) === count(reject)
        ? []
        : [`accept is offered ${count(accept)} times, reject ${count(reject)}`]),
      ...(isFirst && count(reject) !== 1 ? [`the first layer offers reject ${count(reject)} times`] : []),
    ]
  }, labels)

/** The two answers of each question: one element, one size, one look, readable. */
export const sameLook = (page: Page) =>
  page.evaluate(() => {
    const root = document.querySelector('assent-banner')?.shadowRoot
    const luminance = (colour: string) => {
      const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
        const share = Number(part) / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const faults: string[] = []
    for (const pair of root?.querySelectorAll('.panel .pair') ?? []) {
      const [no, yes] = [...pair.children] as HTMLElement[]
      if (no === undefined || yes === undefined) {
        faults.push('a question has one answer')
        continue
      }
      if (no.tagName !== yes.tagName) faults.push(`${no.tagName} and ${yes.tagName}`)
      const [a, b] = [getComputedStyle(no), getComputedStyle(yes)]
      for (const name of a) {
        // Sizes are measured below; here they may differ by a fraction of a pixel.
        if (/^(width|height|inline-size|block-size|.*-origin)$/.test(name)) continue
        const [one, other] = [a.getPropertyValue(name), b.getPropertyValue(name)]
        if (one !== other) faults.push(`${name}: ${one} and ${other}`)
      }
      const [one, other] = [no.getBoundingClientRect(), yes.getBoundingClientRect()]
      for (const side of ['width', 'height', 'top'] as const) {
        if (Math.abs(one[side] - other[side]) > 1) faults.push(`${side}: ${one[side]} and ${other[side]}`)
      }
      const [text, fill] = [luminance(a.color), luminance(a.backgroundColor)]
      const contrast = (Math.max(text, fill) + 0.05) / (Math.min(text, fill) + 0.05)
      if (a.backgroundColor !== 'rgba(0, 0, 0, 0)' && contrast < 4.5) {
        faults.push(`a contrast of ${contrast.toFixed(2)}`)
      }
    }
    return faults
  })

/** Every answer in view and not covered, whatever the text's length; on a phone the page keeps half of the screen. */
export const inView = (page: Page) =>
  page.evaluate(() => {
    const root = document.querySelector('assent-banner')?.shadowRoot
    const panel = root?.querySelector('.panel:not([hidden])')
    if (!root || !panel) return ['nothing is shown']
    const faults: string[] = []
    for (const each of panel.querySelectorAll('.first .foot button, .answer')) {
      const { left, top, right, bottom } = each.getBoundingClientRect()
      const isInside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight
      const found = root.elementFromPoint((left + right) / 2, (top + bottom) / 2)
      if (!isInside) faults.push(`“${each.textContent}” lies out of view`)
      else if (found !== each) faults.push(`“${each.textContent}” is covered`)
    }
    const { height } = panel.getBoundingClientRect()
    if (innerWidth === 375 && innerHeight === 667 && panel.matches('.first') && height > innerHeight / 2) {
      faults.push(`${height} of ${innerHeight} px`)
    }
    const overflow = document.documentElement.scrollWidth - innerWidth
    if (overflow > 0) faults.push(`${overflow} px too wide`)
    return faults
  })

/** No switch is on and no answer given before she gave one. */
export const nothingPreTicked = (page: Page) =>
  page.evaluate(() => {
    const root = document.querySelector('assent-banner')?.shadowRoot
    const ticked =
      root?.querySelectorAll('[aria-checked=true],[aria-pressed=true],:checked:not(option)') ?? []
    return [...ticked].map((each) => `${each.getAttribute('data-purpose') ?? each.textContent} is chosen`)
  })

/** The no before the yes, as she reads: the order of every question that is shown. */
export const sameOrder = (page: Page, nos = ['Reject all', 'No']) =>
  page.evaluate((first) => {
    const root = document.querySelector('assent-banner')?.shadowRoot
    const isRtl = root?.querySelector<HTMLElement>('.root')?.dir === 'rtl'
    return [...(root?.querySelectorAll('.panel .pair') ?? [])].flatMap((pair) => {
      const [one, other] = [...pair.querySelectorAll('.answer,.pick')]
      if (!one || !other) return []
      const [a, b] = [one.getBoundingClientRect().left, other.getBoundingClientRect().left]
      const isInOrder = first.includes(one.textContent ?? '') && (isRtl ? a > b : a < b)
      return isInOrder ? [] : [`“${one.textContent}” comes before “${other.textContent}”`]
    })
  }, nos)

/** What a browser keeps, and what was asked for, before a choice. */
export async function nothingBefore(page: Page, asked: readonly string[]): Promise<readonly string[]> {
  const kept = await page.evaluate(() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)])
  const cookies = await page.context().cookies()
  return [
    ...kept.map((name) => `${name} is stored`),
    ...cookies.map(({ name }) => `the cookie ${name} is set`),
    ...asked
      .filter((each) => !/^GET \/(a-site-of-its-own|banner\.js|v1\/public\/demo\/experience)$/.test(each))
      .map((each) => `${each} is asked for`),
  ]
}

/** Nothing is allowed that has to be asked for, and it still asks. */
export async function nothingSaid(page: Page): Promise<readonly string[]> {
  const allowed = await page.evaluate(() =>
    (window.assent?.experience?.purposes ?? [])
      .filter(({ key, is_asked }) => is_asked && window.assent?.get(key))
      .map(({ key }) => `${key} is allowed`),
  )
  const isAsking = await banner(page).locator('.panel.first').isVisible()
  const device = await page.evaluate(() => window.assent?.device)
  return [...allowed, ...(isAsking ? [] : ['it asks no more']), ...(device ? ['a choice was recorded'] : [])]
}

/** The standing control is there, in view, with the way to take back everything. */
export async function withdrawInView(page: Page): Promise<readonly string[]> {
  const control = banner(page).getByRole('button', { name: 'Withdraw all' })
  if (!(await control.isVisible())) return ['there is no way to withdraw']
  const box = await control.boundingBox()
  const size = page.viewportSize()
  if (!box || !size) return ['it has no place']
  const isInside =
    box.x >= 0 && box.y >= 0 && box.x + box.width <= size.width && box.y + box.height <= size.height
  return [
    ...(isInside ? [] : ['it lies out of view']),
    ...(box.height >= 24 && box.width >= 24 ? [] : ['it is too small to hit (WCAG 2.2, 2.5.8)']),
  ]
}

/** Taking back takes no more clicks than giving, and at most two. */
export function asEasy(
  rows: readonly { readonly from: string; readonly grant: number; readonly withdraw: number }[],
): readonly string[] {
  return rows.flatMap(({ from, grant, withdraw }) => [
    ...(withdraw > grant ? [`${from}: ${grant} to give, ${withdraw} to take back`] : []),
    ...(withdraw > 2 ? [`${from}: ${withdraw} clicks to take back`] : []),
  ])
}

/** Nothing of what was registered for a purpose is left, and nobody may use it. */
export async function goneAtOnce(page: Page, purpose: string, names: readonly string[]) {
  const left = await page.evaluate(
    (all) =>
      all.filter((name) => localStorage.getItem(name) !== null || document.cookie.includes(`${name}=`)),
    names,
  )
  const answer = await page.evaluate((key) => window.assent?.check(key), purpose)
  return [
    ...left.map((name) => `${name} is still there`),
    ...((await allows(page, purpose)) ? [`${purpose} is still allowed`] : []),
    ...(answer?.allowed === false ? [] : ['a pipeline would still be told yes']),
  ]
}

/** A question that was answered is not put again. */
export async function askedAgain(page: Page): Promise<readonly string[]> {
  return (await banner(page).locator('.panel').isVisible()) ? ['she is asked again'] : []
}

/** The signal was heard, is said to be, and holds. */
export async function gpcHonoured(page: Page, purpose: string): Promise<readonly string[]> {
  const note = await banner(page)
    .getByText(/Global Privacy Control/)
    .count()
  return [
    ...(note > 0 ? [] : ['nothing says that it was heard']),
    ...((await allows(page, purpose)) ? [`${purpose} is allowed all the same`] : []),
  ]
}

/** AI training was not part of “accept all”. */
export async function trainingApart(page: Page): Promise<readonly string[]> {
  const answered = ['ai_training', 'ai_training.fine_tuning', 'ai_training.evaluation']
  const found: string[] = []
  for (const key of answered) if (await allows(page, key)) found.push(`${key} is allowed by “accept all”`)
  return found
}

/** It came without taking the keyboard, a window of its own, or the page's place. */
export const unobtrusive = (page: Page) =>
  page.evaluate(() => {
    const element = document.querySelector('assent-banner')
    const panel = element?.shadowRoot?.querySelector('.panel')
    const link = document.querySelector('main a')?.getBoundingClientRect()
    const behind = link && document.elementFromPoint(link.left + 2, link.top + 2)
    return [
      ...(document.body.firstElementChild === element ? [] : ['it is not first in the document']),
      ...(document.activeElement === element ? ['it took the keyboard'] : []),
      ...(panel?.tagName === 'SECTION' && panel.hasAttribute('aria-labelledby') ? [] : ['it is no region']),
      ...(panel?.closest('[aria-modal],dialog') || document.querySelector('main')?.inert
        ? ['it is modal']
        : []),
      ...(behind?.tagName === 'A' ? [] : ['it lies on what the page begins with']),
    ]
  })

/** What axe finds, all standards of WCAG 2.2 A and AA; `onlyColours` where nothing else has changed since. */
export async function accessible(
  page: Page,
  state: string,
  { part = 'assent-banner', onlyColours = false } = {},
): Promise<readonly string[]> {
  const axe = new AxeBuilder({ page }).include(part).setLegacyMode(part !== 'iframe')
  if (onlyColours) axe.withRules('color-contrast')
  else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
  const { violations } = await axe.analyze()
  return violations.map(({ id, nodes }) => `${state}: ${id} at ${nodes[0]?.target.join(' ')}`)
}

/** With the keyboard alone: the banner comes first, and each of its buttons is reached, in view. */
export async function byKeyboard(page: Page, wanted: readonly string[]): Promise<readonly string[]> {
  const reached = new Set<string>()
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate(() => {
      const inside = document.activeElement?.shadowRoot?.activeElement
      const { top = -1, bottom = -1 } = inside?.getBoundingClientRect() ?? {}
      const ring = inside ? getComputedStyle(inside).outlineStyle : 'none'
      return { text: inside?.textContent ?? '', isSeen: top >= 0 && bottom <= innerHeight && ring !== 'none' }
    })
    if (at.text === '') break
    if (at.isSeen) reached.add(at.text)
  }
  return wanted.filter((each) => !reached.has(each)).map((each) => `“${each}” is not reached`)
}

/** How many pixels two pictures (PNG, base64) differ in, beyond what drawing the same thing elsewhere makes of an edge. */
export const pixelsApart = (page: Page, pictures: readonly string[]) =>
  page.evaluate(async (all) => {
    const [one, other] = await Promise.all(
      all.map(async (png) => {
        const image = new Image()
        image.src = `data:image/png;base64,${png}`
        await image.decode()
        const canvas = new OffscreenCanvas(image.width, image.height)
        const drawing = canvas.getContext('2d')
        drawing?.drawImage(image, 0, 0)
        return drawing?.getImageData(0, 0, image.width, image.height)
      }),
    )
    if (!one || !other || one.width !== other.width || one.height !== other.height)
      return Number.POSITIVE_INFINITY
    const pixels = new Set<number>()
    for (const [at, level] of one.data.entries()) {
      if (Math.abs(level - (other.data[at] ?? 0)) > 16) pixels.add(Math.floor(at / 4))
    }
    return pixels.size
  }, pictures)
