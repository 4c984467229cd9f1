import type {
  EvidenceFacets,
  EvidencePage,
  EvidenceRecord,
  RoomListed,
  RoomRecord,
} from './evidence-types.ts'
import type { RegimeFound, RegimeListed, SimulateAnswer, SimulateQuestion } from './regime-types.ts'

/** A call that was not answered: the server's problem, or none where it could not be reached. */
export class AssentApiError extends Error {
  override readonly name = 'AssentApiError'
  /** 0 where nobody answered. */
  readonly status: number
  readonly code: string
  /** How long the server asks to be left alone; undefined where it does not say. */
  readonly retryAfterMs: number | undefined
  /** The problem as the server sent it, with what it carries besides; empty where nobody answered. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    status: number,
    code: string,
    message: string,
    cause?: unknown,
    retryAfterMs?: number,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.status = status
    this.code = code
    this.retryAfterMs = retryAfterMs
    this.details = details
  }
}

export type CheckQuestion = {
  readonly subject: string
  readonly purpose: string
  readonly collected_at?: string
  readonly property?: string
  readonly categories?: readonly string[]
  readonly recipient?: string
  readonly regime?: string
  readonly source_purpose?: string
  /** With what `Content-Usage` the content was published. */
  readonly content_usage?: string | readonly string[]
  readonly at_least?: string
}

export type CheckAnswer = {
  readonly allowed: boolean
  readonly reason: string
  readonly because: string
  readonly revision: string
  readonly decided_at: string
  readonly event: { readonly seq: number } | null
  readonly notice: { readonly key: string; readonly version: number; readonly locale: string | null } | null
  readonly obligations?: {
    readonly categories: readonly string[]
    readonly collected_from: string
    readonly use_until: string
  }
  readonly assumed?: readonly string[]
}

export type ExplainAnswer = CheckAnswer & {
  readonly trace: readonly {
    readonly row: number
    readonly rule: string
    readonly outcome: 'passed' | 'failed' | 'not_reached'
    readonly saw: string
  }[]
}

export type Localised = Readonly<Record<string, string>>

export type PurposeListed = {
  readonly key: string
  readonly name: Localised
  readonly description: Localised
  readonly version: number
  readonly material_version: number
  readonly is_retired: boolean
  readonly basis: string
  readonly necessity?: Localised
  readonly categories: readonly string[]
  readonly recipients: readonly string[]
  readonly controllers: readonly string[]
  readonly transfers: readonly string[]
  readonly retentionDays: number | null
  readonly saleOrSharing: boolean
  readonly needsCollectedAt: boolean
  readonly needsConfirmation?: boolean
  readonly automatedDecisions: boolean
  readonly dpv: readonly string[]
  readonly children: readonly string[]
}

export type NoticeListed = {
  readonly key: string
  readonly version: number
  readonly property: string | null
  readonly purposes: readonly {
    readonly purpose: string
    readonly version: number
    readonly coversEarlier: { readonly fromMs: number; readonly sourcePurposes: readonly string[] } | null
    readonly explicitCategories: readonly string[]
  }[]
  readonly texts: Readonly<
    Record<
      string,
      {
        readonly title: string
        readonly body: readonly string[]
        readonly withdrawal: string
        readonly rights: string
        readonly controller: string
        readonly contact: string
      }
    >
  >
  readonly sha256: string
  readonly published_at: string
  readonly in_force_until: string | null
  readonly is_invalidated: boolean
}

/** Something a notice must say; `to_read`: only someone who reads the words can tell whether it does. */
export type CompletenessCheck = {
  readonly check: string
  readonly asks: string
  readonly source: string
  readonly outcome: 'met' | 'missing' | 'to_read'
  readonly findings: readonly string[]
}

/** One version of a notice, with where it was published and which other versions there are. */
export type NoticeVersion = NoticeListed & {
  /** Who approved its release; null for what was published without one. */
  readonly approved_by: readonly string[] | null
  readonly release: { readonly id: string; readonly title: string; readonly author: string } | null
  /** Whose the names in this answer are. */
  readonly people: Readonly<Record<string, string>>
  readonly published_in: string
  readonly published_seq: number
  readonly versions: readonly number[]
  readonly completeness: readonly CompletenessCheck[]
}

