import type { TimeSql } from './collected-at.ts'
import type { Slot } from './people.ts'
import { codeAsk, codeBits, codeInvalid, codeMissing, type RecordsShape, unknownBit } from './record-table.ts'
import type { ResolveHead } from './resolve-ids.ts'
import { name } from './sql.ts'
import type { TableSource } from './table-source.ts'

/** What is said of records that cannot be read. */
export const brokenNames: Readonly<Record<number, string>> = {
  [codeMissing]: 'subject_missing',
  [codeInvalid]: 'subject_invalid',
}

const spanBegins = ['b', 'c', 'd'] as const
const plainCode = (sql: string) => `((${sql}) & ${unknownBit - 1})`

/** The join that decides, and what it says about a row of the source `s`. */
export type DecideSql = {
  /** The source `s`, with all its columns, joined with what is known about its people. */
  readonly from: string
  /** A reason's place, or one of the codes above; never null. */
  readonly code: string
  readonly isPermitted: string
  /** 1 for a yes; counts besides. */
  readonly tally: string
}

/**
 * What `POST /v1/filter` decides about a record, in SQL: the code of the span that its time lies in, for each subject;
 * all must be permitted, another's refusal is `co_subject_denied`. `shapeOf` says what a namespace's records have.
 */
export function decideSql(
  source: TableSource,
  slots: readonly Slot[],
  time: TimeSql,
  { reasons, permits }: ResolveHead,
  options: {
    readonly hasAsked: boolean
    readonly shapeOf: (namespace: string) => RecordsShape
    /** What turns a yes into `content_usage_disallowed`; a no keeps its own reason. */
    readonly withheld: string | undefined
  },
): DecideSql {
  // The time is worked out once a record, in a column of its own.
  let column = 'assent:t'
  while (source.columns.some((each) => each.name === column)) column += 't'
  const t = `s.${name(column)}`
  const joins = slots.map(({ id, known, namespace }, n) => {
    const asked = options.hasAsked
      ? ` LEFT JOIN ${name(`asked_${namespace}`)} a${n} ON a${n}.id = ${id} AND a${n}.ms IS NOT DISTINCT FROM ${t}`
      : ''
    return `LEFT JOIN ${name(known)} k${n} ON k${n}.id = ${id}${asked}`
  })
  const permitted = `(${[...permits].join(', ')})`
  /** Null where there is no id. */
  const foundOf = (n: number) => {
    const { spans } = options.shapeOf(slots[n]!.namespace)
    const codeOf = (span: number) => `((k${n}.codes >> ${codeBits * span}) & ${2 * unknownBit - 1})`
    const begins = spanBegins.slice(0, spans - 1)
    const earlier = begins.map((begin, span) => `WHEN ${t} < k${n}.${begin} THEN ${codeOf(span)}`)
    const found = `CASE ${earlier.join(' ')} WHEN ${t} IS NULL THEN k${n}.none ELSE ${codeOf(begins.length)} END`
    if (!options.hasAsked) return found
    return `CASE WHEN ${plainCode(found)} = ${codeAsk} THEN a${n}.code + (${found} & ${unknownBit}) ELSE ${found} END`
  }
  const untils = slots.map((_, n) => `k${n}.use_until`)
  const useUntil = untils.length === 1 ? untils[0]! : `least(${untils.join(', ')})`
  const decided = codeOfAll(slots, foundOf, permitted, reasons.indexOf('co_subject_denied'))
  const heeded =
    options.withheld === undefined
      ? decided
      : `CASE WHEN ${options.withheld} AND ${plainCode(decided)} IN ${permitted} THEN ${reasons.indexOf('content_usage_disallowed')} + ((${decided}) & ${unknownBit}) ELSE ${decided} END`
  const code = `CAST(${heeded} AS USMALLINT)`
  const hasUntil = slots.some(({ namespace }) => options.shapeOf(namespace).hasUntil)
  return {
    from: `(SELECT s.*, ${time.sql} AS ${name(column)} FROM source s ${time.join}) s ${joins.join(' ')}`,
    code: plainCode(code),
    isPermitted: `${plainCode(code)} IN ${permitted}`,
    // Nulls would not reach the function.
    tally: hasUntil ? `tally_until(${code}, CAST(coalesce(${useUntil}, 0) AS DOUBLE))` : `tally(${code})`,
  }
}

/** The code of a record, with `unknownBit` where its first subject was never recorded. */
function codeOfAll(
  slots: readonly Slot[],
  foundOf: (n: number) => string,
  permitted: string,
  coSubjectDenied: number,
): string {
  const first = foundOf(0)
  if (slots.length === 1) return `coalesce(${first}, ${codeMissing})`
  const broken = slots.map(
    (_, n) =>
      `WHEN k${n}.codes IS NULL THEN ${codeMissing} WHEN ${plainCode(foundOf(n))} = ${codeInvalid} THEN ${codeInvalid}`,
  )
  const others = slots.slice(1).map((_, n) => `${plainCode(foundOf(n + 1))} NOT IN ${permitted}`)
  return `coalesce(CASE ${broken.join(' ')} WHEN ${plainCode(first)} NOT IN ${permitted} THEN ${first} WHEN ${others.join(' OR ')} THEN ${coSubjectDenied} + (${first} & ${unknownBit}) ELSE ${first} END, ${codeMissing})`
}
