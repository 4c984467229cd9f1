import { alsoNeeded, partsOf, questions } from '../web/choices.ts'
import type { ExperiencePurpose, PurposeChoice } from '../web/experience.ts'
import { details } from './details.ts'
import { fill } from './fill.ts'
import { h } from './html.ts'
import type { View } from './view.ts'

/** A switch a purpose, each with its parts below it. None is ever on for what is denied. */
export function switches(view: View): HTMLElement {
  const { experience, drafts, act } = view
  const { words } = experience
  const asked = experience.purposes.filter((purpose) => purpose.is_asked && !purpose.is_ai_training)
  const toggles = new Map<string, HTMLElement>()
  const isOn = (key: string) => view.allows(key) || drafts.has(key)
  const paint = () => {
    for (const [key, toggle] of toggles) toggle.setAttribute('aria-checked', String(isOn(key)))
  }

  function toggle(key: string, hint: HTMLElement): void {
    const needed = alsoNeeded(experience, key)
    const tree = [key, ...partsOf(experience, key).map((part) => part.key), ...needed.map((each) => each.key)]
    hint.textContent = ''
    // Taking back acts at once; allowing waits to be saved.
    if (view.allows(key)) act.answer(key, false)
    else if (drafts.has(key)) for (const each of tree) drafts.delete(each)
    else {
      const along = needed.filter((each) => !isOn(each.key))
      if (along.length > 0) {
        hint.textContent = fill(words.withParent, { names: along.map(({ name }) => name).join(', ') })
      }
      for (const each of tree) drafts.add(each)
    }
    paint()
  }

  function item(purpose: ExperiencePurpose): HTMLElement {
    const { key } = purpose
    const id = `p-${key}`
    const hint = h('p', { class: 'hint wide', role: 'status' })
    const button = h(
      'button',
      {
        ...{ type: 'button', class: 'switch', role: 'switch' },
        ...{ 'aria-labelledby': id, 'data-purpose': key, onclick: () => toggle(key, hint) },
      },
      h('i'),
    )
    toggles.set(key, button)
    const parts = asked.filter(({ parent }) => parent === key)
    return h(
      'li',
      { class: 'item' },
      h('h3', { id }, purpose.name),
      button,
      h('p', { class: 'small wide' }, purpose.description),
      hint,
      details(view, purpose),
      parts.length > 0 ? h('ul', { class: 'sub wide' }, ...parts.map(item)) : null,
    )
  }

  // What needs no answer is there to be read.
  const given = experience.purposes
    .filter((purpose) => !purpose.is_asked && purpose.rule === 'notice_only')
    .map((purpose) =>
      h(
        'li',
        { class: 'item' },
        h('h3', {}, purpose.name),
        h('span', { class: 'small' }, words.alwaysOn),
        h('p', { class: 'small wide' }, purpose.necessity ?? purpose.description),
        details(view, purpose),
      ),
    )
  // What is answered on the preference page alone is taken back here too.
  const elsewhere = experience.purposes.filter(
    ({ key, is_asked, step }) => !is_asked && step && view.allows(key),
  )
  const list = h('ul', {}, ...[...questions(experience, 'other'), ...elsewhere].map(item), ...given)
  paint()
  return list
}

/** Answers the switches: those put on are allowed, and those never answered are refused. */
export function save({ act, allows, drafts, experience, stateOf }: View): void {
  act.record(
    questions(experience, 'other').flatMap(({ key }): readonly PurposeChoice[] => {
      const tree = [key, ...partsOf(experience, key).map((part) => part.key)]
      const granted = tree.filter((each) => drafts.has(each))
      if (granted.length > 0) return granted.map((purpose) => ({ purpose, act: 'grant' }))
      return stateOf(key) === 'never_asked' && !allows(key) ? [{ purpose: key, act: 'deny' }] : []
    }),
  )
}
