import { impossible } from './errors.ts'
import type { Actor, RefusalAct } from './events.ts'
import type { OrganisationId, SubjectId } from './ids.ts'
import type { GrantOrigin } from './recall.ts'
import type { Capacity, EarlierGrant, Grant, Link, Refusal, Row, SubjectState } from './state.ts'

/**
 * A part of a state with its numbers taken out: few subjects differ in it, so it is kept once and named by a number.
 * `n` is how many values it leaves open. Values are integers from 0 to 2^48 - 1: positions and milliseconds.
 */
export type RowShape = {
  readonly of: 'row'
  readonly n: number
  readonly purpose: string
  readonly property: string | null
  readonly grant: GrantShape | null
  readonly lifted: boolean
  readonly refusals: readonly {
    readonly kind: RefusalAct
    readonly byGuardian: boolean
    readonly notice: Refusal['notice']
  }[]
  /** `same`: position and time are those of the last refusal. */
  readonly latest: { readonly kind: RefusalAct; readonly same: boolean } | null
  /** Where `liftedAtMs` is the grant's own time, or one of its own. */
  readonly liftedAt: 'grant' | 'own' | null
}

/** A `GrantOrigin`; the import's mark is a value, which are as many as callers like. */
type OriginShape = {
  readonly experience: GrantOrigin['experience']
  readonly via: string | null
  readonly imported: boolean
}

export type GrantShape = {
  readonly notice: string | null
  readonly version: number
  readonly locale: string | null
  readonly purposeVersion: number
  /** Whole days from when it acts; null where it ends at a time of its own. */
  readonly days: number | null
  readonly proven: boolean
  readonly invalidated: boolean
  readonly explicit: boolean
  readonly gpc: boolean
  readonly actor: Actor
  readonly capacity: Capacity
  readonly run: readonly {
    readonly notice: string
    readonly version: number
    readonly invalidated: boolean
    /** Left out where the person said it herself. */
    readonly guardian?: true
    /** Left out where nothing is known of it. */
    readonly origin?: OriginShape
  }[]
  /** Left out where nothing is known of it. */
  readonly origin?: OriginShape
}

/** All of a subject but her rows. */
export type SubjectShape = {
  readonly of: 'subject'
  readonly n: number
  readonly regimes: readonly string[]
  readonly age: SubjectState['age']
  readonly restricted: boolean
  readonly erased: boolean
  readonly gpc: boolean
  readonly links: readonly LinkShape[]
}

/** Whether it is still open; of a link to a device, by name. */
type LinkShape = boolean | { readonly device: boolean }

export type Shape = RowShape | SubjectShape

/** A state in parts: the JSON of a shape, its values, the next shape, as `packState` orders them. */
export type StateParts = readonly (string | number)[]

/** A subject as she stands after the event `seq`. */
export type FoldedState = {
  readonly organisationId: OrganisationId
  readonly subjectId: SubjectId
  readonly seq: number
  readonly parts: StateParts
}

/**
 * A state as numbers: the subject's shape and its values, then each row's, in the state's order. A shape's number is
 * whatever `numberOf` gives to its JSON; the same shape has the same JSON.
 */
export function packState(state: SubjectState, numberOf: (shapeJson: string) => number): number[] {
  return numbered(partsOf(state), numberOf)
}

/** A state as it is kept and applied. */
export function folded(organisationId: OrganisationId, state: SubjectState): FoldedState {
  return { organisationId, subjectId: state.subjectId, seq: state.seq, parts: partsOf(state) }
}

/** The same from a state's parts. */
export function numbered(parts: StateParts, numberOf: (shapeJson: string) => number): number[] {
  return parts.map((part) => (typeof part === 'string' ? numberOf(part) : part))
}

/** What `packState` packs, before anybody numbers it. */
function partsOf(state: SubjectState): StateParts {
  const parts: (string | number)[] = []
  const put = (shape: Shape, values: readonly number[]) => {
    parts.push(JSON.stringify(shape))
    for (const value of values) {
      if (!Number.isInteger(value) || value < 0 || value >= 2 ** 48) impossible(`${value} in a state`)
      parts.push(value)
    }
  }
  const subject = subjectValues(state)
  put(
    {
      of: 'subject',
      n: subject.length,
      regimes: state.regimes,
      age: state.age === null ? null : { atLeast: state.age.atLeast, below: state.age.below },
      restricted: state.isRestricted,
      erased: state.erasedBeforeMs !== null,
      gpc: state.gpc !== null,
      links: state.links.map(({ untilMs, isToDevice }) =>
        isToDevice ? { device: untilMs === null } : untilMs === null,
      ),
    },
    subject,
  )
  for (const row of state.rows) {
    const values: number[] = []
    const shape = shapeOfRow(row, values)
    put(shape, values)
  }
  return parts
}

