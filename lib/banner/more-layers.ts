import { details, inFull, wholeNotice } from './details.ts'
import { fill } from './fill.ts'
import { h } from './html.ts'
import {
  answerButton,
  gpcNote,
  namesOf,
  pair,
  plain,
  small,
  soft,
  textBlock,
  training,
  withdrawButton,
} from './questions.ts'
import { save, switches } from './switches.ts'
import type { View } from './view.ts'

/** The second layer: each purpose with its details; switches stand where the person put them, off before that. */
export function secondLayer(view: View): readonly Element[] {
  const { act, experience } = view
  const { notice, form } = experience
  const isForm = form === 'opt_out'
  const leave = plain(view.isAlone ? experience.words.close : experience.words.back, act.back)
  const isAsking = experience.purposes.some((purpose) => purpose.is_asked && !purpose.is_ai_training)
  return [
    textBlock(
      view,
      isForm ? experience.words.optOutTitle : notice.title,
      isForm ? soft(experience.words.optOutText) : null,
      gpcNote(view),
      switches(view),
      ...training(view, inFull),
      wholeNotice(view),
      small(`${experience.controller}, ${notice.contact}`),
    ),
    h(
      'div',
      { class: 'foot' },
      isAsking
        ? pair(
            leave,
            plain(experience.words.save, () => save(view)),
          )
        : leave,
      view.mayWithdraw ? h('div', { class: 'row' }, withdrawButton(view)) : null,
    ),
  ]
}

/** What only has to be told: nothing is asked, and closing it says nothing. */
export function noticeLayer(view: View): readonly Element[] {
  const { act, experience } = view
  const { notice } = experience
  return [
    textBlock(
      view,
      notice.title,
      soft(experience.words.noticeOnlyText),
      gpcNote(view),
      ...notice.body.map(soft),
    ),
    h(
      'div',
      { class: 'foot' },
      pair(plain(experience.words.details, act.choose), plain(experience.words.close, act.close)),
    ),
  ]
}

/** An earlier yes and the browser's no: asked in words, with answers alike (11 CCR §7025(c)(3)). */
export function conflictLayer(view: View): readonly Element[] {
  const { act, conflicts, experience } = view
  const settle = (said: 'grant' | 'withdraw') =>
    act.record(
      conflicts.map((purpose) => ({ purpose, act: said })),
      said === 'grant',
    )
  return [
    textBlock(
      view,
      experience.words.choices,
      soft(fill(experience.words.gpcConflict, { names: namesOf(view, conflicts) })),
      ...experience.purposes
        .filter(({ key }) => conflicts.includes(key))
        .map((purpose) =>
          h('div', {}, h('h3', {}, purpose.name), small(purpose.description), details(view, purpose)),
        ),
    ),
    h(
      'div',
      { class: 'foot' },
      pair(
        answerButton(view, experience.words.gpcKeepNo, () => settle('withdraw')),
        answerButton(view, experience.words.gpcAllow, () => settle('grant')),
      ),
    ),
  ]
}