type Counted = {
  readonly in_force: number
  /** The purpose has changed materially since. */
  readonly superseded: number
  readonly run_out: number
  readonly void: number
}

/** Consents that rest on one version of a notice, by purpose and locale. */
export type NoticeConsents = Counted & {
  readonly consents: readonly (Counted & {
    readonly purpose: string
    readonly purpose_version: number
    readonly locale: string
  })[]
  readonly revision: string
  readonly as_of: string
}

export type EventListed = {
  readonly id: string
  readonly seq: number
  readonly act: string
  readonly subject: string | null
  readonly recorded_at: string
  readonly occurred_at: string
  readonly [member: string]: unknown
}

export type FilterSummary = {
  readonly id: string
  readonly complete: boolean
  readonly purpose: string
  readonly records: number
  readonly permitted: number
  readonly unknown: number
  readonly denied: Readonly<Record<string, number>>
  readonly broken: readonly { readonly line: number; readonly code: string }[]
  readonly broken_total: number
  readonly revision: { readonly from: string; readonly to: string }
  /** When the first permitted record is to be asked about again; null where none was permitted. */
  readonly use_until?: string | null
  readonly sha256_out?: string
}

export type ConsumerListed = {
  readonly name: string
  readonly description: string
  readonly purposes: readonly string[]
  readonly state: 'up_to_date' | 'behind' | 'stopped'
  readonly applied: string
  readonly reported_at: string
  readonly reported_by: string
  /** Changes that wait for it; more than 1,000 are counted as 1,001. */
  readonly behind: number
  readonly behind_since: string | null
}

export type RecallScope =
  | { readonly kind: 'notice' | 'experience'; readonly key: string; readonly version: number }
  | { readonly kind: 'key' | 'import'; readonly id: string }

type StruckConsents = {
  readonly people: number
  readonly consents: number
  readonly by_purpose: readonly {
    readonly purpose: string
    readonly locale: string | null
    readonly consents: number
  }[]
}

type RecallConsumer = { readonly name: string; readonly applied: string; readonly is_applied: boolean }

export type RecallAffected = StruckConsents & {
  readonly services: readonly {
    readonly key: string
    readonly name: string | null
    readonly permits: number
  }[]
  readonly runs: readonly { readonly run: string; readonly people: number }[]
  readonly filters: readonly { readonly id: string; readonly purpose: string; readonly created_at: string }[]
  readonly consumers: readonly RecallConsumer[]
  readonly revision: string
}

export type RecallListed = {
  readonly id: string
  readonly scope: RecallScope
  readonly reason: string
  readonly recalled_by: string
  readonly recalled_at: string
  readonly revision: string
  /** Null until its tasks are opened. */
  readonly struck: StruckConsents | null
  readonly tasks: { readonly open: number; readonly done: number }
}

export type TaskListed = {
  readonly id: string
  readonly kind: string
  readonly matter: Readonly<Record<string, unknown>>
  readonly opened_at: string
  readonly done_at: string | null
  readonly done_by: string | null
  readonly note: string | null
}

export type MemberRole = 'owner' | 'officer' | 'auditor' | 'developer'

export type MemberListed = {
  readonly id: string
  readonly email: string
  readonly role: MemberRole
  readonly created_at: string
  /** Null for who has never signed in. */
  readonly last_seen_at: string | null
}

export type InvitationListed = {
  readonly id: string
  readonly email: string
  readonly role: MemberRole
  readonly invited_by: string
  readonly created_at: string
  readonly expires_at: string
}

export type SessionListed = {
  readonly id: string
  readonly is_current: boolean
  readonly created_at: string
  readonly last_seen_at: string
  readonly expires_at: string
}

export type KeyListed = {
  readonly id: string
  readonly name: string
  readonly prefix: string
  readonly scopes: readonly string[]
  readonly legal_entity: string | null
  readonly replaces: string | null
  readonly created_at: string
  readonly created_by: string | null
  readonly created_by_name: string | null
  /** It is a key until then; null where it has no end. */
  readonly expires_at: string | null
  readonly revoked_at: string | null
  readonly revoked_by: string | null
  readonly last_used_at: string | null
}

/** A key as its maker gets it, once. */
export type KeyMade = {
  readonly id: string
  readonly name: string
  readonly key: string
  readonly replaced?: { readonly id: string; readonly expires_at: string | null }
}

