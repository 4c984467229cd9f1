import { questions } from '../web/choices.ts'
import { h } from './html.ts'
import { answerButton, gpcNote, pair, plain, soft, textBlock, training, withdrawButton } from './questions.ts'
import type { View } from './view.ts'

/** The first layer: the notice, AI training apart, accept and reject alike, and the way to the details. */
export function firstLayer(view: View): readonly Element[] {
  const { act, experience } = view
  const { notice, texts } = experience
  const asked = questions(experience, 'other')
  const [opening, ...rest] = notice.body
  return [
    textBlock(
      view,
      notice.title,
      gpcNote(view),
      soft(opening ?? ''),
      asked.length === 0
        ? null
        : h(
            'ul',
            { class: 'names' },
            ...asked.map(({ name, description }) =>
              h('li', { class: 'small' }, h('b', {}, name), description),
            ),
          ),
      ...rest.map(soft),
      soft(notice.withdrawal),
    ),
    h(
      'div',
      { class: 'foot' },
      ...training(view),
      asked.length === 0
        ? null
        : pair(
            answerButton(view, texts.reject, act.rejectAll),
            answerButton(view, texts.accept, act.acceptAll),
          ),
      h('div', { class: 'row' }, plain(texts.choose, act.choose), withdrawButton(view)),
    ),
  ]
}
