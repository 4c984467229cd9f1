export type Marked = HTMLIFrameElement | HTMLImageElement | HTMLScriptElement

/** The purposes whose yes an element needs: `data-assent="analytics ads"` needs both. */
export const purposesOf = (element: Marked): readonly string[] =>
  (element.dataset.assent ?? '').split(/\s+/).filter((purpose) => purpose !== '')

/** Puts values into a message that has plain `{name}` places. */
export const fill = (message: string, values: Readonly<Record<string, string>>): string =>
  message.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place)
