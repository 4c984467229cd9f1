import { firstLayer } from '../../lib/banner/first-layer.ts'
import { secondLayer } from '../../lib/banner/more-layers.ts'
import { moreStyles } from '../../lib/banner/more-styles.ts'
import { styles } from '../../lib/banner/styles.ts'
import { themeRules } from '../../lib/banner/theme.ts'
import type { Experience } from '../../lib/web/experience.ts'

const nothing = () => undefined

/** The banner's own rules, with the colours of a draft. */
export const rulesOf = ({ theme }: Experience): string => styles + moreStyles + themeRules(theme)

/**
 * The first layer of a draft or, `isDetailed`, its second, made of the banner's own parts in `owner`, with nothing behind the
 * buttons but the way from one to the other. `panelClass` is what the banner would call it.
 */
export function drawLayer(
  owner: Document,
  experience: Experience,
  {
    panelClass,
    isDetailed,
    onDetails,
  }: {
    readonly panelClass: string
    readonly isDetailed: boolean
    readonly onDetails: (isDetailed: boolean) => void
  },
): HTMLElement {
  const view = {
    experience,
    stateOf: () => 'never_asked' as const,
    allows: () => false,
    ...{ conflicts: [], drafts: new Set<string>(), isPlain: false, mayWithdraw: false, isAlone: false },
    act: {
      ...{ acceptAll: nothing, rejectAll: nothing, answer: nothing, record: nothing, withdrawAll: nothing },
      ...{ choose: () => onDetails(true), back: () => onDetails(false), close: nothing },
    },
  }
  const panel = owner.createElement('section')
  panel.className = panelClass
  panel.setAttribute('aria-label', 'As people will see it')
  panel.append(...(isDetailed ? secondLayer(view) : firstLayer(view)))
  return inRoot(owner, experience, panel)
}

/** The standing control as it is after a yes: the way to the choices, and the way to take back all of them. */
export function drawControl(owner: Document, experience: Experience): HTMLElement {
  const { words } = experience
  const control = owner.createElement('div')
  control.className = 'control'
  control.setAttribute('role', 'group')
  control.setAttribute('aria-label', words.choices)
  control.append(
    ...[words.choices, words.withdrawAll].map((label) => {
      const button = owner.createElement('button')
      button.type = 'button'
      button.textContent = label
      return button
    }),
  )
  return inRoot(owner, experience, control)
}

function inRoot(owner: Document, experience: Experience, part: HTMLElement): HTMLElement {
  const inside = owner.createElement('div')
  inside.className = 'root'
  inside.lang = experience.locale
  inside.dir = experience.direction
  inside.append(part)
  return inside
}
