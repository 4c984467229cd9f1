import type { QuestionsOfService } from '../../lib/client/client.ts'
import type { ChartData, ChartSeries, ChartTone } from '../ui/chart-data.ts'

/** Colours of yes and of no; what is left of either comes last, in grey. */
const tones: Readonly<Record<'yes' | 'no', readonly ChartTone[]>> = { yes: [1, 2], no: [3, 4, 5] }

const forms = {
  minute: { hour: '2-digit', minute: '2-digit' },
  hour: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' },
  day: { day: 'numeric', month: 'short' },
} as const satisfies Record<QuestionsOfService['step'], Intl.DateTimeFormatOptions>

/**
 * A service's answers as bars: each reason a part, yes below no, the commonest first. Reasons beyond a few are one part.
 * Of one purpose where it is given.
 */
export function questionChartData(asked: QuestionsOfService, purpose: string | null): ChartData {
  const form = new Intl.DateTimeFormat('en-GB', { ...forms[asked.step], timeZone: 'UTC' })
  const own = asked.series.filter((each) => purpose === null || each.purpose === purpose)
  const yes = byReason(own.filter(({ allowed }) => allowed))
  const no = byReason(own.filter(({ allowed }) => !allowed))
  const left = [...yes.slice(tones.yes.length), ...no.slice(tones.no.length)].map(({ values }) => values)
  const named = (parts: readonly Part[], of: readonly ChartTone[], word: string): ChartSeries[] =>
    parts
      .slice(0, of.length)
      .map(({ reason, values }, place) => ({ name: `${word}: ${reason}`, tone: of[place] ?? 'rest', values }))
  return {
    steps: asked.at.map((at) => form.format(new Date(at))),
    series: [
      ...named(yes, tones.yes, 'yes'),
      ...named(no, tones.no, 'no'),
      ...(left.length === 0 ? [] : [{ name: 'other reasons', tone: 'rest' as const, values: sum(left) }]),
    ],
  }
}

type Part = { readonly reason: string; readonly values: readonly number[] }

function byReason(series: QuestionsOfService['series']): readonly Part[] {
  const reasons = [...new Set(series.map(({ reason }) => reason))]
  const total = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
  return reasons
    .map((reason) => ({
      reason,
      values: sum(series.filter((each) => each.reason === reason).map(({ counts }) => counts)),
    }))
    .sort((a, b) => total(b.values) - total(a.values))
}

function sum(rows: readonly (readonly number[])[]): readonly number[] {
  return (rows[0] ?? []).map((_, place) => rows.reduce((all, row) => all + (row[place] ?? 0), 0))
}
