import type { ChartData, ChartSeries } from '../ui/chart-data.ts'
import type { ConsentsOverview, PurposeSeries, Said } from './overview-types.ts'

const dayMs = 86_400_000
const parts: readonly { readonly said: Said; readonly name: string; readonly tone: ChartSeries['tone'] }[] = [
  { said: 'granted', name: 'yes', tone: 1 },
  { said: 'refused', name: 'no', tone: 3 },
  { said: 'withdrawn', name: 'taken back', tone: 4 },
  { said: 'objected', name: 'objected', tone: 5 },
  { said: 'expired', name: 'run out', tone: 'rest' },
]

/** What was said, step by step; steps in which nothing was said are there too. */
export function answersChart(series: PurposeSeries, { from, to, step }: ConsentsOverview): ChartData {
  const byStep = new Map(series.points.map((point) => [point.at, point]))
  const steps = stepsBetween(from, to, step)
  return {
    steps: steps.map(dateText),
    series: parts
      .filter(({ said }) => series.totals[said] > 0)
      .map(({ said, name, tone }) => ({
        ...{ name, tone },
        values: steps.map((at) => byStep.get(at)?.[said] ?? 0),
      })),
  }
}

/** The days, or the Mondays, from the first to the last. */
export function stepsBetween(from: string, to: string, step: 'day' | 'week'): readonly string[] {
  const steps: string[] = []
  let atMs = Date.parse(from)
  // ISO weeks begin on Monday, as the database cuts them.
  if (step === 'week') atMs -= ((new Date(atMs).getUTCDay() + 6) % 7) * dayMs
  for (; atMs <= Date.parse(to); atMs += step === 'week' ? 7 * dayMs : dayMs) {
    steps.push(new Date(atMs).toISOString().slice(0, 10))
  }
  return steps
}

const dates = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const dateText = (at: string) => dates.format(new Date(at))

/** How long a yes stood before it was taken back, from the shortest on. */
export function delaysChart(bounds: readonly number[], counts: readonly number[]): ChartData {
  const names = [...bounds.map((bound) => `< ${spanText(bound)}`), `≥ ${spanText(bounds.at(-1) ?? 0)}`]
  return { steps: names, series: [{ name: 'taken back', tone: 4, values: counts }] }
}

/** The bound below which half of the withdrawals lie; null where there was none. */
export function medianDelay(bounds: readonly number[], counts: readonly number[]): string | null {
  const all = counts.reduce((sum, count) => sum + count, 0)
  if (all === 0) return null
  let below = 0
  for (const [index, count] of counts.entries()) {
    below += count
    if (below * 2 >= all) {
      const bound = bounds[index]
      return bound === undefined ? `over ${spanText(bounds.at(-1) ?? 0)}` : `under ${spanText(bound)}`
    }
  }
  return null
}

function spanText(ms: number): string {
  const units = [
    [dayMs, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
  ] as const
  const [unit, name] = units.find(([size]) => ms >= size) ?? ([1_000, 'second'] as const)
  const many = Math.round(ms / unit)
  return `${many} ${name}${many === 1 ? '' : 's'}`
}
