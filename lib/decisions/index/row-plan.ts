import { type GrantPlan, planGrant } from '../../domain/check-grant.ts'
import { coveredRun } from '../../domain/collected-from.ts'
import type { NoticeUsed, Query } from '../../domain/decision.ts'
import { impossible } from '../../domain/errors.ts'
import type { RefusalAct } from '../../domain/events.ts'
import { findNotice, namedIn } from '../../domain/find-notice.ts'
import { lineageOf, parentOf } from '../../domain/ids.ts'
import { type GrantShape, grantTimes, type RowShape, type Shape, unpackRow } from '../../domain/pack-state.ts'
import type { Policy } from '../../domain/policy.ts'
import { struckBefore } from '../../domain/recall.ts'
import { refusalReasons } from '../../domain/standing-refusal.ts'
import type { Frame, QuestionPlan } from './question-plan.ts'
import { SubjectTable } from './subject-table.ts'

/**
 * What every row of one shape means for one question.
 *
 * - `nothing`: it does not bear on it.
 * - `refusal`, `child`: a refusal of the purpose or an ancestor; of a child. Its position and time are the values
 *   `seqAt` and `seqAt + 1`.
 * - `grant`: a yes that may allow it, with `plan`.
 * - `slow`: only the full decision can tell.
 */
export type RowPlan = {
  readonly kind: 'nothing' | 'refusal' | 'child' | 'grant' | 'slow'
  /** Of a purpose that has nothing to do with the question's. */
  readonly isSkipped: boolean
  /** Words of the whole row, its shape included. */
  readonly words: number
  readonly values: number
  readonly seqAt: number
  readonly reason: (typeof refusalReasons)[RefusalAct] | null
  readonly notice: NoticeUsed | null
  readonly plan: GrantPlan | null
  /** The value from which on data is covered by the grant. */
  readonly fromAt: number
  /** The value at which it ends, or how long it holds; milliseconds. */
  readonly expiresAt: number
  readonly lifetimeMs: number
  /** The grant is of the purpose itself, not an ancestor's. */
  readonly isOwn: boolean
  /** The value that marks the import it was brought with, where some import was recalled; -1 for none. */
  readonly importAt: number
  /** The grant's own property answers the question. */
  readonly covers: boolean
  /** The value before which no later yes covers data; -1 for none. */
  readonly liftedAt: number
  /** Something was refused here once, so ancestors' grants may be silenced. */
  readonly wasRefused: boolean
  /** A refusal of the whole organisation, in a question about one property, which a grant there may have outlived. */
  readonly mayBeOutlived: boolean
}

const dayMs = 86_400_000

export function planRow(question: QuestionPlan, frame: Frame, shape: Shape): RowPlan {
  if (shape.of !== 'row') return impossible('a subject among rows')
  const plan: RowPlan = {
    kind: 'nothing',
    isSkipped: false,
    words: 1 + SubjectTable.wordsOf(shape.n),
    values: shape.n,
    seqAt: 0,
    reason: null,
    notice: null,
    plan: null,
    fromAt: 1,
    expiresAt: -1,
    lifetimeMs: 0,
    isOwn: false,
    importAt: -1,
    covers: false,
    liftedAt: -1,
    wasRefused: false,
    mayBeOutlived: false,
  }
  const { purpose, property, refusals, grant } = shape
  const asked = question.terms.property
  const bears = asked === null || property === null || property === asked
  if (!lineageOf(question.terms.purpose).includes(purpose)) {
    if (!purpose.startsWith(`${question.terms.purpose}.`)) return { ...plan, isSkipped: true }
    if (bears && mayBeRefusedAgain(question.policy, shape)) return { ...plan, kind: 'slow' }
    if (refusals.length === 0 || !bears) return plan
    const isChild = parentOf(purpose) === question.terms.purpose && question.policy.purposes.has(purpose)
    return isChild && grant === null && (asked === null || property !== null)
      ? { ...plan, ...refusalOf(shape), kind: 'child', reason: null }
      : { ...plan, kind: 'slow' }
  }
  if (refusals.length > 0) {
    if (grant !== null) return { ...plan, kind: 'slow' }
    if (!bears) return plan
    return {
      ...plan,
      ...refusalOf(shape),
      kind: 'refusal',
      mayBeOutlived: asked !== null && property === null,
    }
  }
  if (frame.kind === 'notice') return shape.lifted && bears ? { ...plan, kind: 'slow' } : plan
  if (mayBeRefusedAgain(question.policy, shape)) return { ...plan, kind: 'slow' }
  const lifted = bears ? liftedValue(shape) : -1
  const wasRefused = shape.latest !== null
  const marked = { ...plan, liftedAt: lifted, wasRefused }
  if (grant === null) return marked
  return planGrantRow(question, frame, shape, marked)
}

