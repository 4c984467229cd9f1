import { partsOf } from '../web/choices.ts'
import type { ExperiencePurpose } from '../web/experience.ts'
import { h } from './html.ts'
import { small } from './questions.ts'
import type { View } from './view.ts'

/** Data, recipients, how long, and how to take it back: a tap away. */
export function details({ experience }: Pick<View, 'experience'>, purpose: ExperiencePurpose): HTMLElement {
  const { words, notice } = experience
  const facts = h('dl')
  const fact = (name: string, value: string) => {
    if (value) facts.append(h('dt', {}, name), h('dd', {}, value))
  }
  fact(words.data, purpose.categories.join(', '))
  fact(words.recipients, purpose.recipients.join(', ') || words.nobody)
  fact(words.retention, purpose.retention)
  if (purpose.is_asked) fact(words.howToWithdraw, notice.withdrawal)
  return h('details', { class: 'wide' }, h('summary', {}, words.details), facts)
}

/** What a question is about, in full: what it means, which parts a yes covers, and the details. */
export function inFull(view: View, purpose: ExperiencePurpose): readonly Node[] {
  const parts = partsOf(view.experience, purpose.key)
  return [
    small(purpose.description),
    ...(parts.length > 0
      ? [
          h(
            'div',
            { class: 'wide sub' },
            h('p', { class: 'small' }, `${view.experience.words.covers}:`),
            ...parts.map(({ name, description }) =>
              h('p', { class: 'small' }, h('b', {}, name), ` ${description}`),
            ),
          ),
        ]
      : []),
    details(view, purpose),
  ]
}

/** The notice as it is bound to every answer, word for word. */
export function wholeNotice({ experience: { notice, words } }: Pick<View, 'experience'>): HTMLElement {
  const text = [...notice.body, notice.withdrawal, notice.rights]
  return h(
    'details',
    { class: 'wide whole' },
    h('summary', {}, words.whole),
    h('b', {}, notice.title),
    ...text.map(small),
  )
}
