/**
 * What is compared otherwise: outlines and shadows, which the banner itself turns on and off where a button is pointed
 * at, and which a page cannot touch; sizes, which may differ by a fraction of a pixel.
 */
const passing = /^(box-shadow|outline|width|height|(inline|block)-size|.*-origin)/

/**
 * In what two buttons look different: names of computed properties, or `place` where they differ in size or one lies on
 * the other. Empty where they differ in nothing but their words (EDPB Cookie Banner Taskforce 2023; CNIL 2020-092; 11 CCR
 * §7004).
 */
export function differences(one: Element, other: Element): readonly string[] {
  const [a, b] = [getComputedStyle(one), getComputedStyle(other)]
  const found = [...a].filter(
    (name) => !passing.test(name) && a.getPropertyValue(name) !== b.getPropertyValue(name),
  )
  const [p, q] = [one.getBoundingClientRect(), other.getBoundingClientRect()]
  const isOver = p.left < q.right && q.left < p.right && p.top < q.bottom && q.top < p.bottom
  if (isOver || Math.abs(p.width - q.width) + Math.abs(p.height - q.height) > 1) found.push('place')
  return found
}
