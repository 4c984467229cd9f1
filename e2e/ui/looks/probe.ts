import { measureLayer } from '../../../components/looks/measure-layer.ts'
import { type Drawn, drawInFrame } from '../../../components/releases/draw-frame.ts'
import { draftExperience } from '../../../components/releases/preview-experience.ts'
import { starterNotice } from '../../../lib/config/starter-notice.ts'
import { starterPurposes } from '../../../lib/config/starter-purposes.ts'
import type { ExperienceDefinition } from '../../../lib/domain/definitions.ts'
import { createWords, type Messages } from '../../../lib/words/create-words.ts'

/** One layer to be drawn and measured, broken beforehand by the rule's name where one is given. */
export type Probe = {
  readonly locale: string
  readonly messages: Messages
  readonly width: number
  readonly height: number
  readonly layer: Drawn
  readonly layout: ExperienceDefinition['layout']
  readonly breaks?: string
}

/** How each rule is broken: what a careless definition or a changed part would do. */
const broken: Readonly<Record<string, (root: ShadowRoot) => void>> = {
  same_layer: (root) => root.querySelector('.foot .pair .answer')?.remove(),
  same_look: (root) =>
    root
      .querySelector<HTMLElement>('.foot .pair .answer:last-child')
      ?.style.setProperty('border-width', '4px'),
  contrast: (root) =>
    root.querySelector<HTMLElement>('h2, .control button')?.style.setProperty('color', '#999'),
  in_view: (root) => root.querySelector<HTMLElement>('.foot .pair')?.style.setProperty('margin-top', '900px'),
  nothing_pre_ticked: (root) => root.querySelector('[aria-pressed]')?.setAttribute('aria-pressed', 'true'),
  same_order: (root) => {
    const pair = root.querySelector('.apart .pair')
    pair?.append(pair.firstElementChild!)
  },
  training_apart: (root) => root.querySelector('.apart .pick')?.remove(),
  withdraw_in_view: (root) => root.querySelector('.control button:last-child')?.remove(),
}

/** The rules that were measured, and what was found. */
async function probe({ locale, messages, width, height, layer, layout, breaks }: Probe) {
  const texts = { [locale]: messages as unknown as ExperienceDefinition['texts'][string] }
  const definition = { key: 'x', property: 'demo', layout, notices: ['starter'], purposes: [], texts }
  const experience = draftExperience(
    definition as unknown as ExperienceDefinition,
    starterNotice,
    locale,
    starterPurposes,
    createWords(locale, messages),
  )
  const frame = document.createElement('iframe')
  frame.style.cssText = `width:${width}px;height:${height}px;border:0`
  await new Promise((resolve) => {
    frame.addEventListener('load', resolve, { once: true })
    document.body.replaceChildren(frame)
  })
  const root = drawInFrame(frame.contentDocument!, experience, 'light', layer)!
  if (breaks !== undefined) broken[breaks]?.(root)
  return measureLayer(root, frame.contentWindow!, experience, layer)
}

Object.assign(window, { probe })
