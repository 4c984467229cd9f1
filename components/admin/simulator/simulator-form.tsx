'use client'

import { Plus } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useRef, useState, useTransition } from 'react'
import { Button } from '../../ui/button.tsx'
import { InlineChoice, InlineInput, type Option } from './inline-choice.tsx'
import { SaidRow } from './said-row.tsx'
import { type SaidState, type SimulatorState, writeState } from './state.ts'

export type SimulatorOptions = {
  readonly countries: readonly Option[]
  readonly regions: Readonly<Record<string, readonly Option[]>>
  readonly purposes: readonly Option[]
  readonly properties: readonly Option[]
  readonly months: readonly Option[]
  /** Notices in each of their languages, newest first, with what they name. */
  readonly notices: readonly (Option & { readonly purposes: readonly string[] })[]
  /** Releases that are not published yet. */
  readonly releases: readonly Option[]
  /** What a new act is dated. */
  readonly lastMonth: string
}

/** Who she is, what is asked and what she said, in a sentence. Each change is in the address at once, and answered. */
export function SimulatorForm({
  state: asked,
  options,
  statuses,
}: {
  readonly state: SimulatorState
  readonly options: SimulatorOptions
  /** What each act came to. */
  readonly statuses: readonly string[]
}): ReactNode {
  const router = useRouter()
  const [state, setState] = useState(asked)
  const [isPending, startTransition] = useTransition()
  const written = useRef(writeState(asked))
  const address = writeState(asked)
  // Someone went back, or chose an example: what the address says now is what the form shows.
  useEffect(() => {
    if (written.current === address) return
    written.current = address
    setState(asked)
  }, [address, asked])

  function change(part: Partial<SimulatorState>): void {
    const next = { ...state, ...part }
    setState(next)
    written.current = writeState(next)
    startTransition(() => router.replace(written.current, { scroll: false }))
  }
  const changeSaid = (index: number, part: Partial<SaidState>) =>
    change({ said: state.said.map((each, at) => (at === index ? { ...each, ...part } : each)) })
  const noticeFor = (purpose: string) =>
    options.notices.find(({ purposes }) => purposes.includes(purpose))?.value ?? ''
  const regions = options.regions[state.country] ?? []

  return (
    <form
      aria-label="The person and the question"
      aria-busy={isPending}
      onSubmit={(event) => event.preventDefault()}
    >
      <p className="flex flex-wrap items-center gap-x-2 gap-y-3 text-base leading-10">
        <span>A</span>
        <InlineInput
          label="Age in years"
          type="number"
          min={0}
          max={150}
          placeholder="?"
          className="w-18 text-center"
          value={state.age}
          onChange={({ target }) => change({ age: target.value.slice(0, 3) })}
        />
        <span>-year-old in</span>
        <InlineChoice
          label="Country"
          options={[{ value: '', name: 'a place nobody knows' }, ...options.countries]}
          value={state.country}
          onChange={({ target }) => change({ country: target.value, region: '' })}
        />
        {regions.length === 0 ? null : (
          <InlineChoice
            label="Region"
            options={[{ value: '', name: 'a region nobody knows' }, ...regions]}
            value={state.region}
            onChange={({ target }) => change({ region: target.value })}
          />
        )}
        <span>with GPC</span>
        <InlineChoice
          label="Global Privacy Control"
          options={[
            { value: 'off', name: 'off' },
            { value: 'on', name: 'on' },
          ]}
          value={state.gpc ? 'on' : 'off'}
          onChange={({ target }) => change({ gpc: target.value === 'on' })}
        />
        <span>, asked about</span>
        <InlineChoice
          label="Purpose"
          options={options.purposes}
          value={state.purpose}
          onChange={({ target }) => change({ purpose: target.value })}
        />
        <span>on</span>
        <InlineChoice
          label="Property"
          options={[{ value: '', name: 'any site or app' }, ...options.properties]}
          value={state.property}
          onChange={({ target }) => change({ property: target.value })}
        />
        <span>, data collected</span>
        <InlineChoice
          label="When the data was collected"
          options={options.months}
          value={state.collected}
          onChange={({ target }) => change({ collected: target.value })}
        />
        <span>. Asked</span>
        <InlineInput
          label="The day on which it is asked; empty for now"
          type="date"
          value={state.asked}
          onChange={({ target }) => change({ asked: target.value })}
        />
        {state.asked === '' ? <span className="text-sm text-ink-soft">(now)</span> : null}
        {options.releases.length === 0 ? null : (
          <>
            <span>, under</span>
            <InlineChoice
              label="Under which configuration"
              options={[{ value: '', name: 'what is in force' }, ...options.releases]}
              value={state.release}
              onChange={({ target }) => change({ release: target.value })}
            />
          </>
        )}
      </p>

      <fieldset className="mt-5 min-w-0 border-t pt-4">
        <legend className="sr-only">What she said before</legend>
        <p className="text-sm font-medium" aria-hidden>
          What she said before
        </p>
        {state.said.length === 0 ? (
          <p className="mt-1 text-sm text-ink-soft">Nothing. She was never asked.</p>
        ) : (
          <ol className="mt-2 grid grid-cols-[minmax(0,1fr)] gap-3">
            {state.said.map((said, index) => (
              <SaidRow
                // biome-ignore lint/suspicious/noArrayIndexKey: acts have no identity but their place
                key={index}
                {...{ said, index, options }}
                status={isPending ? undefined : statuses[index]}
                onChange={(part) =>
                  changeSaid(
                    index,
                    part.on !== undefined && said.shown !== ''
                      ? { ...part, shown: noticeFor(part.on) }
                      : part,
                  )
                }
                onRemove={() => change({ said: state.said.filter((_, at) => at !== index) })}
              />
            ))}
          </ol>
        )}
        <Button
          variant="outline"
          size="small"
          className="mt-3"
          onClick={() => {
            const { purpose } = state
            const act = {
              at: options.lastMonth,
              did: 'grant',
              on: purpose,
              by: 'subject',
              where: '',
            } as const
            change({ said: [...state.said, { ...act, shown: noticeFor(purpose) }] })
          }}
        >
          <Plus aria-hidden className="size-4" /> Add something she said
        </Button>
      </fieldset>
    </form>
  )
}