/** What one key asked over a time. */
export type ServiceListed = {
  readonly key: string
  readonly name: string
  readonly legal_entity: string | null
  readonly state: 'live' | 'ended' | 'revoked'
  readonly decisions: number
  readonly denied: number
  readonly last_asked_at: string | null
  readonly purposes: readonly {
    readonly purpose: string
    readonly decisions: number
    readonly denied: number
    readonly is_new: boolean
  }[]
}

export type QuestionsOfService = {
  readonly step: 'minute' | 'hour' | 'day'
  /** When each step begins. */
  readonly at: readonly string[]
  readonly series: readonly {
    readonly purpose: string
    readonly reason: string
    readonly allowed: boolean
    /** One for each step. */
    readonly counts: readonly number[]
  }[]
}

/** A purpose that a key asked about for the first time, and nobody has seen yet. */
export type FirstUseListed = { readonly key: string; readonly purpose: string; readonly first_at: string }

export type SecondFactorShown = {
  /** Null where she has none. */
  readonly confirmed_at: string | null
  readonly recovery_codes_left: number
}

export type SignInSettings = {
  readonly passwords: boolean
  readonly provider: { readonly name: string; readonly issuer: string } | null
  readonly require_second_factor: boolean
  readonly members: readonly {
    readonly id: string
    readonly email: string
    readonly has_second_factor: boolean
    readonly is_known_to_provider: boolean
  }[]
}

/** What one call may have of its own. */
export type CallOptions = {
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
  readonly signal?: AbortSignal | undefined
}

export type AssentClient = ReturnType<typeof createClient>

/**
 * The API in TypeScript, over any `fetch`. Methods reject with `AssentApiError`; a no is an answer, not an error.
 * `headers` go with every call.
 */
