import type { Answer, Consents, Experience, PurposeChoice } from './experience.ts'

/** The part of `localStorage` that is used. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** What a browser keeps of one property, from the first choice on. */
type Kept = {
  readonly token?: string
  readonly device?: string
  readonly expires_at?: string
  /** Of the latest choice. */
  readonly revision?: string
  /** A withdrawal of everything that could not be sent yet. It already holds here, and is sent before anything else. */
  readonly pending?: true
  /** Single refusals that could not be sent yet; they hold here as well. */
  readonly refusals?: readonly PurposeChoice[]
  /** The language in which they were said. */
  readonly locale?: string | undefined
}

/** What a browser keeps to speak for its device. */
export type TokenOfDevice = Required<Pick<Kept, 'token' | 'device' | 'expires_at'>>

/** A call was refused, or nobody answered (`status` 0). */
export class PublicApiError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

/** Nobody answered, or only to say that it cannot be done now. */
const isAway = (error: unknown) =>
  error instanceof PublicApiError && (error.status === 0 || error.status === 429 || error.status >= 500)

/** Whether a no to one purpose is a no to the other: to its whole, or to a part of it. */
const isBelow = (one: string, other: string) => one === other || other.startsWith(`${one}.`)

/**
 * What one device may ask and say on one property, in a browser.
 *
 * Nothing is stored before `choose`. A refusal that cannot be sent is kept and sent later; a yes never is: it
 * acts only once the server has it. Choices of several tabs are sent one after the other. Where the browser refuses to
 * store, everything holds for as long as the page is open. Rejects with `PublicApiError`.
 */
export type DeviceConsents = ReturnType<typeof createDeviceConsents>

