/** What the banner itself turns on and off while a button is pointed at or reached by keyboard; a page cannot touch it. */
const passing = /^(box-shadow|outline)/

/**
 * In what two buttons look different: names of computed properties, or `place` where one lies on the other.
 * Empty where they differ in nothing but their words (EDPB Cookie Banner Taskforce 2023; CNIL 2020-092; 11 CCR §7004).
 */
export function differences(one: Element, other: Element): readonly string[] {
  const [a, b] = [getComputedStyle(one), getComputedStyle(other)]
  const found = [...a].filter(
    (name) => !passing.test(name) && a.getPropertyValue(name) !== b.getPropertyValue(name),
  )
  if (overlap(one.getBoundingClientRect(), other.getBoundingClientRect())) found.push('place')
  return found
}

function overlap(a: DOMRect, b: DOMRect): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
