import { partsOf, questions } from '../web/choices.ts'
import type { Experience, ExperiencePurpose, PurposeState } from '../web/experience.ts'
import { h } from './html.ts'
import type { Words } from './words.ts'

/** What the layers show and where their buttons lead. */
export type View = {
  readonly experience: Experience
  readonly words: Words
  readonly stateOf: (purpose: string) => PurposeState
  readonly act: {
    readonly acceptAll: () => void
    readonly rejectAll: () => void
    readonly choose: () => void
    readonly back: () => void
    /** Answers one AI training question, at once. */
    readonly train: (purpose: string, isYes: boolean) => void
    /** Answers the switches, by purpose. */
    readonly save: (answers: ReadonlyMap<string, boolean>) => void
  }
}

/** The two buttons of a question: one class, one size, told apart by their words alone. */
function pair(first: HTMLButtonElement, second: HTMLButtonElement): HTMLElement {
  return h('div', { class: 'pair' }, first, second)
}

function heading(view: View): HTMLElement {
  return h('h2', { id: 't', tabindex: '-1' }, view.experience.notice.title)
}

/** Asked apart on both layers: never part of “accept all”, no answer given beforehand. */
function training(view: View, hasDetails: boolean): readonly HTMLElement[] {
  return questions(view.experience, 'ai_training').map((purpose) => {
    const { words } = view
    const state = view.stateOf(purpose.key)
    const id = `q-${purpose.key}`
    const parts = partsOf(view.experience, purpose.key)
    const button = (isYes: boolean) =>
      h(
        'button',
        {
          type: 'button',
          class: 'pick',
          'aria-pressed': String(state === (isYes ? 'granted' : 'refused')),
          'data-answer': isYes ? 'yes' : 'no',
          'data-purpose': purpose.key,
          onclick: () => view.act.train(purpose.key, isYes),
        },
        isYes ? words.yes : words.no,
      )
    return h(
      'div',
      { class: 'apart', role: 'group', 'aria-labelledby': id },
      h('h3', { id }, words.askTraining(purpose.name)),
      hasDetails ? h('p', { class: 'small' }, purpose.description) : null,
      hasDetails && parts.length > 0
        ? h('p', { class: 'small' }, `${words.covers}: ${parts.map((part) => part.name).join(', ')}.`)
        : null,
      h('p', { class: 'small' }, words.apart),
      pair(button(false), button(true)),
      hasDetails ? details(view, purpose) : null,
    )
  })
}

function details(view: View, purpose: ExperiencePurpose): HTMLElement {
  const { words } = view
  const facts = h('dl')
  const fact = (name: string, value: string) => {
    if (value) facts.append(h('dt', {}, name), h('dd', {}, value))
  }
  fact(words.data, purpose.categories.join(', '))
  fact(words.recipients, purpose.recipients.join(', ') || words.nobody)
  fact(words.retention, purpose.retention_days === null ? '' : `${purpose.retention_days} ${words.days}`)
  return h('details', {}, h('summary', {}, words.details), facts)
}

function gpcNote(view: View): HTMLElement | null {
  const { gpc, purposes } = view.experience
  if (!gpc.seen) return null
  const names = gpc.honoured_for.map((key) => purposes.find((purpose) => purpose.key === key)?.name ?? key)
  return h('p', { class: 'small gpc' }, `${view.words.gpc} ${names.join(', ') || '–'}`)
}

/** The first layer: the notice, AI training apart, accept and reject alike, and the way to the details. */
export function firstLayer(view: View): readonly Node[] {
  const { words, act, experience } = view
  const button = (label: string, name: string, onclick: () => void) =>
    h('button', { type: 'button', class: 'answer', 'data-answer': name, onclick }, label)
  return [
    h(
      'div',
      { class: 'words', tabindex: '0', role: 'group', 'aria-labelledby': 't' },
      heading(view),
      ...experience.notice.body.map((text) => h('p', { class: 'soft' }, text)),
      h('p', { class: 'soft' }, experience.notice.withdrawal),
      gpcNote(view),
    ),
    h(
      'div',
      { class: 'foot' },
      ...training(view, false),
      pair(button(words.reject, 'reject', act.rejectAll), button(words.accept, 'accept', act.acceptAll)),
      h(
        'button',
        { type: 'button', class: 'plain', 'data-answer': 'choose', onclick: act.choose },
        words.choose,
      ),
    ),
  ]
}

/** The second layer: each purpose with its details; switches stand where the person put them, off before that. */
export function secondLayer(view: View): readonly Node[] {
  const { words, act, experience } = view
  const answers = new Map<string, boolean>()
  const items = questions(experience, 'other').map((purpose) => {
    const id = `p-${purpose.key}`
    answers.set(purpose.key, view.stateOf(purpose.key) === 'granted')
    const toggle = h(
      'button',
      {
        type: 'button',
        class: 'switch',
        role: 'switch',
        'aria-checked': String(answers.get(purpose.key)),
        'aria-labelledby': id,
        'data-purpose': purpose.key,
        onclick: () => {
          const isOn = !answers.get(purpose.key)
          answers.set(purpose.key, isOn)
          toggle.setAttribute('aria-checked', String(isOn))
        },
      },
      h('i'),
    )
    return h(
      'li',
      { class: 'item' },
      h('h3', { id }, purpose.name),
      toggle,
      h('p', { class: 'small' }, purpose.description),
      details(view, purpose),
    )
  })
  const given = experience.purposes
    .filter((purpose) => !purpose.is_asked && purpose.rule !== 'prohibited' && purpose.necessity)
    .map((purpose) =>
      h(
        'li',
        { class: 'item' },
        h('h3', {}, purpose.name),
        h('span', { class: 'tag' }, words.alwaysOn),
        h('p', { class: 'small' }, purpose.necessity ?? ''),
      ),
    )
  const plain = (label: string, name: string, onclick: () => void) =>
    h('button', { type: 'button', class: 'plain', 'data-answer': name, onclick }, label)
  return [
    h(
      'div',
      { class: 'words', tabindex: '0', role: 'group', 'aria-labelledby': 't' },
      heading(view),
      h('ul', { class: 'list' }, ...items, ...given),
      ...training(view, true),
      h('p', { class: 'small' }, experience.notice.rights),
      h('p', { class: 'small' }, `${experience.controller}, ${experience.notice.contact}`),
      gpcNote(view),
    ),
    h(
      'div',
      { class: 'foot' },
      pair(
        plain(words.back, 'back', act.back),
        plain(words.save, 'save', () => act.save(answers)),
      ),
    ),
  ]
}
