/** What the banner itself turns on and off while a button is pointed at or reached by keyboard; a page cannot touch it. */
const passing = /^(box-shadow|outline)/

/**
 * In what two buttons look different: names of computed properties, or `contrast` where their words cannot be read well, or `place` where one lies on the other.
 * Empty where they differ in nothing but their words (EDPB Cookie Banner Taskforce 2023; CNIL 2020-092; 11 CCR §7004).
 */
export function differences(one: Element, other: Element): readonly string[] {
  const [a, b] = [getComputedStyle(one), getComputedStyle(other)]
  const found = [...a].filter(
    (name) => !passing.test(name) && a.getPropertyValue(name) !== b.getPropertyValue(name),
  )
  if (contrast(a.color, a.backgroundColor) < 4.5) found.push('contrast')
  if (overlap(one.getBoundingClientRect(), other.getBoundingClientRect())) found.push('place')
  return found
}

function overlap(a: DOMRect, b: DOMRect): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

/** 1 to 21 (WCAG 2.2, 1.4.3); 0 where a colour is see-through, or not said in red, green and blue. */
function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)]
  return a === undefined || b === undefined ? 0 : (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

function luminance(colour: string): number | undefined {
  const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(colour)
  if (!parts) return undefined
  const [red, green, blue] = parts.slice(1).map((part) => {
    const share = Number(part) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
