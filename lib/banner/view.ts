import type { Experience, PurposeChoice, PurposeState } from '../web/experience.ts'

/** What the layers show and where their buttons lead. */
export type View = {
  readonly experience: Experience
  readonly stateOf: (purpose: string) => PurposeState
  /** Whether a purpose may be used now: by a yes, or where none is needed. */
  readonly allows: (purpose: string) => boolean
  /** Purposes with a yes that the browser's signal overrules. */
  readonly conflicts: readonly string[]
  /** Switches put on that are not saved yet. */
  readonly drafts: Set<string>
  /** The page's rules painted the answers apart: they are shown where none of those rules reaches. */
  readonly isPlain: boolean
  /** Whether there is something to take back. */
  readonly mayWithdraw: boolean
  /** Opened from the page, so that leaving it is closing it. */
  readonly isAlone: boolean
  readonly act: {
    readonly acceptAll: () => void
    readonly rejectAll: () => void
    readonly choose: () => void
    readonly back: () => void
    /** Answers one question, at once. */
    readonly answer: (purpose: string, isYes: boolean) => void
    /** Says several things at once, and leaves; `namesGpcConflict` where she was asked about her browser's signal. */
    readonly record: (choices: readonly PurposeChoice[], namesGpcConflict?: boolean) => void
    readonly withdrawAll: () => void
    /** Puts away a notice that asks nothing. */
    readonly close: () => void
  }
}
