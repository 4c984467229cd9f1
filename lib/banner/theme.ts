import type { Colours, Theme } from '../web/experience.ts'

/** Only what publishing has checked: six hexadecimal digits. */
const isColour = (text: string) => /^#[\da-f]{6}$/i.test(text)

function rules({ surface, text, button, buttonText }: Colours): string {
  if (![surface, text, button, buttonText].every(isColour)) return ''
  // Lesser text is not paler than text: its contrast was checked for the text alone.
  return `.root{--s:${surface};--k:${surface};--i:${text};--f:${text};--e:${text};--l:color-mix(in srgb,${text} 22%,${surface});--b:${button};--o:${buttonText};--a:${button}}`
}

/** An organisation's own colours as rules on top of the banner's, light and dark. */
export function themeRules(theme: Theme | null): string {
  return theme === null ? '' : `${rules(theme.light)}@media (prefers-color-scheme:dark){${rules(theme.dark)}}`
}
