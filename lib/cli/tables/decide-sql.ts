import type { TimeSql } from './collected-at.ts'
import type { Slot } from './people.ts'
import { codeAsk } from './record-table.ts'
import type { ResolveHead } from './resolve-ids.ts'
import { name } from './sql.ts'
import { unknownBit } from './tally.ts'

/** Codes of records that cannot be read, beyond all reasons. */
export const codeMissing = 250
export const codeInvalid = 251
export const brokenNames: Readonly<Record<number, string>> = {
  [codeMissing]: 'subject_missing',
  [codeInvalid]: 'subject_invalid',
}

const flagKnown = 1
const flagInvalid = 2

/** The join that decides, and what it says about a row of the source `s`. */
export type DecideSql = {
  /** Follows `FROM source s`. */
  readonly joins: string
  /** UTINYINT: a reason's place, or one of the codes above. */
  readonly code: string
  readonly isPermitted: string
  /** 1 for a yes; counts besides. */
  readonly tally: string
}

/**
 * What `POST /v1/filter` decides about a record, in SQL: the code of the span that its time lies in, for each subject;
 * all must be permitted, another's refusal is `co_subject_denied`.
 */
export function decideSql(
  slots: readonly Slot[],
  time: TimeSql,
  { reasons, permits }: ResolveHead,
  options: { readonly hasAsked: boolean },
): DecideSql {
  const t = time.sql
  const joins = slots.map(({ id, known, namespace }, n) => {
    const asked = options.hasAsked
      ? ` LEFT JOIN ${name(`asked_${namespace}`)} a${n} ON a${n}.id = ${id} AND a${n}.ms IS NOT DISTINCT FROM ${t}`
      : ''
    return `LEFT JOIN ${name(known)} k${n} ON k${n}.id = ${id}${asked}`
  })
  const permitted = `(${[...permits].join(', ')})`
  const brokenOf = (n: number) =>
    `WHEN k${n}.codes IS NULL THEN ${codeMissing} WHEN k${n}.flags & ${flagInvalid} <> 0 THEN ${codeInvalid}`
  const codeOf = (n: number) => {
    const span = `(CAST(${t} >= k${n}.b AS INTEGER) + CAST(${t} >= k${n}.c AS INTEGER) + CAST(${t} >= k${n}.d AS INTEGER))`
    const spanned = `(k${n}.codes >> (8 * ${span})) & 255`
    const found = options.hasAsked
      ? `CASE WHEN ${spanned} = ${codeAsk} THEN a${n}.code ELSE ${spanned} END`
      : spanned
    const none = options.hasAsked
      ? `CASE WHEN k${n}.none = ${codeAsk} THEN a${n}.code ELSE k${n}.none END`
      : `k${n}.none`
    return `CASE WHEN ${t} IS NULL THEN ${none} ELSE ${found} END`
  }
  const others = slots.slice(1).map((_, n) => `${codeOf(n + 1)} NOT IN ${permitted}`)
  const code = [
    'CASE',
    ...slots.map((_, n) => brokenOf(n)),
    ...(others.length === 0
      ? []
      : [
          `WHEN ${codeOf(0)} NOT IN ${permitted} THEN ${codeOf(0)}`,
          `WHEN ${others.join(' OR ')} THEN ${reasons.indexOf('co_subject_denied')}`,
        ]),
    `ELSE ${codeOf(0)} END`,
  ].join(' ')
  const untils = slots.map((_, n) => `k${n}.use_until`)
  const useUntil = untils.length === 1 ? untils[0]! : `least(${untils.join(', ')})`
  const unknown = `CASE WHEN (k0.flags & ${flagKnown}) = 0 THEN ${unknownBit} ELSE 0 END`
  // Nulls would not reach the function.
  return {
    joins: [time.join, ...joins].join(' '),
    code,
    isPermitted: `(${code}) IN ${permitted}`,
    tally: `tally(CAST((${code}) + ${unknown} AS UINTEGER), CAST(coalesce(${useUntil}, 0) AS DOUBLE))`,
  }
}
