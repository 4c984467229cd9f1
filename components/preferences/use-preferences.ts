'use client'

import { useCallback, useEffect, useMemo, useState } from 'react'
import { createDeviceConsents, PublicApiError } from '../../lib/web/device-consents.ts'
import type { Consents, Experience, PurposeChoice, PurposeState, Step } from '../../lib/web/experience.ts'
import { createOwnRecord, type OwnHistory } from '../../lib/web/own-record.ts'
import { beginDevice } from './begin-device.ts'
import { useSession } from './use-session.ts'

export type Status = 'loading' | 'ready' | 'missing' | 'unreachable'
export type Notice = 'none' | 'saved' | 'withdrawn' | 'pending' | 'failed'

/** Her choices on one property, as this browser or as whom she came: read, changed, and read again when they change. */
export function usePreferences(property: string, locale: string) {
  const [status, setStatus] = useState<Status>('loading')
  const [notice, setNotice] = useState<Notice>('none')
  const [experience, setExperience] = useState<Experience>()
  const [consents, setConsents] = useState<Consents>()
  const [history, setHistory] = useState<OwnHistory>()
  const [isBusy, setIsBusy] = useState(false)
  const { device, own } = useMemo(() => {
    const call: typeof fetch = (input, init) => window.fetch(input, init)
    const shelf = () => window.localStorage
    return {
      device: createDeviceConsents({ baseUrl: '', property, shelf, fetch: call }),
      own: createOwnRecord({ property, fetch: call }),
    }
  }, [property])
  const { arrival, open, end } = useSession(property, own)
  const named = arrival.as === 'named' ? arrival.token : undefined
  const isHere = arrival.as === 'named' || arrival.as === 'device'
  const tokenNow = useCallback(() => named ?? deviceToken(device.storageKey), [named, device])

  const load = useCallback(async () => {
    if (!isHere) return
    try {
      setExperience(await own.experience(locale))
      setConsents(await (named === undefined ? device.consents() : own.consents(named)))
      const token = tokenNow()
      setHistory(token === undefined ? undefined : await own.history(token, locale))
      setStatus('ready')
    } catch (error) {
      if (named !== undefined && error instanceof PublicApiError && error.status === 401) end('spent')
      else if (error instanceof PublicApiError && error.status === 404) setStatus('missing')
      // What was read stays in view; what she says meanwhile is told to be kept, or to have failed.
      else setStatus((was) => (was === 'ready' ? 'ready' : 'unreachable'))
    }
  }, [device, own, named, isHere, tokenNow, end, locale])

  useEffect(() => {
    void load()
    const heard = (event: StorageEvent) => {
      if (event.key === device.storageKey) void load()
    }
    addEventListener('storage', heard)
    return () => removeEventListener('storage', heard)
  }, [load, device])

  // She confirms in her mailbox and comes back.
  const isWaiting = consents?.purposes.some(({ waits_until }) => waits_until) ?? false
  useEffect(() => {
    if (!isWaiting) return
    const seen = () => {
      if (document.visibilityState === 'visible') void load()
    }
    document.addEventListener('visibilitychange', seen)
    return () => document.removeEventListener('visibilitychange', seen)
  }, [isWaiting, load])

  async function act(work: () => Promise<Consents | undefined>, done: Notice): Promise<void> {
    if (isBusy) return
    setIsBusy(true)
    setNotice('none')
    try {
      const told = await work()
      setConsents(told)
      // What is asked has changed since the page was read: it says so by what it shows next.
      setNotice((told?.not_recorded ?? []).length > 0 ? 'failed' : done)
    } catch {
      setNotice(named === undefined && device.isPending() ? 'pending' : 'failed')
    }
    // What was served is signed for an hour, and what she said is history now.
    await load()
    setIsBusy(false)
  }

  /** Says something that is no choice yet; a device that has said nothing is given its token first. */
  async function tell(work: (token: string, experience: Experience) => Promise<unknown>): Promise<boolean> {
    if (isBusy || experience === undefined) return false
    setIsBusy(true)
    setNotice('none')
    const isTold = await (async () => {
      const token = tokenNow() ?? (await beginDevice(device.storageKey, () => own.makeDevice(experience)))
      await work(token, experience)
    })().then(
      () => true,
      () => false,
    )
    await load()
    setIsBusy(false)
    return isTold
  }

  return {
    status,
    notice,
    experience,
    history,
    isBusy,
    arrival,
    open,
    end,
    own,
    tokenNow,
    /** Changes with every choice that is recorded. */
    revision: consents?.revision,
    reload: load,
    entryOf: (purpose: string) => consents?.purposes.find(({ key }) => key === purpose),
    stateOf: (purpose: string): PurposeState =>
      named === undefined && device.refuses(purpose)
        ? 'refused'
        : (consents?.purposes.find(({ key }) => key === purpose)?.state ?? 'never_asked'),
    /** As she said, where it is asked. */
    age: consents?.age ?? null,
    stepOf: (purpose: string): Step | null => {
      const known = consents?.purposes.find(({ key }) => key === purpose)
      const served = experience?.purposes.find(({ key }) => key === purpose)
      return (known === undefined ? served?.step : known.step) ?? null
    },
    sayAge: (age: number) => tell((token) => own.sayAge(token, age)),
    askConfirmation: (purposes: readonly string[], email: string) =>
      tell((token, shown) => own.askConfirmation(token, shown, purposes, email)),
    choose: (choices: readonly PurposeChoice[]) =>
      act(async () => {
        if (!experience) return undefined
        return named === undefined
          ? device.choose(experience, choices)
          : own.choose(named, experience, choices)
      }, 'saved'),
    withdrawAll: () =>
      act(() => (named === undefined ? device.withdrawAll() : own.withdrawAll(named)), 'withdrawn'),
  }
}

function deviceToken(name: string): string | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(name) ?? '{}') as { readonly token?: string } | null
    return kept?.token
  } catch {
    return undefined
  }
}
