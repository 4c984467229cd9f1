/** A row of the log of evidence, as `GET /v1/evidence` tells it. */
export type EvidenceListed = {
  readonly id: string
  readonly at: string
  readonly source: 'event' | 'act'
  readonly seq: number | null
  readonly kind: string
  readonly actor: string | null
  readonly purpose: string | null
  readonly property: string | null
  readonly subject: string | null
  readonly notice: { readonly key: string; readonly version: number; readonly locale: string } | null
  readonly about: string | null
}

export type EvidencePage = {
  readonly evidence: readonly EvidenceListed[]
  /** Cursors of the pages beside this one. */
  readonly next: string | null
  readonly previous: string | null
  /** False while the log is being made. */
  readonly is_current: boolean
}

export type EvidenceRecord = EvidenceListed & {
  readonly actor_name: string | null
  readonly detail: Readonly<Record<string, unknown>>
  readonly occurred_at: string | null
  readonly chain: {
    readonly epoch: number
    readonly leaf: string
    readonly previous_hash: string
    readonly hash: string
  } | null
  readonly words: {
    readonly sha256: string
    readonly title: string | null
    readonly published_seq: number
  } | null
}

type Counted = readonly { readonly value: string; readonly name: string | null; readonly count: number }[]

/** What the log of evidence can be filtered by. */
export type EvidenceFacets = {
  readonly kinds: Counted
  readonly actors: Counted
  readonly purposes: Counted
  readonly properties: Counted
  readonly total: number
  readonly is_current: boolean
}

type SealedAnswer = {
  readonly allowed: boolean
  readonly reason: string
  readonly because: string
  readonly event_seq: number | null
  readonly notice: { readonly key: string; readonly version: number; readonly locale: string | null } | null
  readonly rows: readonly {
    readonly row: number
    readonly rule: string
    readonly outcome: 'passed' | 'failed' | 'not_reached'
    readonly saw: string
  }[]
} | null

type RoomQuestion = {
  readonly subject: string
  readonly purpose: string
  readonly property: string | null
  readonly at: string
}

/** What a room shows. */
export type RoomContent = {
  readonly organisation: string
  readonly question: RoomQuestion
  readonly answer: { readonly as_known_then: SealedAnswer; readonly as_known_now: SealedAnswer }
  readonly words: readonly {
    readonly key: string
    readonly version: number
    readonly locale: string
    readonly sha256: string
    readonly text: {
      readonly title?: string
      readonly body?: readonly string[]
      readonly withdrawal?: string
      readonly rights?: string
      readonly controller?: string
      readonly contact?: string
    }
    readonly approval: {
      readonly release: string
      readonly published_at: string
      readonly approvals: readonly { readonly by: string; readonly at: string }[]
    } | null
  }[]
  readonly events: readonly {
    readonly id: string
    readonly seq: number
    readonly act: string
    readonly recorded_at: string
    readonly occurred_at: string
    readonly purpose: string | null
    readonly property: string | null
    readonly notice: { readonly key: string; readonly version: number; readonly locale: string } | null
    readonly method: string | null
    readonly actor: string | null
    readonly is_relied_on: boolean
    readonly previous_hash: string
    readonly hash: string
  }[]
  readonly withheld: readonly string[]
  readonly sealed_at: string
}

export type RoomListed = {
  readonly id: string
  readonly question: RoomQuestion
  readonly state: 'open' | 'expired' | 'revoked'
  readonly why: string
  readonly note: string
  readonly created_by: string
  readonly created_at: string
  readonly expires_at: string
  readonly revoked_at: string | null
  readonly views: number
  readonly last_viewed_at: string | null
}

export type RoomRecord = RoomListed & {
  readonly content: RoomContent
  readonly content_sha256: string
  readonly seen: readonly { readonly at: string; readonly from: string }[]
}

/** A room as whoever has its link sees it. */
export type RoomSeen = {
  readonly content: RoomContent
  readonly content_sha256: string
  readonly created_at: string
  readonly expires_at: string
}