/**
 * Whether a yes in this row that had lifted a refusal, or set one of the organisation aside, may not hold any more, or
 * not from when on it is said to have. Rare; only the full decision can tell.
 */
function mayBeRefusedAgain(policy: Policy, { lifted, liftedAt, grant }: RowShape): boolean {
  if (grant === null || (!lifted && liftedAt === null)) return false
  const isUnsound = !grant.proven || grant.invalidated || grant.capacity !== 'capable'
  return isUnsound || [grant, ...grant.run].some((each) => isTouched(policy, each))
}

function isTouched(
  policy: Policy,
  { notice, version, invalidated, origin }: Pick<GrantShape, 'notice' | 'version' | 'invalidated' | 'origin'>,
): boolean {
  const isNoticeStruck = findNotice(policy, notice, version)?.isInvalidated === true
  return invalidated || isNoticeStruck || mayBeStruck(policy, origin) !== 'none'
}

/** By recalls; of an import, the value of each row would tell. */
function mayBeStruck(policy: Policy, origin: GrantShape['origin']): 'none' | 'some' | 'all' {
  if (origin === undefined) return 'none'
  const { experience, via, imported } = origin
  const before = struckBefore(policy, { experience, via, importMark: null })
  if (before === Number.POSITIVE_INFINITY) return 'all'
  return before > 0 || (imported && policy.recalls.imports.size > 0) ? 'some' : 'none'
}

function refusalOf(shape: RowShape): Pick<RowPlan, 'seqAt' | 'reason' | 'notice'> {
  const last = shape.refusals.length - 1
  const refusal = shape.refusals[last]!
  return { seqAt: 2 * last, reason: refusalReasons[refusal.kind], notice: refusal.notice }
}

/** Of a row without refusals: the grant's values, the latest refusal's, then its own. */
function liftedValue({ liftedAt, n }: RowShape): number {
  return liftedAt === null ? -1 : liftedAt === 'grant' ? 1 : n - 1
}

function planGrantRow(question: QuestionPlan, frame: Frame, shape: RowShape, marked: RowPlan): RowPlan {
  const { policy, terms, purpose } = question
  if (purpose === undefined) return impossible('a frame without a purpose')
  // Any times will do: a plan does not look at them.
  const row = unpackRow(shape, () => 0)
  const grant = row.grant ?? impossible('a grant’s shape without a grant')
  const isOwn = row.purpose === terms.purpose
  const named = namedIn(findNotice(policy, grant.noticeKey, grant.noticeVersion), terms.purpose)
  if (!isOwn && named === undefined) return marked
  // Which of its grants a recall struck is told by their positions.
  const isPartlyStruck =
    shape.grant?.run.some(({ origin }) => mayBeStruck(policy, origin) === 'some') ?? false
  if (isPartlyStruck) return { ...marked, kind: 'slow' }
  const query: Query = { ...terms, nowMs: 0, freshness: 'fresh', collectedAtMs: null }
  const covered = coveredRun(policy, purpose, grant)
  const { days, run, origin } = shape.grant ?? impossible('a grant’s shape without a grant')
  const afterTimes = days === null ? 3 : 2
  return {
    ...marked,
    kind: 'grant',
    plan: planGrant({ policy, query, purpose, combined: frame.combined }, { row, grant }),
    fromAt: covered === 0 ? 1 : afterTimes + 2 * (run.length - covered) + 1,
    expiresAt: days === null ? 2 : -1,
    lifetimeMs: (days ?? 0) * dayMs,
    isOwn,
    importAt: origin?.imported && policy.recalls.imports.size > 0 ? grantTimes(shape.grant!) : -1,
    covers: row.property === null || row.property === terms.property,
  }
}
