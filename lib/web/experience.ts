/** What is asked of one device on one property, as `GET /v1/public/{property}/experience` tells it. */
export type Experience = {
  readonly property: string
  readonly locale: string
  readonly locales: readonly string[]
  readonly controller: string
  readonly notice: {
    readonly key: string
    readonly version: number
    readonly title: string
    readonly body: readonly string[]
    readonly withdrawal: string
    readonly rights: string
    readonly contact: string
  }
  readonly purposes: readonly ExperiencePurpose[]
  /** Signed proof of what was shown; a token is minted and a choice recorded against it. Single use. */
  readonly snapshot: string
  /** RFC 3339; when `snapshot` runs out. */
  readonly expires_at: string
  readonly gpc: { readonly seen: boolean; readonly honoured_for: readonly string[] }
}

export type ExperiencePurpose = {
  readonly key: string
  readonly name: string
  readonly description: string
  /** Why the service cannot be given without it; only where it is not asked. */
  readonly necessity?: string
  readonly parent: string | null
  readonly rule: 'opt_in' | 'opt_out' | 'notice_only' | 'prohibited'
  readonly categories: readonly string[]
  readonly recipients: readonly string[]
  readonly retention_days: number | null
  readonly is_ai_training: boolean
  /** False where there is nothing to answer: it is always on, or never. */
  readonly is_asked: boolean
}

export type PurposeState = 'granted' | 'refused' | 'never_asked' | 'always_on'

/** Where each purpose stands for one device. */
export type Consents = {
  readonly purposes: readonly {
    readonly key: string
    readonly state: PurposeState
    /** RFC 3339; since when, null where nothing was said. */
    readonly since: string | null
  }[]
  readonly revision: string
}

export type PurposeChoice = { readonly purpose: string; readonly act: 'grant' | 'deny' | 'withdraw' }

/** What a pipeline would be told. */
export type Answer = { readonly allowed: boolean; readonly reason: string; readonly because: string }
