import { alsoNeeded, questions } from '../web/choices.ts'
import type { ExperiencePurpose } from '../web/experience.ts'
import { fill } from './fill.ts'
import { h } from './html.ts'
import type { View } from './view.ts'

/** What is said under a question where there is room for it. */
type More = (view: View, purpose: ExperiencePurpose) => readonly Node[]

/** The purposes' names as one list in words. */
export const namesOf = ({ experience }: Pick<View, 'experience'>, keys: readonly string[]): string =>
  experience.purposes
    .filter(({ key }) => keys.includes(key))
    .map(({ name }) => name)
    .join(', ')

/** Any button of the banner's. */
export function button(
  look: string,
  label: string,
  onclick: () => void,
  more: Readonly<Record<string, string | undefined>> = {},
): HTMLElement {
  return h('button', { type: 'button', class: look, onclick, ...more }, label)
}

/** One button of an answer: one class and one part for a yes and a no, told apart by their words alone. */
export function answerButton(view: Pick<View, 'isPlain'>, label: string, onclick: () => void): HTMLElement {
  const part = view.isPlain ? undefined : 'answer'
  return button('answer', label, onclick, { part })
}

/** The two answers of a question, the no first, on every layer. */
export function pair(no: HTMLElement, yes: HTMLElement): HTMLElement {
  return h('div', { class: 'pair' }, no, yes)
}

/** One question with its own two answers, alike, none of them given beforehand; it is answered at once. */
export function question(view: View, purpose: ExperiencePurpose, more?: More): HTMLElement {
  const { experience } = view
  const { words } = experience
  const state = view.stateOf(purpose.key)
  const id = `q-${purpose.key}`
  // A part of something refused cannot act alone: its yes asks for the whole too, and says so before it is given.
  const needed = alsoNeeded(experience, purpose.key)
  const isHeldBack = needed.some(({ key }) => view.stateOf(key) === 'refused')
  const pick = (isYes: boolean) =>
    button('pick', isYes ? words.yes : words.no, () => view.act.answer(purpose.key, isYes), {
      part: view.isPlain ? undefined : 'pick',
      'aria-pressed': String(state === (isYes ? 'granted' : 'refused')),
    })
  return h(
    'div',
    { class: 'apart', role: 'group', 'aria-labelledby': id, 'data-purpose': purpose.key },
    h('h3', { id }, fill(words.askTraining, { name: purpose.name })),
    pair(pick(false), pick(true)),
    isHeldBack ? small(fill(words.withParent, { names: needed.map(({ name }) => name).join(', ') })) : null,
    purpose.is_ai_training && !purpose.parent ? small(words.apart) : null,
    ...(more?.(view, purpose) ?? []),
  )
}

/** AI training: asked apart on both layers, never part of “accept all”. */
export function training(view: View, more?: More): readonly HTMLElement[] {
  return questions(view.experience, 'ai_training').map((purpose) => question(view, purpose, more))
}

/** That the browser's signal was heard, and for what (11 CCR §7025(c)(6)). */
export function gpcNote({ experience }: Pick<View, 'experience'>): HTMLElement | null {
  const { gpc, words } = experience
  if (!gpc.seen) return null
  const names = namesOf({ experience }, gpc.honoured_for)
  return h('p', { class: 'small note' }, words.gpcHonoured, names ? ` ${fill(words.gpcFor, { names })}` : '')
}

export const soft = (text: string) => h('p', { class: 'soft' }, text)
export const small = (text: string) => h('p', { class: 'small wide' }, text)

/** A button that answers nothing. */
export function plain(label: string, onclick: () => void): HTMLElement {
  return button('plain', label, onclick)
}

/** The part with the text, which scrolls; the buttons below it stay where they are. */
export function textBlock(view: View, title: string, ...children: readonly (Node | null)[]): HTMLElement {
  return h(
    'div',
    { class: 'words', tabindex: '0', role: 'group', 'aria-labelledby': 't' },
    h('p', { class: 'small by' }, view.experience.controller),
    h('h2', { id: 't', tabindex: '-1' }, title),
    ...children,
  )
}

/** Takes back everything, where there is something to take back. */
export function withdrawButton({ act, experience: { form, words }, mayWithdraw }: View): HTMLElement | null {
  return mayWithdraw ? plain(form === 'opt_out' ? words.optOut : words.withdrawAll, act.withdrawAll) : null
}
