import { PublicApiError } from './device-consents.ts'
import type { Consents, Experience, ExperiencePurpose, PurposeChoice } from './experience.ts'

/** Opens somebody's choices for a while; what a code or a host's word is changed for. */
export type Session = { readonly token: string; readonly expires_at: string }

export type NoticeShown = { readonly key: string; readonly version: number; readonly locale: string }

/** What she chose, and when. */
export type HistoryEntry = {
  readonly seq: number
  readonly at: string
  readonly what: 'granted' | 'refused' | 'withdrawn' | 'gpc' | 'expired'
  readonly purposes: readonly { readonly key: string; readonly name: string }[]
  readonly notice: NoticeShown | null
}

/** The words of a notice, as they were published. */
export type ShownWords = NoticeShown & {
  readonly text: {
    readonly title: string
    readonly body: readonly string[]
    readonly withdrawal: string
    readonly rights: string
    readonly controller: string
    readonly contact: string
  }
}

export type OwnHistory = {
  readonly history: readonly HistoryEntry[]
  readonly words: readonly ShownWords[]
}

/** Which services have applied her last no. */
export type Stopped = {
  readonly since: string | null
  readonly services: readonly {
    readonly name: string
    readonly has_applied: boolean
    readonly at: string | null
  }[]
}

export type ErasureAsked = { readonly reference: string; readonly due_at: string }

/** A yes that waits for whoever reads the letter, in the words that were shown. */
export type WaitingYes = {
  readonly kind: 'confirm' | 'guardian'
  readonly locale: string
  readonly controller: string
  readonly purposes: readonly Omit<ExperiencePurpose, 'step'>[]
  readonly notice: Experience['notice'] & { readonly locale: string }
}

export type ConfirmationAnswered = {
  readonly kind: WaitingYes['kind']
  /** `without_effect`: what it rests on has changed, and it allows nothing. */
  readonly outcome: 'confirmed' | 'refused' | 'without_effect'
}

/** A device's own token, and its id as services name it: `device:<id>`. */
export type DeviceMade = { readonly token: string; readonly device: string; readonly expires_at: string }

export type OwnRecord = ReturnType<typeof createOwnRecord>

/**
 * What a person may read and ask about herself, from a page of this installation. Each call speaks for whoever the token
 * is of; there is no other way to name anyone. Rejects with `PublicApiError`.
 */
export function createOwnRecord(options: { readonly property: string; readonly fetch: typeof fetch }) {
  const base = `/v1/public/${encodeURIComponent(options.property)}`

  async function call<T>(path: string, token?: string, body?: object): Promise<T> {
    const response = await options
      .fetch(base + path, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        ...{ credentials: 'omit', cache: 'no-store', signal: AbortSignal.timeout(8_000) },
      })
      .catch(() => {
        throw new PublicApiError(0, 'unreachable')
      })
    const answer = await response.json().catch(() => ({}))
    if (!response.ok) throw new PublicApiError(response.status, String(answer.code ?? 'internal'))
    return answer as T
  }

  const inLocale = (locale: string) => `?locale=${encodeURIComponent(locale)}`

  return {
    history: (token: string, locale: string) => call<OwnHistory>(`/history${inLocale(locale)}`, token),
    stopped: (token: string) => call<Stopped>('/stopped', token),
    /** To keep as a file. */
    record: (token: string, locale: string) => call<object>(`/record${inLocale(locale)}`, token),
    askErasure: (token: string, contact: string) =>
      call<ErasureAsked>('/erasure', token, contact === '' ? {} : { contact }),

    /** All that can be answered, with what a yes to it needs besides. */
    experience: (locale: string) => call<Experience>(`/experience${inLocale(locale)}&on=page`),
    reach: () => call<{ readonly mail: boolean }>('/reach'),
    sendLink: (email: string, locale: string) => call('/links', undefined, { email, locale }),
    /** Whose choices a link opens; spends nothing. */
    readLink: (code: string) => call<{ readonly address: string }>('/links/read', undefined, { code }),
    openLink: (code: string) => call<Session>('/links/open', undefined, { code }),
    openHandOver: (code: string) => call<Session>('/hand-overs/open', undefined, { code }),
    openAssertion: (assertion: string) => call<Session>('/identities', undefined, { assertion }),

    /** A device's token, for who says something for the first time. */
    makeDevice: ({ serving }: Pick<Experience, 'serving'>) =>
      call<DeviceMade>('/tokens', undefined, { serving }),
    sayAge: (token: string, age: number) => call('/age', token, { age }),
    /** Has a yes to a question, and to its parts, confirmed by mail. */
    async askConfirmation(
      token: string,
      { serving }: Pick<Experience, 'serving'>,
      purposes: readonly string[],
      email: string,
    ): Promise<void> {
      const { snapshot } = await call<{ snapshot: string }>('/snapshots', token, { serving })
      await call('/confirmations', token, { snapshot, purposes, email })
    },
    /** What a letter's link confirms; spends nothing. */
    readConfirmation: (code: string) => call<WaitingYes>('/confirmations/read', undefined, { code }),
    answerConfirmation: (code: string, confirms: boolean) =>
      call<ConfirmationAnswered>('/confirmations/answer', undefined, { code, confirms }),

    consents: (token: string) => call<Consents>('/consents', token),
    withdrawAll: (token: string) => call<Consents>('/withdraw-all', token, {}),
    async choose(
      token: string,
      { serving }: Pick<Experience, 'serving'>,
      choices: readonly PurposeChoice[],
    ): Promise<Consents> {
      const { snapshot } = await call<{ snapshot: string }>('/snapshots', token, { serving })
      return call<Consents>('/consents', token, { snapshot, choices })
    },
  }
}
