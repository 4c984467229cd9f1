/** What the API tells about one person; see `components/schemas` of the OpenAPI document. */
export type Person = {
  readonly id: string
  readonly identifiers: readonly { readonly namespace: string; readonly id: string | null }[]
  readonly links: readonly {
    readonly id: string
    readonly namespaces: readonly string[]
    readonly since: string
    readonly until: string | null
  }[]
  readonly is_restricted: boolean
  readonly erased_before: string | null
  readonly gpc_since: string | null
  readonly regimes: readonly string[]
  readonly view: { readonly why: string; readonly note: string; readonly until: string } | null
}

type Said = { readonly allowed: boolean; readonly reason: string }

export type ChangedAnswer = {
  readonly purpose: string
  readonly property: string | null
  readonly before: Said
  readonly after: Said
}

export type PastAnswer = Said & { readonly because: string }

/** Answers of the past: no data may be used on the strength of them. */
export type PersonAnswers = {
  readonly at: string
  readonly answers: readonly {
    readonly purpose: string
    readonly property: string | null
    readonly as_known_then: PastAnswer
    readonly as_known_now: PastAnswer
  }[]
}

export type PersonMoment = {
  readonly at: string
  readonly as_known_then: readonly ChangedAnswer[]
  readonly as_known_now: readonly ChangedAnswer[]
}

type Shown = { readonly key: string; readonly version: number; readonly locale: string }

export type WordsShown = Shown & {
  readonly sha256: string
  readonly text: {
    readonly title: string
    readonly body: readonly string[]
    readonly withdrawal: string
    readonly rights: string
    readonly controller: string
    readonly contact: string
  }
}

export type TimelineEvent = {
  readonly id: string
  readonly seq: number
  readonly revision: string
  readonly recorded_at: string
  readonly occurred_at: string
  readonly act: string
  readonly status: string
  readonly purpose?: string
  readonly property?: string | null
  readonly method?: string | null
  readonly actor?: string
  readonly other?: string
  readonly notice: Shown | null
  readonly hash: string
  readonly has_evidence: boolean
  readonly changed: readonly ChangedAnswer[]
}

export type PersonTimeline = {
  readonly events: readonly TimelineEvent[]
  readonly words: readonly WordsShown[]
  readonly before: number | null
}

/** A request in the register. */
export type RequestListed = {
  readonly id: string
  /** What the person was told to name it by. */
  readonly reference: string
  readonly kind: 'access' | 'erasure' | 'objection' | 'opt_out' | 'rectification'
  readonly regime: 'gdpr' | 'ccpa'
  readonly state: 'open' | 'answered' | 'refused' | 'withdrawn'
  readonly subject: string | null
  readonly namespace: string | null
  readonly received_at: string
  readonly due_at: string
  readonly extended_until: string | null
  readonly answer_by: string
  readonly is_overdue: boolean
  readonly answered_at: string | null
  readonly proof_sha256: string | null
  readonly clock: { readonly source: string; readonly may_extend: boolean }
  readonly revision: number
}

export type RequestWithHistory = RequestListed & {
  readonly history: readonly {
    readonly revision: number
    readonly at: string
    readonly actor: string
    readonly change: string
    readonly detail: Readonly<Record<string, string>>
  }[]
}

export type RequestsListed = {
  readonly requests: readonly RequestListed[]
  readonly next: string | null
  readonly open: number
  readonly overdue: number
}

export type RequestTexts = {
  readonly identifier: string | null
  readonly texts: readonly {
    readonly revision: number
    readonly text?: string
    readonly proof?: { readonly text: string; readonly sha256?: string; readonly reference?: string }
  }[]
}