function subjectValues({ erasedBeforeMs, gpc, links }: SubjectState): readonly number[] {
  const values: number[] = []
  if (erasedBeforeMs !== null) values.push(erasedBeforeMs)
  if (gpc !== null) values.push(gpc.seq, gpc.atMs)
  for (const { other, fromMs, untilMs } of links) {
    const hex = other.slice(4)
    const parts = [hex.slice(0, 12), hex.slice(12, 24), hex.slice(24)]
    values.push(...parts.map((part) => Number.parseInt(part, 16)), fromMs)
    if (untilMs !== null) values.push(untilMs)
  }
  return values
}

function shapeOfRow(row: Row, values: number[]): RowShape {
  const { purpose, property, grant, refusals, latestRefusal, liftedAtMs } = row
  const grantShape = grant === null ? null : shapeOfGrant(grant, values)
  for (const { seq, atMs } of refusals) values.push(seq, atMs)
  const last = refusals.at(-1)
  const same = latestRefusal !== null && last?.seq === latestRefusal.seq && last.atMs === latestRefusal.atMs
  if (latestRefusal !== null && !same) values.push(latestRefusal.seq, latestRefusal.atMs)
  const liftedAt = liftedAtMs === null ? null : liftedAtMs === grant?.effectiveFromMs ? 'grant' : 'own'
  if (liftedAt === 'own') values.push(liftedAtMs ?? 0)
  return {
    of: 'row',
    n: values.length,
    purpose,
    property,
    grant: grantShape,
    lifted: row.grantLiftedRefusal,
    refusals: refusals.map(({ kind, byGuardian, notice }) => ({
      kind,
      byGuardian,
      notice: notice && { key: notice.key, version: notice.version, locale: notice.locale },
    })),
    latest: latestRefusal && { kind: latestRefusal.kind, same },
    liftedAt,
  }
}

const dayMs = 86_400_000

function shapeOfGrant(grant: Grant, values: number[]): GrantShape {
  const { seq, effectiveFromMs, expiresAtMs, run } = grant
  if (grant.runStartMs !== (run[0]?.fromMs ?? effectiveFromMs)) impossible('a run that begins elsewhere')
  const lifetimeMs = expiresAtMs - effectiveFromMs
  const isWhole = lifetimeMs >= 0 && lifetimeMs % dayMs === 0
  values.push(seq, effectiveFromMs)
  if (!isWhole) values.push(expiresAtMs)
  for (const earlier of run) values.push(earlier.seq, earlier.fromMs)
  for (const { origin } of [grant, ...run]) {
    if (origin !== null && origin.importMark !== null) values.push(origin.importMark)
  }
  return {
    notice: grant.noticeKey,
    version: grant.noticeVersion,
    locale: grant.locale,
    purposeVersion: grant.purposeVersion,
    days: isWhole ? lifetimeMs / dayMs : null,
    proven: grant.isProven,
    invalidated: grant.isInvalidated,
    explicit: grant.isExplicit,
    gpc: grant.namesGpcConflict,
    actor: grant.actor,
    capacity: grant.capacity,
    run: run.map(({ noticeKey, noticeVersion, isInvalidated, byGuardian, origin }) => ({
      notice: noticeKey,
      version: noticeVersion,
      invalidated: isInvalidated,
      ...(byGuardian ? { guardian: true } : {}),
      ...shapeOfOrigin(origin),
    })),
    ...shapeOfOrigin(grant.origin),
  }
}

function shapeOfOrigin(origin: GrantOrigin | null): { readonly origin?: OriginShape } {
  if (origin === null) return {}
  const { experience, via, importMark } = origin
  return {
    origin: {
      experience: experience && { key: experience.key, version: experience.version },
      via,
      imported: importMark !== null,
    },
  }
}

