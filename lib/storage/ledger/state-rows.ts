import type { Link, Row, SubjectState } from '../../domain/state.ts'
import { toSubjectId } from '../row-ids.ts'

export type StateRow = {
  readonly subject_id: string
  readonly organisation_id: string
  readonly seq: number
  readonly regimes: readonly string[]
  readonly is_restricted: boolean
  readonly erased_before_ms: number | null
  readonly gpc_seq: number | null
  readonly gpc_at_ms: number | null
  readonly age_at_least: number | null
  readonly age_below: number | null
  readonly links: readonly Link[]
}

export const stateColumns =
  'subject_id, organisation_id, seq, regimes, is_restricted, erased_before_ms, gpc_seq, gpc_at_ms, age_at_least, age_below, links'

export type ConsentRow = {
  readonly subject_id: string
  readonly purpose: string
  readonly property: string
  readonly refusals: Row['refusals']
  readonly latest_refusal: Row['latestRefusal']
  readonly grant_lifted_refusal: boolean
  readonly grant_seq: number | null
  readonly notice_key: string | null
  readonly notice_version: number
  readonly locale: string | null
  readonly purpose_version: number
  readonly effective_from_ms: number
  readonly run_start_ms: number
  readonly expires_at_ms: number
  readonly is_proven: boolean
  readonly is_invalidated: boolean
  readonly is_explicit: boolean
  readonly names_gpc_conflict: boolean
  readonly actor: NonNullable<Row['grant']>['actor']
  readonly capacity: NonNullable<Row['grant']>['capacity']
  readonly run: NonNullable<Row['grant']>['run']
  readonly lifted_at_ms: number | null
}

export const rowColumns =
  'subject_id, purpose, property, refusals, latest_refusal, grant_lifted_refusal, grant_seq, notice_key, notice_version, locale, purpose_version, effective_from_ms, run_start_ms, expires_at_ms, is_proven, is_invalidated, is_explicit, names_gpc_conflict, actor, capacity, run, lifted_at_ms'

export function toRow(row: ConsentRow): Row {
  return {
    purpose: row.purpose,
    property: row.property === '' ? null : row.property,
    refusals: row.refusals,
    latestRefusal: row.latest_refusal,
    liftedAtMs: row.lifted_at_ms,
    grantLiftedRefusal: row.grant_lifted_refusal,
    grant:
      row.grant_seq === null
        ? null
        : {
            seq: row.grant_seq,
            noticeKey: row.notice_key,
            noticeVersion: row.notice_version ?? 0,
            locale: row.locale,
            purposeVersion: row.purpose_version,
            effectiveFromMs: row.effective_from_ms,
            runStartMs: row.run_start_ms,
            run: row.run,
            expiresAtMs: row.expires_at_ms,
            isProven: row.is_proven,
            isInvalidated: row.is_invalidated,
            isExplicit: row.is_explicit,
            namesGpcConflict: row.names_gpc_conflict,
            actor: row.actor,
            capacity: row.capacity,
          },
  }
}

export function toState(row: StateRow, rows: readonly Row[]): SubjectState {
  return {
    subjectId: toSubjectId(row.subject_id),
    seq: row.seq,
    regimes: row.regimes,
    age:
      row.age_at_least === null && row.age_below === null
        ? null
        : { atLeast: row.age_at_least, below: row.age_below },
    isRestricted: row.is_restricted,
    erasedBeforeMs: row.erased_before_ms,
    gpc: row.gpc_seq === null || row.gpc_at_ms === null ? null : { seq: row.gpc_seq, atMs: row.gpc_at_ms },
    links: row.links,
    rows,
  }
}