export function createDeviceConsents(options: {
  /** Origin of the API, without a slash at the end. */
  readonly baseUrl: string
  readonly property: string
  readonly shelf: () => Shelf
  readonly fetch: typeof fetch
}) {
  const name = `assent:${options.property}`
  const base = `${options.baseUrl}/v1/public/${encodeURIComponent(options.property)}`
  let memory: Kept | undefined
  let isShelved = true
  /** Speaks for the user whom the host named, until the server says that it has run out; kept nowhere else. */
  let user: string | undefined
  let last: Promise<unknown> = Promise.resolve()

  function kept(): Kept | undefined {
    try {
      const text = options.shelf().getItem(name)
      if (text !== null) return (JSON.parse(text) as Kept | null) ?? undefined
      return isShelved ? undefined : memory
    } catch {
      return memory
    }
  }

  const isPending = (): boolean => (kept()?.pending ?? kept()?.refusals) !== undefined

  function keep(value: Kept | undefined): void {
    memory = value
    try {
      if (value === undefined) options.shelf().removeItem(name)
      else options.shelf().setItem(name, JSON.stringify(value))
      isShelved = true
    } catch {
      // A browser that refuses to store: the choice is recorded, and asked again on the next visit.
      isShelved = false
    }
  }

  const keepToken = (made: TokenOfDevice): void => keep({ ...kept(), ...made })

  /** One tab at a time, so that two first choices do not make two devices of one. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const { locks } = globalThis.navigator ?? {}
    if (locks) return locks.request(name, work) as Promise<T>
    const next = last.then(work, work)
    last = next.catch(() => undefined)
    return next
  }

  async function call<T>(path: string, body?: unknown, token?: string): Promise<T> {
    const isRead = body === undefined
    const response = await options
      .fetch(base + path, {
        method: isRead ? 'GET' : 'POST',
        headers: {
          ...(isRead ? {} : { 'Content-Type': 'application/json' }),
          ...(token ? { Authorization: `Bearer ${token}` } : {}),
        },
        body: isRead ? null : JSON.stringify(body),
        credentials: 'omit',
        // What is asked may come from a cache; what a device said may not.
        cache: isRead && !token ? 'default' : 'no-store',
        signal: AbortSignal.timeout(8_000),
      })
      .catch(() => {
        throw new PublicApiError(0, 'unreachable')
      })
    const answer = await response.json().catch(() => ({}))
    if (!response.ok) throw new PublicApiError(response.status, answer.code ?? 'internal')
    return answer as T
  }

  /** The user's token while it serves, else the device's. This browser's clock is not asked: it may be wrong. */
  const bearer = () => user ?? kept()?.token

  /**
   * Runs `work` with the token that serves. One that serves no more is let go of, but not a no that is still to be sent; what
   * was given with a device's is taken back with it, since nobody could take it back later.
   */
  async function withToken<T>(work: (token: string) => Promise<T>): Promise<T | undefined> {
    const token = bearer()
    if (!token) return undefined
    try {
      return await work(token)
    } catch (error) {
      if (!(error instanceof PublicApiError) || error.status !== 401) throw error
      // Run out: the device's own serves.
      if (token === user) {
        user = undefined
        return withToken(work)
      }
      const { pending, refusals, locale } = kept() ?? {}
      if (error.code === 'token_expired') await call('/withdraw-all', {}, token)
      else if (pending || refusals) throw error
      keep(refusals && { refusals, locale })
      return undefined
    }
  }

  /** One call with the token that serves; undefined where there is none. */
  const send = <T>(path: string, body?: object): Promise<T | undefined> =>
    withToken((token) => call<T>(path, body, token))

  const experience = (locale: string): Promise<Experience> =>
    call(`/experience?locale=${encodeURIComponent(locale)}`)

  async function sendPending(): Promise<void> {
    if (kept()?.pending && (await send('/withdraw-all', {}))) {
      const { pending: _sent, ...rest } = kept() ?? {}
      keep(rest)
    }
    const own = kept()
    if (!own?.refusals) return
    // Said to what is asked now; of what nobody asks about any more nothing has to be refused.
    const { serving, purposes } = await experience(own.locale ?? 'en')
    const asked = new Set(
      purposes.filter(({ is_asked, step }) => is_asked || step).map((purpose) => purpose.key),
    )
    const choices = own.refusals.filter(({ purpose }) => asked.has(purpose))
    if (choices.length > 0) await record(serving, choices)
    const { refusals: _sent, locale: _said, ...rest } = kept() ?? {}
    keep(rest)
  }

  async function record(
    serving: string,
    choices: readonly PurposeChoice[],
    names_gpc_conflict?: boolean,
  ): Promise<Consents> {
    const { snapshot, token } = await snapshotFor(serving)
    const consents = await call<Consents>('/consents', { snapshot, choices, names_gpc_conflict }, token)
    // Other tabs hear of it by this, once it is recorded.
    keep({ ...kept(), revision: consents.revision })
    return consents
  }

  /** A snapshot of what was served, for one choice; with it the device's token, if it has none yet. */
  async function snapshotFor(
    serving: string,
  ): Promise<{ readonly snapshot: string; readonly token: string }> {
    const known = await withToken(async (token) => ({
      ...(await call<{ snapshot: string }>('/snapshots', { serving }, token)),
      token,
    }))
    if (known) return known
    const { snapshot, ...made } = await call<TokenOfDevice & { readonly snapshot: string }>('/tokens', {
      serving,
    })
    keepToken(made)
    return { snapshot, token: made.token }
  }

  return {
    /** The device's id once it has made a choice, as services name it: `device:<id>`. */
    device: (): string | undefined => kept()?.device,
    /** The name under which the token is kept, to watch for changes made in another tab. */
    storageKey: name,
    /** True while a refusal waits to be sent. */
    isPending,
    /** True where a refusal that waits to be sent says no to `purpose`, to its whole or to a part of it. */
    refuses(purpose: string): boolean {
      const own = kept()
      return (
        own?.pending === true ||
        (own?.refusals ?? []).some((no) => isBelow(no.purpose, purpose) || isBelow(purpose, no.purpose))
      )
    },
    /** True only where the browser's storage can be read and holds nothing: this device has never made a choice. */
    isNew(): boolean {
      try {
        return options.shelf().getItem(name) === null && memory === undefined
      } catch {
        return false
      }
    },

    /** Whether a notice that asks nothing was put away, or that it is now: kept under a name of its own. */
    closed(notice: string, isNow = false): boolean {
      try {
        const shelf = options.shelf()
        const at = `${name}:closed`
        if (isNow) shelf.setItem(at, notice)
        return shelf.getItem(at) === notice
      } catch {
        return false
      }
    },

    experience,

    /** Where each purpose stands; undefined for a device that has made no choice. */
    async consents(): Promise<Consents | undefined> {
      if (isPending()) await alone(sendPending)
      return send<Consents>('/consents')
    },

    /**
     * Records the choices, all or none. The first one mints the device's token. Refusals that cannot be sent are kept,
     * and hold here: then it rejects with the code `pending`.
     */
    choose(
      { serving, locale }: Pick<Experience, 'serving' | 'locale'>,
      choices: readonly PurposeChoice[],
      namesGpcConflict?: boolean,
    ): Promise<Consents> {
      return alone(async () => {
        try {
          await sendPending()
          return await record(serving, choices, namesGpcConflict)
        } catch (error) {
          if (!isAway(error) || choices.some(({ act }) => act === 'grant')) throw error
          const own = kept()
          keep({ ...own, locale, refusals: [...(own?.refusals ?? []), ...choices] })
          throw new PublicApiError(0, 'pending')
        }
      })
    },

    /** Takes back everything. Holds here at once, even if it must be sent later. */
    withdrawAll(): Promise<Consents | undefined> {
      const hold = () => {
        if (bearer() === undefined) return false
        keep({ ...kept(), pending: true })
        return true
      }
      hold()
      return alone(async () => {
        // A first yes may have been on its way when this was asked for.
        if (!hold()) return undefined
        await sendPending()
        return send<Consents>('/consents')
      })
    },

    /** Whom the next calls speak for: with a user's token for her, with none for the device. */
    speakFor(token: string | undefined): void {
      user = token
    },

    send,
    keepToken,

    /** One call with the device's own token, or with none. */
    sendAsDevice: <T>(path: string, body: object): Promise<T> => call<T>(path, body, kept()?.token),

    /** What a pipeline asking about this device would be told, now; undefined before any choice. */
    check: (purpose: string): Promise<Answer | undefined> => send('/check', { purpose }),
  }
}
