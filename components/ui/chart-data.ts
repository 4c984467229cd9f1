/** Which colour a part has: two that are good news, three that are not, one more, and what is left. */
export type ChartTone = 1 | 2 | 3 | 4 | 5 | 6 | 'rest'

/** One part of every bar. */
export type ChartSeries = {
  readonly name: string
  readonly tone: ChartTone
  /** One for each step. */
  readonly values: readonly number[]
}

/** Numbers over steps of time. */
export type ChartData = {
  /** What each step is called, under its bar and in its row. */
  readonly steps: readonly string[]
  readonly series: readonly ChartSeries[]
}

/** A part's colour, light and dark. */
export const colourOf = (tone: ChartTone): string => `var(--chart-${tone})`

const wholes = new Intl.NumberFormat('en-GB')
/** A number as people read it: 12,345. */
export const asText = (value: number): string => wholes.format(value)
