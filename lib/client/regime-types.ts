export type RuleListed = { readonly rule: RuleWord; readonly basis: string; readonly optInBelowAge?: number }
export type RuleWord = 'opt_in' | 'opt_out' | 'notice_only' | 'prohibited'

/** A regime's rules as they were published. */
export type RegimeRules = {
  readonly key: string
  readonly name: string
  /** ISO 3166-1 countries and ISO 3166-2 regions. */
  readonly territories?: readonly string[]
  /** By purpose; a child without one follows its parent. */
  readonly rules: Readonly<Record<string, RuleListed>>
  readonly fallback: RuleListed
  readonly ageBands: {
    readonly default: number
    readonly countries: Readonly<Record<string, number>>
    readonly unstated: 'capable' | 'unknown'
  } | null
  readonly gpc: { readonly counts: boolean; readonly purposes: readonly string[] }
  readonly consentLifetimeDays: number
}

export type RegimeListed = RegimeRules & { readonly version: number }

/** A regime with every version it ever had, oldest first. */
export type RegimeFound = RegimeListed & {
  readonly is_own: boolean
  readonly versions: readonly {
    readonly version: number
    readonly published_at: string
    readonly published_in: string
    readonly published_seq: number
    readonly definition: RegimeRules
  }[]
}

export type SimulatedAct = {
  readonly at: string
  readonly act: 'grant' | 'deny' | 'withdraw' | 'object' | 'opt_out'
  readonly purpose: string
  readonly property?: string
  readonly notice?: { readonly key: string; readonly version: number; readonly locale: string }
  readonly method?: string
  readonly actor?: 'subject' | 'guardian'
  readonly explicit?: boolean
  readonly names_gpc_conflict?: boolean
}

/** A person who is made up, and a question about her; see `POST /v1/simulate`. */
export type SimulateQuestion = {
  /** As if this one were published. */
  readonly release?: string
  readonly person: {
    readonly age?: number | 'unknown'
    readonly country?: string
    readonly region?: string
    readonly gpc?: boolean
    readonly history?: readonly SimulatedAct[]
  }
  readonly question: {
    readonly purpose: string
    readonly property?: string
    readonly collected_at?: string
    readonly at?: string
  }
}

export type SimulateAnswer = {
  readonly allowed: boolean
  readonly reason: string
  readonly because: string
  readonly decided_at: string
  readonly obligations?: {
    readonly categories: readonly string[]
    readonly collected_from: string
    readonly use_until: string
  }
  readonly rests_on: { readonly history: number } | 'gpc' | 'notice' | null
  readonly trace: readonly {
    readonly row: number
    readonly rule: string
    readonly outcome: 'passed' | 'failed' | 'not_reached'
    readonly saw: string
  }[]
  readonly history: readonly { readonly status: string }[]
  readonly regimes: readonly {
    readonly key: string
    readonly version: number | null
    readonly name: string
    /** Through which it applies; null for the organisation's own. */
    readonly territory: string | null
    readonly rule: RuleWord
    readonly basis: string | null
    readonly rule_of: string | null
    readonly is_tightened_by_age: boolean
    readonly consent_age: number | null
    readonly consent_lifetime_days: number
    readonly gpc_refuses: boolean
    readonly decides: readonly ('rule' | 'age' | 'lifetime' | 'gpc')[]
  }[]
}
