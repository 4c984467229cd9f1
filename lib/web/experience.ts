/** What is asked of one device on one property, as `GET /v1/public/{property}/experience` tells it. */
export type Experience = {
  readonly property: string
  readonly locale: string
  readonly locales: readonly string[]
  readonly direction: 'ltr' | 'rtl'
  readonly controller: string
  /** The published experience that is shown; null where the property asks as Assent does by itself. */
  readonly experience: { readonly key: string; readonly version: number } | null
  readonly layout: 'bar' | 'box' | 'dialog'
  readonly theme: Theme | null
  /**
   * How it is asked under the regimes that hold here: a question before anything is used; a standing form where a no may be
   * said at any time; or a notice alone. The strictest of what its purposes need.
   */
  readonly form: 'opt_in' | 'opt_out' | 'notice_only'
  /** What the three choices are called. */
  readonly texts: { readonly accept: string; readonly reject: string; readonly choose: string }
  /** Everything else the banner says, in `locale`. */
  readonly words: BannerWords
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
  /** Signed proof of what is served, the same for everyone; it is changed for a snapshot, which serves one choice. */
  readonly serving: string
  /** RFC 3339; when `serving` runs out. */
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
  /** `retention_days` in words, in `locale`. */
  readonly retention: string
  readonly is_sale_or_sharing: boolean
  /** Uses special categories of data (GDPR Art. 9; sensitive personal information, CCPA §1798.140(ae)). */
  readonly is_sensitive: boolean
  readonly is_ai_training: boolean
  /**
   * False where there is nothing to answer: it is always on, or never; or it is answered on the preference page alone, since
   * a yes needs a step more.
   */
  readonly is_asked: boolean
  /** What must come before a yes counts, for whom nobody knows yet. */
  readonly step?: Step | null
}

/** Own colours of one scheme, `#rrggbb`; publishing checks their contrast. */
export type Colours = {
  readonly surface: string
  readonly text: string
  /** Of accept and reject alike. */
  readonly button: string
  readonly buttonText: string
}
export type Theme = { readonly light: Colours; readonly dark: Colours }

/** The banner's own strings, by the keys of lib/words. `{name}` and the like are left in. */
export type BannerWords = Readonly<Record<BannerWord, string>>
export const bannerWords = [
  ...['save', 'back', 'close', 'yes', 'no', 'undo', 'alwaysOn', 'askTraining', 'apart', 'covers', 'choices'],
  ...['withdrawAll', 'withdrawn', 'undoAsks', 'pending', 'saved', 'failed', 'changed', 'details', 'data'],
  ...[
    'recipients',
    'nobody',
    'retention',
    'howToWithdraw',
    'withParent',
    'optOutTitle',
    'optOutText',
    'optOut',
  ],
  ...['optOutLink', 'limitLink', 'noticeOnlyText', 'gpcHonoured', 'gpcFor', 'gpcConflict', 'gpcKeepNo'],
  ...['gpcAllow', 'blocked', 'blockedFrom', 'showOnce', 'allow', 'whole'],
] as const
export type BannerWord = (typeof bannerWords)[number]

/** Her confirmation by mail, her age, a guardian’s confirmation by mail, or one that is stronger than mail. */
export type Step = 'confirm' | 'age' | 'guardian' | 'guardian_stronger'

export type PurposeState = 'granted' | 'refused' | 'never_asked' | 'always_on'

/** What is asked about what was just answered, and what is told after it, whatever was said. */
export type AskedBack = {
  /** Serves one answer, and names nobody. */
  readonly ticket: string
  readonly purpose: string
  readonly question: string
  readonly no: string
  readonly yes: string
  readonly unsure: string
  readonly told: string
}

/** Where each purpose stands for one device. */
export type Consents = {
  readonly purposes: readonly {
    readonly key: string
    readonly state: PurposeState
    /** RFC 3339; since when, null where nothing was said. */
    readonly since: string | null
    /** What must come before a yes of hers counts. */
    readonly step?: Step | null
    /** RFC 3339; until when a yes waits to be confirmed by mail. It counts as no. */
    readonly waits_until?: string | null
  }[]
  /** As she said, where it is asked. */
  readonly age?: number | null
  /** Purposes with a yes that the browser's signal (GPC) overrules: she may be asked about the conflict in words. */
  readonly gpc_conflicts: readonly string[]
  /** Of an answer to what was said: the yeses that need a step more, and are not recorded. */
  readonly not_recorded?: readonly { readonly purpose: string; readonly step: Step }[]
  /** Of an answer to what was said: a question about it, to a few, where two layouts are compared. */
  readonly asked_back?: AskedBack
  readonly revision: string
  /** The device's token runs out soon: it is changed for another. */
  readonly is_token_ending?: boolean
}

export type PurposeChoice = { readonly purpose: string; readonly act: 'grant' | 'deny' | 'withdraw' }

/** What a pipeline would be told. */
export type Answer = { readonly allowed: boolean; readonly reason: string; readonly because: string }
