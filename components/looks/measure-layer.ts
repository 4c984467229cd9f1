import { differences } from '../../lib/banner/symmetry.ts'
import type { ShotResult } from '../../lib/domain/looks.ts'
import { questions } from '../../lib/web/choices.ts'
import type { Experience } from '../../lib/web/experience.ts'
import { textContrast } from './text-contrast.ts'

type Found = Pick<ShotResult, 'measured' | 'findings'>

/** As much of the screen as a phone may lose to the first layer (CNIL; EDPB 2023): half of 375 × 667. */
const shareMax = 0.5
/** WCAG 2.2, 2.5.8. */
const targetMin = 24
const contrastMin = 4.5

const round = (value: number) => Math.round(value * 10) / 10
const shown = (root: ShadowRoot, selector: string) =>
  [...root.querySelectorAll<HTMLElement>(selector)].filter((each) => each.getClientRects().length > 0)
const labelOf = (each: Element) => each.textContent?.trim() ?? ''

/**
 * What the rules of symmetry say of a layer as it is drawn, one result a rule that can be measured on it. They look at
 * what people see: the same element, size and paint for a yes and a no, in view, read easily, nothing chosen beforehand.
 */
export function measureLayer(
  root: ShadowRoot,
  view: Window,
  experience: Experience,
  layer: 'first' | 'second' | 'control',
): readonly ShotResult[] {
  const rules: Readonly<Record<string, () => Found>> =
    layer === 'control'
      ? {
          contrast: () => contrast(root),
          withdraw_in_view: () => withdrawInView(root, view, experience),
        }
      : {
          same_layer: () => sameLayer(root, experience, layer === 'first'),
          same_look: () => sameLook(root),
          contrast: () => contrast(root),
          in_view: () => inView(root, view, layer === 'first'),
          nothing_pre_ticked: () => nothingPreTicked(root),
          same_order: () => sameOrder(root, experience),
          training_apart: () => trainingApart(root, experience),
        }
  return Object.entries(rules).map(([rule, look]) => {
    const { measured, findings } = look()
    const said = findings.slice(0, 20).map((each) => each.slice(0, 300))
    return { rule, outcome: said.length === 0 ? 'met' : 'broken', measured, findings: said }
  })
}

function sameLayer(root: ShadowRoot, experience: Experience, isFirst: boolean): Found {
  const { texts } = experience
  const count = (label: string) => shown(root, 'button').filter((each) => labelOf(each) === label).length
  const [accept, reject] = [count(texts.accept), count(texts.reject)]
  const asks = questions(experience, 'other').length > 0
  return {
    measured: { accept, reject },
    findings: [
      ...(accept === reject ? [] : [`accept is offered ${accept} times, reject ${reject}`]),
      ...(isFirst && asks && reject !== 1 ? [`the first layer offers reject ${reject} times`] : []),
    ],
  }
}

function sameLook(root: ShadowRoot): Found {
  const pairs = shown(root, '.pair')
  const findings = pairs.flatMap(({ children: [no, yes] }) => {
    if (!no || !yes) return ['a question has one answer']
    const parts = [no, yes].map((each) => `${each.tagName} ${each.getAttribute('part') ?? ''}`)
    return [
      ...(parts[0] === parts[1] ? [] : [`one is ${parts[0]}, the other ${parts[1]}`]),
      ...differences(no, yes).map((name) => `“${labelOf(no)}” and “${labelOf(yes)}” differ in ${name}`),
    ]
  })
  const [answer] = shown(root, '.answer, .pair button')
  if (answer === undefined) return { measured: { questions: pairs.length }, findings }
  const { width, height } = answer.getBoundingClientRect()
  const { fontSize, fontWeight, color, backgroundColor } = getComputedStyle(answer)
  return {
    measured: {
      ...{ questions: pairs.length, width: round(width), height: round(height) },
      ...{ font: fontSize, weight: fontWeight, text: color, fill: backgroundColor },
    },
    findings,
  }
}

function contrast(root: ShadowRoot): Found {
  const texts = textContrast(root)
  const least = texts.reduce((a, b) => (b.contrast < a.contrast ? b : a), { contrast: 21, text: '' })
  return {
    measured: { least: round(least.contrast), texts: texts.length },
    findings: texts
      .filter((each) => each.contrast < contrastMin)
      .map((each) => `“${each.text.slice(0, 60)}” has a contrast of ${each.contrast.toFixed(2)} : 1`),
  }
}

