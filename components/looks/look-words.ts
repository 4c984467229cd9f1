import type { LookResult, LookShot } from '../../lib/client/looks.ts'

export const sizeOf = {
  small: { name: 'A small phone', width: 320, height: 568 },
  phone: { name: 'A phone', width: 375, height: 667 },
  desktop: { name: 'A desktop', width: 1440, height: 900 },
} as const satisfies Record<LookShot['size'], object>

export const layerNames = {
  first: 'First layer',
  second: 'Second layer',
  control: 'Standing control',
} as const satisfies Record<LookShot['layer'], string>

/** What was read off, as `height 42, width 180.5`. */
export const measuredText = (measured: LookResult['measured']): string =>
  Object.entries(measured)
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`)
    .join(', ')

/** The same over many pictures: numbers from the least to the most, words each once. */
export function rangeText(all: readonly LookResult['measured'][]): string {
  const names = [...new Set(all.flatMap((each) => Object.keys(each)))]
  return names
    .map((name) => {
      const values = all.flatMap((each) => (each[name] === undefined ? [] : [each[name]]))
      const numbers = values.filter((value) => typeof value === 'number')
      if (numbers.length < values.length) return `${name}: ${[...new Set(values)].join(' / ')}`
      const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
      return `${name.replaceAll('_', ' ')} ${least === most ? least : `${least} to ${most}`}`
    })
    .join(', ')
}
