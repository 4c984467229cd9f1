import type { Answer, Consents, Experience, PurposeChoice } from './experience.ts'

/** The part of `localStorage` that is used. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** The device's token, kept from its first choice on. */
type Kept = {
  readonly token: string
  readonly device: string
  readonly expires_at: string
  /** A withdrawal that could not be sent yet. It already holds here, and is sent before anything else. */
  readonly pending?: true
}

/** A call was refused, or nobody answered (`status` 0). */
export class PublicApiError extends Error {
  override readonly name = 'PublicApiError'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

/**
 * What one device may ask and say on one property, in a browser.
 *
 * Nothing is stored before `choose`. A refusal that cannot be sent is kept and sent later; a yes never is: it
 * acts only once the server has it. Rejects with `PublicApiError`.
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

  function kept(): Kept | undefined {
    try {
      const text = options.shelf().getItem(name)
      return text === null ? undefined : (JSON.parse(text) as Kept)
    } catch {
      return undefined
    }
  }

  function keep(value: Kept): void {
    try {
      options.shelf().setItem(name, JSON.stringify(value))
    } catch {
      // A browser that refuses to store: the choice is recorded, and asked again on the next visit.
    }
  }

  async function call<T>(path: string, body?: unknown, token?: string): Promise<T> {
    const headers: Record<string, string> = {}
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    if (token) headers.Authorization = `Bearer ${token}`
    const response = await options
      .fetch(base + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        credentials: 'omit',
        // What is asked may come from a cache; what a device said may not.
        cache: token === undefined && body === undefined ? 'default' : 'no-store',
        signal: AbortSignal.timeout(8_000),
      })
      .catch(() => {
        throw new PublicApiError(0, 'unreachable')
      })
    const answer = await response.json().catch(() => ({}))
    if (!response.ok) throw new PublicApiError(response.status, String(answer.code ?? 'internal'))
    return answer as T
  }

  /** Runs `work` with the token; one that the server no longer takes is forgotten. */
  async function withToken<T>(work: (token: string) => Promise<T>): Promise<T | undefined> {
    const own = kept()
    if (!own) return undefined
    try {
      return await work(own.token)
    } catch (error) {
      if (error instanceof PublicApiError && error.status === 401 && !own.pending) {
        options.shelf().removeItem(name)
        return undefined
      }
      throw error
    }
  }

  async function sendPending(): Promise<void> {
    const own = kept()
    if (!own?.pending) return
    await call('/withdraw-all', {}, own.token)
    const { pending: _sent, ...rest } = own
    keep(rest)
  }

  /** A snapshot of what was served, for one choice; with it the device's token, if it has none yet. */
  async function snapshotFor(
    serving: string,
  ): Promise<{ readonly snapshot: string; readonly token: string }> {
    const own = kept()
    if (own !== undefined) {
      const { snapshot } = await call<{ snapshot: string }>('/snapshots', { serving }, own.token)
      return { snapshot, token: own.token }
    }
    const { snapshot, ...made } = await call<Kept & { readonly snapshot: string }>('/tokens', { serving })
    keep(made)
    return { snapshot, token: made.token }
  }

  return {
    /** The device's id once it has made a choice, as services name it: `device:<id>`. */
    device: (): string | undefined => kept()?.device,
    /** The name under which the token is kept, to watch for changes made in another tab. */
    storageKey: name,
    /** True while a withdrawal waits to be sent. */
    isPending: (): boolean => kept()?.pending === true,

    experience: (locale: string): Promise<Experience> =>
      call(`/experience?locale=${encodeURIComponent(locale)}`),

    /** Where each purpose stands; undefined for a device that has made no choice. */
    async consents(): Promise<Consents | undefined> {
      await sendPending()
      return withToken((token) => call<Consents>('/consents', undefined, token))
    },

    /** Records the choices, all or none. The first one mints the device's token. */
    async choose(
      { serving }: Pick<Experience, 'serving'>,
      choices: readonly PurposeChoice[],
      options: { readonly namesGpcConflict?: boolean } = {},
    ): Promise<Consents> {
      await sendPending()
      const { snapshot, token } = await snapshotFor(serving)
      const named = options.namesGpcConflict === true ? { names_gpc_conflict: true } : {}
      return call<Consents>('/consents', { snapshot, choices, ...named }, token)
    },

    /** Takes back everything. Holds here at once, even if it must be sent later. */
    async withdrawAll(): Promise<Consents | undefined> {
      const own = kept()
      if (!own) return undefined
      keep({ ...own, pending: true })
      await sendPending()
      return withToken((token) => call<Consents>('/consents', undefined, token))
    },

    /** What a pipeline asking about this device would be told, now; undefined before any choice. */
    check: (purpose: string): Promise<Answer | undefined> =>
      withToken((token) => call<Answer>('/check', { purpose }, token)),
  }
}