/** Reads what `packState` wrote; `shapeAt` gives the shape that a number names. */
export function unpackState(
  subjectId: SubjectId,
  seq: number,
  packed: readonly number[],
  shapeAt: (shape: number) => Shape,
): SubjectState {
  let at = 0
  const next = () => packed[at++] ?? impossible('a state that ends too early')
  const subject = shapeAt(next())
  if (subject.of !== 'subject') return impossible('a state without a subject')
  const erasedBeforeMs = subject.erased ? next() : null
  const gpc = subject.gpc ? { seq: next(), atMs: next() } : null
  const links = subject.links.map((link): Link => {
    const isToDevice = typeof link === 'object'
    const isOpen = isToDevice ? link.device : link
    const hex = (digits: number) => next().toString(16).padStart(digits, '0')
    const other = `sub_${hex(12)}${hex(12)}${hex(8)}` as SubjectId
    return { other, fromMs: next(), untilMs: isOpen ? null : next(), isToDevice }
  })
  const rows: Row[] = []
  while (at < packed.length) {
    const shape = shapeAt(next())
    rows.push(shape.of === 'row' ? unpackRow(shape, next) : impossible('a subject among rows'))
  }
  return {
    subjectId,
    seq,
    regimes: subject.regimes,
    age: subject.age,
    isRestricted: subject.restricted,
    erasedBeforeMs,
    gpc,
    links,
    rows,
  }
}

/** A row of this shape; `next` gives its values in turn. */
export function unpackRow(shape: RowShape, next: () => number): Row {
  const grant = shape.grant === null ? null : unpackGrant(shape.grant, next)
  const refusals = shape.refusals.map(({ kind, byGuardian, notice }) => ({
    kind,
    seq: next(),
    atMs: next(),
    byGuardian,
    notice,
  }))
  const { latest, liftedAt } = shape
  const last = refusals.at(-1)
  const latestRefusal =
    latest === null
      ? null
      : latest.same && last !== undefined
        ? { seq: last.seq, atMs: last.atMs, kind: latest.kind }
        : { seq: next(), atMs: next(), kind: latest.kind }
  return {
    purpose: shape.purpose,
    property: shape.property,
    refusals,
    grant,
    grantLiftedRefusal: shape.lifted,
    liftedAtMs: liftedAt === null ? null : liftedAt === 'own' ? next() : (grant?.effectiveFromMs ?? null),
    latestRefusal,
  }
}

function unpackGrant(shape: GrantShape, next: () => number): Grant {
  const seq = next()
  const effectiveFromMs = next()
  const expiresAtMs = shape.days === null ? next() : effectiveFromMs + shape.days * dayMs
  const run = shape.run.map(
    ({ notice, version, invalidated, guardian }): EarlierGrant => ({
      seq: next(),
      noticeKey: notice,
      noticeVersion: version,
      fromMs: next(),
      isInvalidated: invalidated,
      byGuardian: guardian === true,
      origin: null,
    }),
  )
  // Marks of imports come after all times.
  const origin = unpackOrigin(shape.origin, next)
  const runWithOrigins = shape.run.some((earlier) => earlier.origin !== undefined)
    ? run.map((earlier, index) => ({ ...earlier, origin: unpackOrigin(shape.run[index]?.origin, next) }))
    : run
  return {
    seq,
    noticeKey: shape.notice,
    noticeVersion: shape.version,
    locale: shape.locale,
    purposeVersion: shape.purposeVersion,
    effectiveFromMs,
    runStartMs: run[0]?.fromMs ?? effectiveFromMs,
    run: runWithOrigins,
    expiresAtMs,
    isProven: shape.proven,
    isInvalidated: shape.invalidated,
    isExplicit: shape.explicit,
    namesGpcConflict: shape.gpc,
    actor: shape.actor,
    capacity: shape.capacity,
    origin,
  }
}

function unpackOrigin(shape: OriginShape | undefined, next: () => number): GrantOrigin | null {
  if (shape === undefined) return null
  const { experience, via, imported } = shape
  return { experience, via, importMark: imported ? next() : null }
}

/** How many values a grant's shape has for times, before the marks of imports. */
export function grantTimes({ days, run }: GrantShape): number {
  return (days === null ? 3 : 2) + 2 * run.length
}
