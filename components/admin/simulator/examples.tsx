import Link from 'next/link'
import type { ReactNode } from 'react'
import type { NoticeListed, PurposeListed } from '../../../lib/client/client.ts'
import { dayOf, likeliestFirst, monthBefore } from './options.ts'
import { type SimulatorState, writeState } from './state.ts'

const nobody: SimulatorState = {
  ...{ age: '', country: '', region: '', gpc: false, purpose: '', property: '', collected: '', asked: '' },
  release: '',
  said: [],
}

/** People to begin with; only such as the purposes that are there allow. */
export function SimulatorExamples({
  purposes,
  notices,
  nowMs,
}: {
  readonly purposes: readonly PurposeListed[]
  readonly notices: readonly NoticeListed[]
  readonly nowMs: number
}): ReactNode {
  const training = purposes.find(({ key }) => key === 'ai_training')?.key ?? purposes[0]?.key
  const sold = purposes.find(({ saleOrSharing }) => saleOrSharing)?.key
  const daysAgo = (days: number) => dayOf(nowMs - days * 86_400_000)
  const shownFor = (purpose: string) => {
    const notice = likeliestFirst(notices).find((each) =>
      each.purposes.some((named) => named.purpose === purpose),
    )
    const locale = Object.keys(notice?.texts ?? {})[0]
    return notice === undefined || locale === undefined ? '' : `${notice.key}~${notice.version}~${locale}`
  }
  const yes = (on: string, days: number) =>
    ({ at: daysAgo(days), did: 'grant', on, shown: shownFor(on), by: 'subject', where: '' }) as const
  const march = Array.from({ length: 12 }, (_, back) => monthBefore(nowMs, back)).find((at) =>
    at.endsWith('-03'),
  )
  const examples: { readonly text: string; readonly state: SimulatorState }[] = []
  if (training !== undefined) {
    examples.push(
      {
        text: 'A 15-year-old in Saxony with GPC on, asked about AI training, data collected in March',
        state: {
          ...nobody,
          ...{
            age: '15',
            country: 'DE',
            region: 'DE-SN',
            gpc: true,
            purpose: training,
            collected: march ?? 'now',
          },
        },
      },
      {
        text: 'A 30-year-old in France who said yes a month ago, data of today',
        state: {
          ...nobody,
          age: '30',
          country: 'FR',
          purpose: training,
          collected: 'now',
          said: [yes(training, 30)],
        },
      },
      {
        text: 'The same, asked about data from before she said yes',
        state: {
          ...nobody,
          ...{ age: '30', country: 'FR', purpose: training, collected: monthBefore(nowMs, 6) },
          said: [yes(training, 30)],
        },
      },
      {
        text: 'Someone who said yes and took it back, nobody knows where',
        state: {
          ...nobody,
          ...{ purpose: training, collected: 'now' },
          said: [yes(training, 60), { ...yes(training, 10), did: 'withdraw', shown: '' }],
        },
      },
    )
  }
  if (sold !== undefined) {
    examples.push({
      text: 'A Californian whose browser sends GPC, asked about what is sold or shared',
      state: {
        ...nobody,
        age: '40',
        country: 'US',
        region: 'US-CA',
        gpc: true,
        purpose: sold,
        collected: 'now',
      },
    })
  }
  return (
    <section aria-labelledby="examples">
      <h2 id="examples" className="text-base font-semibold">
        Begin with someone
      </h2>
      <p className="mt-0.5 text-sm text-ink-soft">
        None of them exists, and nothing is stored. Change a word of the sentence above, or take one of these.
      </p>
      <ul className="mt-3 grid gap-2 sm:grid-cols-2">
        {examples.map(({ text, state }) => (
          <li key={text}>
            <Link
              href={writeState(state)}
              scroll={false}
              className="block h-full rounded-card border bg-surface p-4 text-sm shadow-card hover:bg-sunken"
            >
              {text}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
