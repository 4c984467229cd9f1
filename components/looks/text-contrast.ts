type Colour = readonly [red: number, green: number, blue: number, alpha: number]

/** `rgb(…)`, `rgba(…)` and `color(srgb …)`, as browsers compute colours; each part from 0 to 1. */
function read(colour: string): Colour {
  const parts = (colour.match(/-?[\d.]+(e-?\d+)?%?/g) ?? []).map((part) =>
    part.endsWith('%') ? Number.parseFloat(part) / 100 : Number(part),
  )
  const scale = colour.startsWith('color(') ? 1 : 255
  const [red = 0, green = 0, blue = 0, alpha = 1] = parts
  return [red / scale, green / scale, blue / scale, alpha]
}

function luminance([red, green, blue]: Colour): number {
  const [r, g, b] = [red, green, blue].map((part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  ) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** What lies behind an element's text: the nearest ground that is painted. */
function groundOf(element: Element): Colour {
  for (let at: Element | null = element; at !== null; at = at.parentElement) {
    const colour = read(getComputedStyle(at).backgroundColor)
    if (colour[3] > 0) return colour
  }
  return [1, 1, 1, 1]
}

/** Each text that can be seen in `root`, with its contrast against what lies behind it (WCAG 2.2, 1.4.3). */
export function textContrast(
  root: ShadowRoot,
): readonly { readonly text: string; readonly contrast: number }[] {
  const all = [...root.querySelectorAll<HTMLElement>('.root *')]
  return all.flatMap((element) => {
    const text = [...element.childNodes]
      .filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
      .map(({ textContent }) => textContent?.trim() ?? '')
      .join(' ')
      .trim()
    if (text === '' || element.getClientRects().length === 0) return []
    const [front, behind] = [luminance(read(getComputedStyle(element).color)), luminance(groundOf(element))]
    const contrast = (Math.max(front, behind) + 0.05) / (Math.min(front, behind) + 0.05)
    return [{ text, contrast }]
  })
}
