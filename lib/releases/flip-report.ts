import { AssentError } from '../domain/errors.ts'
import type { Content } from './approvals.ts'
import type { ApprovalTerms, FlipSummary } from './release-store.ts'

/** A report is as old as this at most when its release is published, or scheduled. */
const ageMaxMs = 86_400_000

/** What the report on a release means for its publication. */
export type FlipsRead = {
  readonly isDemanded: boolean
  /** When the report on the release as it is was made; null where there is none. */
  readonly madeAtMs: number | null
  readonly hasNewYes: boolean
  /** From when on somebody could know every new yes: approvals given before do not count. */
  readonly newYesKnownMs: number
}

/** `content` is the release's now: a report on any other is none. */
export function readFlips(
  flips: FlipSummary | null,
  content: Content,
  { hasQuestions }: Pick<ApprovalTerms, 'hasQuestions'>,
): FlipsRead {
  const isCurrent = flips?.sha256 === content.sha256 && flips.baseSha256 === content.baseSha256
  if (!isCurrent) {
    return { isDemanded: hasQuestions, madeAtMs: null, hasNewYes: false, newYesKnownMs: 0 }
  }
  const { madeAtMs, hasNewYes, newYes } = flips
  return {
    isDemanded: hasQuestions,
    madeAtMs,
    hasNewYes,
    newYesKnownMs: Math.max(0, ...Object.values(newYes)),
  }
}

/** Throws `flip_report_needed` where a report is demanded and there is none, or one that is too old. */
export function demandReport({ isDemanded, madeAtMs }: FlipsRead, nowMs: number): void {
  if (!isDemanded) return
  if (madeAtMs === null) {
    throw new AssentError(
      'flip_report_needed',
      'There is no flip report on the release as it is now. Make one, and see which answers would change.',
    )
  }
  if (nowMs - madeAtMs > ageMaxMs) {
    throw new AssentError('flip_report_needed', 'The flip report is older than 24 hours. Make it again.')
  }
}
