'use client'

import { useCallback, useEffect, useMemo, useState } from 'react'
import { createDeviceConsents, PublicApiError } from '../../lib/web/device-consents.ts'
import type { Consents, Experience, PurposeChoice, PurposeState } from '../../lib/web/experience.ts'

export type Status = 'loading' | 'ready' | 'missing' | 'unreachable'
export type Notice = 'none' | 'saved' | 'withdrawn' | 'failed'

/** One device's choices on one property: read, changed, and read again when another tab changes them. */
export function usePreferences(property: string, locale: string) {
  const [status, setStatus] = useState<Status>('loading')
  const [notice, setNotice] = useState<Notice>('none')
  const [experience, setExperience] = useState<Experience>()
  const [consents, setConsents] = useState<Consents>()
  const [isBusy, setIsBusy] = useState(false)
  const device = useMemo(
    () =>
      createDeviceConsents({
        baseUrl: '',
        property,
        shelf: () => window.localStorage,
        fetch: (input, init) => window.fetch(input, init),
      }),
    [property],
  )

  const load = useCallback(async () => {
    try {
      setExperience(await device.experience(locale))
      setConsents(await device.consents())
      setStatus('ready')
    } catch (error) {
      setStatus(error instanceof PublicApiError && error.status === 404 ? 'missing' : 'unreachable')
    }
  }, [device, locale])

  useEffect(() => {
    void load()
    const heard = (event: StorageEvent) => {
      if (event.key === device.storageKey) void load()
    }
    addEventListener('storage', heard)
    return () => removeEventListener('storage', heard)
  }, [load, device])

  async function act(work: () => Promise<Consents | undefined>, done: Notice): Promise<void> {
    if (isBusy) return
    setIsBusy(true)
    setNotice('none')
    try {
      setConsents(await work())
      setNotice(done)
      // A snapshot serves once: the next choice is made against a fresh one.
      setExperience(await device.experience(locale))
    } catch {
      setNotice('failed')
      await load()
    }
    setIsBusy(false)
  }

  return {
    status,
    notice,
    experience,
    isBusy,
    reload: load,
    entryOf: (purpose: string) => consents?.purposes.find(({ key }) => key === purpose),
    stateOf: (purpose: string): PurposeState =>
      consents?.purposes.find(({ key }) => key === purpose)?.state ?? 'never_asked',
    choose: (choices: readonly PurposeChoice[]) =>
      act(() => (experience ? device.choose(experience, choices) : Promise.resolve(undefined)), 'saved'),
    withdrawAll: () => act(() => device.withdrawAll(), 'withdrawn'),
  }
}
