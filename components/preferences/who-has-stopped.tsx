'use client'

import { type ReactNode, useEffect, useState } from 'react'
import type { OwnRecord, Stopped } from '../../lib/web/own-record.ts'
import type { Words } from '../../lib/words/create-words.ts'
import { Card, CardBody } from '../ui/card.tsx'

const soonMs = 3_000
const laterMs = 15_000
const soonTimes = 20

/** Which services have applied her last no, as they report it; asked again while some have not. */
export function WhoHasStopped({
  own,
  token,
  revision,
  words,
}: {
  readonly own: OwnRecord
  readonly token: string | undefined
  /** Of her last choice. */
  readonly revision: string | undefined
  readonly words: Words
}): ReactNode {
  const [stopped, setStopped] = useState<Stopped>()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new choice is asked about anew
  useEffect(() => {
    if (token === undefined) return setStopped(undefined)
    let times = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    let isOver = false
    const look = async () => {
      const isSeen = document.visibilityState === 'visible'
      const found = isSeen ? await own.stopped(token).catch(() => undefined) : undefined
      if (isOver) return
      if (found !== undefined) setStopped(found)
      const isDone = found?.services.every((each) => each.has_applied)
      times += 1
      if (!isDone) timer = setTimeout(look, times < soonTimes ? soonMs : laterMs)
    }
    void look()
    return () => {
      isOver = true
      clearTimeout(timer)
    }
  }, [own, token, revision])

  if (stopped === undefined || stopped.since === null) return null
  const { say, moment } = words
  const { services } = stopped
  const done = services.filter((each) => each.has_applied)
  const last = done
    .flatMap(({ at }) => at ?? [])
    .sort()
    .at(-1)
  const text =
    services.length === 0
      ? say('stoppedNobody')
      : done.length === services.length && last !== undefined
        ? say('stoppedAll', { count: services.length, time: moment(last) })
        : say('stoppedSome', { done: done.length, count: services.length })
  return (
    <Card className="mt-3" aria-labelledby="stopped" data-stopped={`${done.length}/${services.length}`}>
      <CardBody className="pt-5">
        <h2 id="stopped" className="font-semibold">
          {say('stopped')}
        </h2>
        <p className="mt-1 text-sm text-ink-soft" aria-live="polite">
          {text}
        </p>
        {services.length > 0 ? (
          <ul className="mt-3 divide-y text-sm">
            {services.map(({ name, has_applied, at }) => (
              <li key={name} className="flex flex-wrap items-baseline justify-between gap-x-4 py-2">
                <span className="flex min-w-0 items-baseline gap-2.5">
                  <span
                    aria-hidden="true"
                    className={`size-2 shrink-0 rounded-full ${has_applied ? 'bg-positive' : 'border border-edge'}`}
                  />
                  <span className="wrap-anywhere">{name}</span>
                </span>
                <span className="shrink-0 text-xs text-ink-soft max-sm:ps-[1.125rem]">
                  {has_applied ? at && <time dateTime={at}>{moment(at)}</time> : say('stoppedWaiting')}
                </span>
              </li>
            ))}
          </ul>
        ) : null}
      </CardBody>
    </Card>
  )
}