function inView(root: ShadowRoot, view: Window, isFirst: boolean): Found {
  const [panel] = shown(root, '.panel')
  if (panel === undefined) return { measured: {}, findings: ['nothing is shown'] }
  const { width, height } = panel.getBoundingClientRect()
  const buttons = shown(root, '.foot button')
  const share = (width * height) / (view.innerWidth * view.innerHeight)
  const overflow = view.document.documentElement.scrollWidth - view.innerWidth
  const [text] = shown(root, '.words')
  const hidden = text === undefined ? 0 : text.scrollWidth - text.clientWidth
  const isPhone = view.innerWidth === 375 && view.innerHeight === 667
  return {
    measured: {
      ...{ buttons: buttons.length, panel_width: round(width), panel_height: round(height) },
      share_of_screen: Math.round(share * 100) / 100,
    },
    findings: [
      ...buttons.flatMap((each) => outOfView(root, view, each)),
      ...(isFirst && isPhone && height > view.innerHeight * shareMax
        ? [`the first layer takes ${round(height)} of ${view.innerHeight} px`]
        : []),
      ...(overflow > 0 ? [`it is ${overflow} px too wide`] : []),
      // WCAG 2.2, 1.4.10.
      ...(hidden > 0 ? [`its text is ${hidden} px too wide, and scrolls sideways`] : []),
    ],
  }
}

function outOfView(root: ShadowRoot, view: Window, each: HTMLElement): readonly string[] {
  const { left, top, right, bottom } = each.getBoundingClientRect()
  const isInside = left >= 0 && top >= 0 && right <= view.innerWidth && bottom <= view.innerHeight
  if (!isInside) return [`“${labelOf(each)}” lies out of view`]
  const found = root.elementFromPoint((left + right) / 2, (top + bottom) / 2)
  return found === each || each.contains(found) ? [] : [`“${labelOf(each)}” is covered`]
}

function nothingPreTicked(root: ShadowRoot): Found {
  const open = shown(root, '[aria-checked],[aria-pressed],input')
  const ticked = open.filter((each) =>
    each.matches('[aria-checked=true],[aria-pressed=true],:checked:not(option)'),
  )
  return {
    measured: { choices: open.length, chosen: ticked.length },
    findings: ticked.map((each) => `${each.dataset.purpose ?? labelOf(each)} is chosen`),
  }
}

function sameOrder(root: ShadowRoot, { texts, words, direction }: Experience): Found {
  const nos = [texts.reject, words.no]
  const pairs = shown(root, '.pair').filter((each) => each.querySelector('.answer,.pick'))
  return {
    measured: { questions: pairs.length },
    findings: pairs.flatMap(({ children: [no, yes] }) => {
      if (!no || !yes) return []
      const [a, b] = [no.getBoundingClientRect().left, yes.getBoundingClientRect().left]
      const isInOrder = nos.includes(labelOf(no)) && (direction === 'rtl' ? a > b : a < b)
      return isInOrder ? [] : [`“${labelOf(no)}” does not come first as a no`]
    }),
  }
}

function trainingApart(root: ShadowRoot, experience: Experience): Found {
  const asked = questions(experience, 'ai_training')
  return {
    measured: { questions: asked.length },
    findings: asked.flatMap(({ key, name }) => {
      const own = shown(root, '.apart').find((each) => each.dataset.purpose === key)
      const answers = own?.querySelectorAll('.pick').length ?? 0
      return answers === 2 ? [] : [`${name} has no yes and no of its own`]
    }),
  }
}

function withdrawInView(root: ShadowRoot, view: Window, { words }: Experience): Found {
  const button = shown(root, '.control button').find((each) => labelOf(each) === words.withdrawAll)
  if (button === undefined) return { measured: {}, findings: ['there is no way to withdraw'] }
  const { width, height } = button.getBoundingClientRect()
  return {
    measured: { width: round(width), height: round(height) },
    findings: [
      ...outOfView(root, view, button),
      ...(width < targetMin || height < targetMin ? ['the way to withdraw is too small to hit'] : []),
    ],
  }
}
