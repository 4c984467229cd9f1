'use client'

import { useCallback, useEffect, useRef, useState } from 'react'
import { PublicApiError } from '../../lib/web/device-consents.ts'
import type { OwnRecord, Session, WaitingYes } from '../../lib/web/own-record.ts'

/**
 * As whom she is here. `device`: as this browser. `named`: as whom a link, a hand-over or her host named. `link`: a link of
 * a letter waits for her word; `confirmation`: a letter asks whoever reads it to confirm a yes; `spent`: what she came with opens nothing any more.
 */
export type Arrival =
  | { readonly as: 'arriving' }
  | { readonly as: 'device' }
  | { readonly as: 'named'; readonly token: string }
  | { readonly as: 'link'; readonly code: string; readonly address: string }
  | { readonly as: 'confirmation'; readonly code: string; readonly of: WaitingYes }
  | { readonly as: 'spent' }
  | { readonly as: 'unreachable' }

/** Reads what she came with (`#t=`, `#a=`, `#m=`, `#c=`), once, and takes it out of the address. */
export function useSession(property: string, own: OwnRecord) {
  const name = `assent:${property}:session`
  const [arrival, setArrival] = useState<Arrival>({ as: 'arriving' })

  const begin = useCallback(
    (session: Session) => {
      keep(name, session)
      setArrival({ as: 'named', token: session.token })
    },
    [name],
  )
  const failed = useCallback((error: unknown) => {
    const isAway = error instanceof PublicApiError && (error.status === 0 || error.status >= 500)
    setArrival({ as: isAway ? 'unreachable' : 'spent' })
  }, [])

  const hasRead = useRef(false)
  useEffect(() => {
    if (hasRead.current) return
    hasRead.current = true
    const [kind, given] = [location.hash.slice(1, 2), location.hash.slice(3)]
    const isGiven = /^#[tamc]=./.test(location.hash)
    if (!isGiven) {
      const session = kept(name)
      setArrival(session ? { as: 'named', token: session.token } : { as: 'device' })
      return
    }
    const code = decoded(given)
    // It stays out of what is copied, bookmarked and gone back to; it serves once in any case.
    history.replaceState(history.state, '', location.pathname + location.search)
    const settle =
      kind === 'm'
        ? own.readLink(code).then(
            ({ address }) =>
              () =>
                setArrival({ as: 'link', code, address }),
          )
        : kind === 'c'
          ? own.readConfirmation(code).then((of) => () => setArrival({ as: 'confirmation', code, of }))
          : (kind === 't' ? own.openHandOver(code) : own.openAssertion(code)).then((it) => () => begin(it))
    settle.then((next) => next(), failed)
  }, [own, name, begin, failed])

  return {
    arrival,
    /** Uses a letter's link, at her word. */
    open: (code: string) => own.openLink(code).then(begin, failed),
    /** Her hour is over, or she goes on as this browser. */
    end: useCallback(
      (as: 'spent' | 'device') => {
        keep(name, undefined)
        setArrival({ as })
      },
      [name],
    ),
  }
}

/** As it is where it cannot be read: then nothing knows it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** For this tab alone, and no longer than it is open. */
function keep(name: string, session: Session | undefined): void {
  try {
    if (session === undefined) sessionStorage.removeItem(name)
    else sessionStorage.setItem(name, JSON.stringify(session))
  } catch {
    // A browser that refuses to store: it lasts until the page is left.
  }
}

function kept(name: string): Session | undefined {
  try {
    const text = sessionStorage.getItem(name)
    return text === null ? undefined : (JSON.parse(text) as Session)
  } catch {
    return undefined
  }
}
