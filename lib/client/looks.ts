/** What can be read of one picture's name. */
export type LookShot = {
  readonly locale: string
  readonly size: 'small' | 'phone' | 'desktop'
  readonly theme: 'light' | 'dark'
  readonly layer: 'first' | 'second' | 'control'
}

/** A set of pictures of an experience: how it looked in one browser. */
export type Look = {
  readonly id: string
  readonly experience: string
  readonly sha256: string
  readonly notice: { readonly key: string; readonly version: number }
  readonly locales: readonly string[]
  readonly user_agent: string
  readonly taken_by: string
  readonly taken_at: string
  readonly expected: number
  readonly taken: number
  readonly broken: number
  readonly is_current: boolean
}

export type LookResult = {
  readonly rule: string
  readonly outcome: 'met' | 'broken'
  readonly measured: Readonly<Record<string, string | number>>
  readonly findings: readonly string[]
}

/** The same with every picture, and what was measured on it. */
export type LookInFull = Look & {
  readonly shots: readonly (LookShot & {
    readonly broken: number
    readonly results: readonly LookResult[]
    readonly taken_at: string
  })[]
}

/** One version of an experience, with what it was held to and how it looked. */
export type ExperienceVersion = {
  readonly key: string
  readonly version: number
  readonly definition: object
  readonly rules: readonly {
    readonly rule: string
    readonly asks: string
    readonly source: string
    readonly mend?: string
    readonly is_measured: boolean
  }[]
  readonly published_at: string
  readonly versions: readonly number[]
  readonly is_newest: boolean
  readonly release: { readonly id: string; readonly title: string } | null
  /** Of what would be drawn now; null where no notice of its is in force. */
  readonly sha256: string | null
  readonly looks: readonly Look[]
  readonly people: Readonly<Record<string, string>>
}

type Share = { readonly share: number; readonly low: number; readonly high: number }
type Counted = Share & { readonly answers: number; readonly changed: number }
type Verdict = 'too_few' | 'no_difference' | 'own' | 'other'
type Version = { readonly key: string; readonly version: number; readonly layout: string }

type Understood = Share & Readonly<Record<'answers' | 'right' | 'wrong' | 'unsure', number>>

/** Two layouts by who knew what they answered and who changed their minds later; how many said yes is no part of it. */
export type LayoutComparison = {
  readonly own: Version
  /** Null where it is compared to none. */
  readonly other: Version | null
  readonly since: string | null
  readonly minimum: number
  readonly windows: readonly {
    readonly hours: number
    readonly own: Counted | null
    readonly other: Counted | null
    readonly difference: Share | null
    readonly verdict: Verdict
  }[]
  readonly verdict: Verdict
  /** Of those who were asked what they had just answered. */
  readonly understanding: {
    readonly own: Understood | null
    readonly other: Understood | null
    readonly difference: Share | null
    readonly verdict: Verdict
  }
}
