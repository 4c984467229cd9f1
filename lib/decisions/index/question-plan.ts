import { type Checked, checkWithoutGrant } from '../../domain/check-grant.ts'
import {
  type CombinedRegimes,
  combineRegimes,
  gpcRefuses,
  judgeCapacity,
  ruleFor,
} from '../../domain/combine-regimes.ts'
import type { Piece } from '../../domain/decide-over-time.ts'
import type { Decision, Query } from '../../domain/decision.ts'
import type { RuleKind } from '../../domain/definitions.ts'
import { noticeInForce } from '../../domain/find-notice.ts'
import type { SubjectShape } from '../../domain/pack-state.ts'
import type { CompiledPurpose, Policy } from '../../domain/policy.ts'
import type { DenyReason } from '../../domain/reasons.ts'
import { planRow, type RowPlan } from './row-plan.ts'
import type { Shapes } from './shapes.ts'

/** Everything of a question that is the same for many subjects. */
export type QuestionTerms = Omit<Query, 'nowMs' | 'freshness' | 'collectedAtMs'>

/** What one question comes to for every subject of one shape. */
export type Frame = {
  /**
   * `always`: the same answer whatever her rows say. `slow`: only the full decision can tell. The others follow the
   * rule in force.
   */
  readonly kind: 'always' | 'slow' | 'opt_in' | 'notice'
  readonly always: Decision | null
  /** Where nothing in the rows speaks for or against: `never_asked`, or why she could not agree. */
  readonly otherwise: Decision
  /** By row shape; made when first met. */
  readonly rows: (RowPlan | undefined)[]
  /** By row shape: the words of rows that have nothing to do with the question; 0 for all others. */
  readonly skips: number[]
  readonly combined: CombinedRegimes
  readonly rule: RuleKind
  /** Of a `notice`: its answers for every collection time, as of the last time they were asked for. */
  overTime?: {
    readonly nowMs: number
    readonly pieces: readonly Piece[]
    readonly withoutTime: Decision
  }
}

const nothing = { seq: null, notice: null, atMs: null }
const deny = (reason: DenyReason): Decision => ({ allowed: false, reason, basis: nothing })
const neverAsked = deny('never_asked')

/**
 * One question under one policy, worked out as far as it goes without a subject's times. What is worked out comes
 * from the domain's own functions; what a plan cannot tell is left to `decide`. A changed policy needs new plans.
 */
export class QuestionPlan {
  readonly policy: Policy
  readonly terms: QuestionTerms
  readonly purpose: CompiledPurpose | undefined
  readonly #shapes: Shapes
  readonly #frames: (Frame | undefined)[] = []
  #unknown: Frame | undefined

  constructor(policy: Policy, terms: QuestionTerms, shapes: Shapes) {
    this.policy = policy
    this.terms = terms
    this.purpose = policy.purposes.get(terms.purpose)
    this.#shapes = shapes
  }

  /** For subjects of this shape; -1 for those of whom nothing is recorded. */
  frame(shape: number): Frame {
    if (shape < 0) {
      this.#unknown ??= this.#makeFrame(undefined)
      return this.#unknown
    }
    const known = this.#frames[shape]
    if (known !== undefined) return known
    const made = this.#makeFrame(this.#shapes.at(shape) as SubjectShape)
    this.#frames[shape] = made
    return made
  }

  row(frame: Frame, shape: number): RowPlan {
    const known = frame.rows[shape]
    if (known !== undefined) return known
    const made = planRow(this, frame, this.#shapes.at(shape))
    frame.rows[shape] = made
    for (let other = frame.skips.length; other <= shape; other++) frame.skips.push(0)
    if (made.isSkipped) frame.skips[shape] = made.words
    return made
  }

  /** The answer where it rests on a notice in force: what no grant was needed for. */
  withoutGrant(frame: Frame, query: Query): Decision {
    const { policy, purpose } = this
    const atMs = query.collectedAtMs ?? query.nowMs
    const notice = noticeInForce(policy, query.purpose, query.property, atMs)
    if (notice === undefined || purpose === undefined) return deny('collected_before_notice')
    const reason = frame.rule === 'opt_out' ? 'not_opted_out' : 'notice_only'
    const question = { policy, state: undefined, query, purpose, combined: frame.combined, isHeard: false }
    const checked: Checked = checkWithoutGrant(question, notice, reason)
    return checked.decision
  }

  #makeFrame(shape: SubjectShape | undefined): Frame {
    const { policy, terms, purpose } = this
    const combined = combineRegimes(policy, shape?.regimes ?? [], terms.regime)
    const { rule, bases } = ruleFor(combined, terms.purpose, shape?.age ?? null)
    const frame = (kind: Frame['kind'], always: Decision | null = null): Frame => {
      const capacity = judgeCapacity(combined, shape?.age ?? null, null, 'subject')
      const otherwise = capacity === 'capable' ? neverAsked : deny(capacity)
      return { kind, always, otherwise, rows: [], skips: [], combined, rule }
    }
    if (purpose === undefined) return frame('always', deny('purpose_unknown'))
    if (purpose.isRetired) return frame('always', deny('purpose_retired'))
    if (rule === 'prohibited') return frame('always', deny('purpose_prohibited'))
    if (shape !== undefined && (shape.erased || shape.links.length > 0)) return frame('slow')
    if (shape?.gpc && this.#isSignalled(combined, purpose)) return frame('slow')
    if (shape?.restricted) return frame('always', deny('processing_restricted'))
    if (rule !== 'opt_in') return frame('notice')
    // An assessment may take the place of a grant that was never asked for.
    const mayBeCompatible = terms.sourcePurpose !== null && !bases.includes('consent')
    return frame(mayBeCompatible ? 'slow' : 'opt_in')
  }

  /** Whether the browser's signal refuses the purpose, or one below it, under these regimes. */
  #isSignalled(combined: CombinedRegimes, { key, saleOrSharing, children }: CompiledPurpose): boolean {
    if (gpcRefuses(combined, key, saleOrSharing)) return true
    return children.some((child) => {
      const compiled = this.policy.purposes.get(child)
      return compiled !== undefined && this.#isSignalled(combined, compiled)
    })
  }
}