export function createClient(options: {
  /** Without a slash at the end. */
  readonly baseUrl: string
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
  readonly fetch?: typeof fetch
}) {
  const send = options.fetch ?? fetch

  async function call<T>(method: string, path: string, body?: unknown, more: CallOptions = {}): Promise<T> {
    const { response, bytes } = await exchange(method, path, body, more)
    let answer: Record<string, unknown> = {}
    try {
      answer = JSON.parse(new TextDecoder().decode(bytes))
    } catch (cause) {
      if (response.ok) throw new AssentApiError(0, 'unreachable', 'The answer cannot be read.', cause)
    }
    if (response.ok) return answer as T
    throw problemOf(response, answer)
  }

  /** The answer as bytes, whatever its status. Times out on the whole of it, the last byte included. */
  async function exchange(method: string, path: string, body?: unknown, more: CallOptions = {}) {
    const abort = new AbortController()
    const give = () => abort.abort(more.signal?.reason)
    const timer = setTimeout(
      () => abort.abort(new DOMException('The time is over.', 'TimeoutError')),
      more.timeoutMs ?? options.timeoutMs ?? 10_000,
    )
    if (more.signal?.aborted) give()
    more.signal?.addEventListener('abort', give, { once: true })
    try {
      const response = await send(options.baseUrl + path, {
        method,
        headers: {
          Accept: 'application/json',
          ...(options.key === undefined ? {} : { Authorization: `Bearer ${options.key}` }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...options.headers,
          ...more.headers,
        },
        body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
        signal: abort.signal,
        cache: 'no-store',
      })
      return { response, bytes: await response.arrayBuffer() }
    } catch (cause) {
      throw new AssentApiError(0, 'unreachable', `${options.baseUrl} cannot be reached.`, cause)
    } finally {
      clearTimeout(timer)
      more.signal?.removeEventListener('abort', give)
    }
  }

  return {
    check: (question: CheckQuestion) => call<CheckAnswer>('POST', '/v1/check', question),
    explain: (question: CheckQuestion) => call<ExplainAnswer>('POST', '/v1/explain', question),
    purposes: () => call<{ purposes: readonly PurposeListed[] }>('GET', '/v1/purposes'),
    regimes: () => call<{ regimes: readonly RegimeListed[] }>('GET', '/v1/regimes'),
    regime: (key: string) => call<RegimeFound>('GET', `/v1/regimes/${encodeURIComponent(key)}`),
    /** What would be answered about someone who is made up; nothing is stored. */
    simulate: (question: SimulateQuestion) => call<SimulateAnswer>('POST', '/v1/simulate', question),
    notices: () => call<{ notices: readonly NoticeListed[] }>('GET', '/v1/notices'),
    notice: (key: string, version: number) =>
      call<NoticeVersion>('GET', `/v1/notices/${encodeURIComponent(key)}/${version}`),
    /** Counted anew for each call: with a million subjects it takes some hundred milliseconds. */
    noticeConsents: (key: string, version: number) =>
      call<NoticeConsents>('GET', `/v1/notices/${encodeURIComponent(key)}/${version}/consents`),
    properties: () => call<{ properties: readonly { key: string; name: string }[] }>('GET', '/v1/properties'),
    events: (query: { before?: number; limit?: number } = {}) =>
      call<{ events: readonly EventListed[] }>('GET', `/v1/events${search(query)}`),
    /** `query` as `GET /v1/evidence` takes it. */
    evidence: (query: URLSearchParams) => call<EvidencePage>('GET', `/v1/evidence?${query}`),
    evidenceFacets: () => call<EvidenceFacets>('GET', '/v1/evidence/facets'),
    evidenceRecord: (id: string) => call<EvidenceRecord>('GET', `/v1/evidence/${encodeURIComponent(id)}`),
    rooms: () => call<{ rooms: readonly RoomListed[] }>('GET', '/v1/rooms'),
    room: (id: string) => call<RoomRecord>('GET', `/v1/rooms/${encodeURIComponent(id)}`),
    consumers: () => call<{ consumers: readonly ConsumerListed[]; head: string }>('GET', '/v1/consumers'),
    filterSummary: (id: string) => call<FilterSummary>('GET', `/v1/filters/${encodeURIComponent(id)}`),
    recalls: () => call<{ recalls: readonly RecallListed[] }>('GET', '/v1/recalls'),
    recall: (id: string) =>
      call<RecallListed & { consumers: readonly RecallConsumer[] }>(
        'GET',
        `/v1/recalls/${encodeURIComponent(id)}`,
      ),
    recallSubjects: (id: string, query: { after?: string; limit?: number } = {}) =>
      call<{ subjects: readonly string[]; next: string | null }>(
        'GET',
        `/v1/recalls/${encodeURIComponent(id)}/subjects${search(query)}`,
      ),
    tasks: (query: { state: 'open' | 'done'; recall?: string; limit?: number }) =>
      call<{ tasks: readonly TaskListed[]; next: string | null }>('GET', `/v1/tasks${search(query)}`),
    members: () => call<{ members: readonly MemberListed[] }>('GET', '/v1/members'),
    invitations: () => call<{ invitations: readonly InvitationListed[] }>('GET', '/v1/invitations'),
    sessions: () => call<{ sessions: readonly SessionListed[] }>('GET', '/v1/sessions'),
    keys: (state: 'live' | 'over' = 'live') =>
      call<{ keys: readonly KeyListed[] }>('GET', `/v1/keys?revoked=${state === 'over'}`),
    services: (from: string) =>
      call<{ services: readonly ServiceListed[] }>('GET', `/v1/services?from=${encodeURIComponent(from)}`),
    questionsOf: (key: string, from: string, step: QuestionsOfService['step']) =>
      call<QuestionsOfService>(
        'GET',
        `/v1/services/${encodeURIComponent(key)}/questions?from=${encodeURIComponent(from)}&step=${step}`,
      ),
    firstUses: () => call<{ first_uses: readonly FirstUseListed[] }>('GET', '/v1/first-uses'),
    secondFactor: () => call<SecondFactorShown>('GET', '/v1/account/second-factor'),
    signInSettings: () => call<SignInSettings>('GET', '/v1/sign-in-settings'),
    /** Any other call. A string is sent as the JSON that it is. */
    call,
    exchange,
  }
}

/** The error that an answer other than 2xx tells. */
export function problemOf(response: Response, answer: Readonly<Record<string, unknown>>): AssentApiError {
  const code = typeof answer.code === 'string' ? answer.code : 'internal'
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1_000 : undefined
  const message = String(answer.detail ?? response.statusText)
  return new AssentApiError(response.status, code, message, undefined, retryAfterMs, answer)
}

function search(query: Readonly<Record<string, number | string | undefined>>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  )
  return given.length === 0 ? '' : `?${given.join('&')}`
}
