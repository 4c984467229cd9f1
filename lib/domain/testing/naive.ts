import type { Obligations, Query } from '../decision.ts'
import type {
  AssessmentDefinition,
  NoticeDefinition,
  OrganisationDefinition,
  PurposeDefinition,
  RegimeDefinition,
} from '../definitions.ts'
import type { AssentEvent, GrantBody, RefusalBody } from '../events.ts'
import type { SubjectId } from '../ids.ts'
import type { Reason } from '../reasons.ts'
import type { RecallScope } from '../recall.ts'

/** What the naive implementation answers: no basis, since it keeps none. */
export type NaiveDecision = {
  readonly allowed: boolean
  readonly reason: Reason
  readonly obligations?: Obligations
}

type Notice = { def: NoticeDefinition; from: number; until: number; struck: boolean }
/** A version, and whether it was said to need a new yes. */
type Versioned = PurposeDefinition & { readonly declared?: boolean }

type World = {
  org: OrganisationDefinition | undefined
  regimes: Record<string, RegimeDefinition>
  purposes: Record<string, Versioned[]>
  retired: Set<string>
  properties: Set<string>
  notices: Notice[]
  assessments: Record<string, AssessmentDefinition>
  recalls: { seq: number; scope: RecallScope }[]
}
type Yes = {
  purpose: string
  scope: string | null
  seq: number
  from: number
  /** The yeses it continues without a break, oldest first. */
  earlier: Yes[]
  until: number
  body: GrantBody
  proven: boolean
  struck: boolean
  capacity: 'capable' | 'guardian_required' | 'age_unknown'
  version: number
}
type No = {
  purpose: string
  scope: string | null
  kind: RefusalBody['act']
  seq: number
  at: number
  guardian: boolean
}

const days = 24 * 60 * 60 * 1000

function chain(purpose: string): string[] {
  const parts = purpose.split('.')
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('.'))
}

/** The configuration after all events up to and including `seq`, made anew each time. */
function worldAt(events: readonly AssentEvent[], seq: number): World {
  const w: World = {
    org: undefined,
    regimes: {},
    purposes: {},
    retired: new Set(),
    properties: new Set(),
    notices: [],
    assessments: {},
    recalls: [],
  }
  for (const e of events) {
    if (e.seq > seq || e.subjectId !== null) continue
    const b = e.body
    if (b.act === 'organisation_published') w.org = b.definition
    if (b.act === 'regime_published') w.regimes[b.definition.key] = b.definition
    if (b.act === 'property_published') w.properties.add(b.definition.key)
    if (b.act === 'purpose_published') {
      const version = { ...b.definition, declared: b.material === true }
      w.purposes[b.definition.key] = [...(w.purposes[b.definition.key] ?? []), version]
      w.retired.delete(b.definition.key)
    }
    if (b.act === 'purpose_retired') w.retired.add(b.purpose)
    if (b.act === 'notice_published') {
      for (const n of w.notices) {
        if (n.def.key === b.definition.key && n.until === Infinity) n.until = e.recordedAtMs
      }
      w.notices.push({ def: b.definition, from: e.recordedAtMs, until: Infinity, struck: false })
    }
    if (b.act === 'consents_invalidated') w.recalls.push({ seq: e.seq, scope: b.scope })
    for (const n of w.notices) {
      const scope = b.act === 'consents_invalidated' ? b.scope : undefined
      if (scope?.kind === 'notice' && scope.key === n.def.key && scope.version === n.def.version)
        n.struck = true
      if (b.act === 'notice_withdrawn' && n.def.key === b.notice && n.def.version === b.version) {
        n.until = Math.min(n.until, e.recordedAtMs)
      }
      if (b.act === 'notice_invalidated' && n.def.key === b.notice && n.def.version === b.version)
        n.struck = true
    }
    if (b.act === 'assessment_approved') w.assessments[b.definition.key] = b.definition
    if (b.act === 'assessment_revoked') delete w.assessments[b.assessment]
  }
  return w
}

const findNotice = (w: World, ref: { key: string; version: number } | null) =>
  ref === null ? undefined : w.notices.find((n) => n.def.key === ref.key && n.def.version === ref.version)
const entryIn = (n: Notice | undefined, purpose: string) => n?.def.purposes.find((p) => p.purpose === purpose)

/** Whether anything strikes this yes as the world stands. */
function isStruckIn(w: World, y: Yes): boolean {
  if (y.struck || findNotice(w, y.body.notice)?.struck) return true
  return w.recalls.some(({ seq, scope }) => {
    if (scope.kind === 'key') return y.body.via === scope.id && y.seq < seq
    if (scope.kind === 'import') return y.body.importId === scope.id && y.seq < seq
    if (scope.kind === 'notice') return false
    return y.body.experience?.key === scope.key && y.body.experience.version === scope.version
  })
}

/** The last version that widened something or was said to; the first one if none did. */
function lastMaterial(versions: Versioned[]): number {
  let material = 1
  for (let i = 1; i < versions.length; i++) {
    const [old, now] = [versions[i - 1]!, versions[i]!]
    const lists = ['categories', 'recipients', 'controllers', 'transfers'] as const
    const wider =
      now.declared ||
      lists.some((list) => now[list].some((x) => !old[list].includes(x))) ||
      (now.retentionDays ?? Infinity) > (old.retentionDays ?? Infinity) ||
      now.basis !== old.basis ||
      (now.automatedDecisions && !old.automatedDecisions) ||
      (now.saleOrSharing && !old.saleOrSharing) ||
      (now.needsConfirmation === true && old.needsConfirmation !== true)
    if (wider) material = i + 1
  }
  return material
}

function ruleIn(regime: RegimeDefinition, purpose: string) {
  for (const p of chain(purpose)) if (Object.keys(regime.rules).includes(p)) return regime.rules[p]!
  return regime.fallback
}

/** Decides by replaying the whole history for every question. Slow, plain, and independent of the real one. */
export function naiveDecide(events: readonly AssentEvent[], subjectId: SubjectId, q: Query): NaiveDecision {
  const no = (reason: Reason): NaiveDecision => ({ allowed: false, reason })
  const last = events.at(-1)?.seq ?? 0
  const world = worldAt(events, last)

  // ---- Replay the subject ------------------------------------------------------------------------
  let yeses: Yes[] = []
  let nos: No[] = []
  const everRefused: { purpose: string; at: number }[] = []
  /** The last no of each row, standing or not. */
  const lastNo = new Map<string, No>()
  const everYes: Yes[] = []
  /** When a no was set aside, where. */
  const lifts: { purpose: string; scope: string | null; at: number; by: Yes }[] = []
  /** Rows whose present yes took the place of a no. */
  const tookPlace = new Set<string>()
  const seen = new Set<string>()
  let age: { atLeast: number | null; below: number | null } | null = null
  let restricted = false
  let erased = -Infinity
  let gpc: { seq: number; at: number } | undefined
  const links: { other: string; from: number; until: number; isToDevice: boolean }[] = []
  const rowName = (purpose: string, scope: string | null) => `${purpose}@${scope ?? ''}`
  const lifetimeNow = (w: World, regimes: Iterable<string>) => {
    const all = [w.org!.regime, ...regimes].flatMap((key) => w.regimes[key] ?? [])
    return all.length === 0 ? 0 : Math.min(...all.map((r) => r.consentLifetimeDays)) * days
  }
  const isGood = (y: Yes) => y.proven && !y.struck && y.capacity === 'capable'
  const mayLift = (y: Yes, n: { guardian: boolean }) => y.body.actor !== 'guardian' || n.guardian
  const soldIn = (w: World, purpose: string) =>
    chain(purpose).some((p) => w.purposes[p]?.at(-1)?.saleOrSharing)
  const signalCounts = (w: World, among: readonly RegimeDefinition[], purpose: string) =>
    among.some(
      (r) => (r.gpc.counts && soldIn(w, purpose)) || chain(purpose).some((p) => r.gpc.purposes.includes(p)),
    )

  for (const e of events) {
    if (e.subjectId !== subjectId) continue
    const b = e.body
    const w = worldAt(events, e.seq)
    if ('regime' in b && b.regime !== null) seen.add(b.regime)
    if ('widerRegimes' in b) for (const wider of b.widerRegimes ?? []) seen.add(wider)
    switch (b.act) {
      case 'granted': {
        const n = findNotice(w, b.notice)
        const reach = n?.def.property ?? null
        const proven =
          n !== undefined &&
          !n.struck &&
          b.actor !== 'controller' &&
          b.method !== null &&
          Object.keys(n.def.texts).includes(b.notice!.locale) &&
          entryIn(n, b.purpose) !== undefined &&
          (reach === null || b.property === null || reach === b.property) &&
          (b.property === null || w.properties.has(b.property))
        const scope = proven ? reach : b.property
        const from = b.imported ? Math.min(e.occurredAtMs, e.recordedAtMs) : e.recordedAtMs
        const sameBranch = (p: string) => chain(p).includes(b.purpose) || chain(b.purpose).includes(p)
        const present = yeses.find((y) => y.purpose === b.purpose && y.scope === scope)
        if (everRefused.some((r) => sameBranch(r.purpose) && e.occurredAtMs < r.at)) break
        if (b.imported && present !== undefined && from < present.from) break
        const y: Yes = {
          purpose: b.purpose,
          scope,
          seq: e.seq,
          from,
          earlier: [],
          until: from + lifetimeNow(w, seen),
          body: {
            ...b,
            namesGpcConflict: b.namesGpcConflict && (gpc === undefined || e.occurredAtMs >= gpc.at),
          },
          proven,
          struck: false,
          capacity: capacityOf(w, seen, age, b),
          version: proven ? (entryIn(n, b.purpose)?.version ?? 0) : 0,
        }
        everYes.push(y)
        if (proven && isStruckIn(w, y)) y.struck = true
        if (!isGood(y)) {
          const lifted = present !== undefined && tookPlace.has(rowName(b.purpose, scope))
          if (present === undefined || (!isGood(present) && !lifted))
            yeses = [...yeses.filter((x) => x !== present), y]
          break
        }
        const isSound = (x: Yes) => isGood(x) && !isStruckIn(w, x)
        if (present !== undefined && isSound(present)) {
          const runs =
            from < Math.min(present.until, present.from + lifetimeNow(w, seen)) &&
            present.version >= lastMaterial(w.purposes[b.purpose] ?? []) &&
            !(
              gpc !== undefined &&
              gpc.seq > present.seq &&
              signalCounts(
                w,
                [w.org!.regime, ...seen].flatMap((key) => w.regimes[key] ?? []),
                b.purpose,
              )
            )
          if (runs) y.earlier = [...present.earlier, present]
        }
        const isNew = present === undefined || y.earlier.at(-1) !== present
        // Her own no that she lifted herself is not a guardian's to lift again.
        const hers =
          present !== undefined && [...present.earlier, present].some((x) => x.body.actor !== 'guardian')
        if (b.actor === 'guardian' && isNew && hers && tookPlace.has(rowName(b.purpose, scope))) break
        yeses = [...yeses.filter((x) => x !== present), y]
        const isLifted = (r: No) =>
          r.purpose === b.purpose &&
          mayLift(y, r) &&
          (r.scope === scope || (scope === null && b.property !== null && r.scope === b.property))
        for (const r of nos.filter(isLifted)) {
          lifts.push({ purpose: b.purpose, scope: r.scope, at: y.from, by: y })
        }
        // A yes that had lifted something is over, struck or not: what comes after it lifts that anew.
        if (isNew && tookPlace.has(rowName(b.purpose, scope))) {
          lifts.push({ purpose: b.purpose, scope, at: y.from, by: y })
        }
        const beside =
          scope === null && b.property !== null
            ? yeses.find((x) => x.purpose === b.purpose && x.scope === b.property)
            : undefined
        if (beside !== undefined && b.property !== null) {
          const name = rowName(b.purpose, b.property)
          if (tookPlace.has(name) && !isSound(beside) && b.actor !== 'guardian') {
            lifts.push({ purpose: b.purpose, scope: b.property, at: y.from, by: y })
            tookPlace.delete(name)
            tookPlace.add(rowName(b.purpose, null))
            yeses = yeses.filter((x) => x !== beside)
          }
        }
        const newlyOutlived = nos.some(
          (r) =>
            scope !== null &&
            r.purpose === b.purpose &&
            r.scope === null &&
            mayLift(y, r) &&
            !(present !== undefined && !isNew && present.seq > r.seq && mayLift(present, r)),
        )
        if (newlyOutlived) lifts.push({ purpose: b.purpose, scope, at: y.from, by: y })
        if (nos.some(isLifted)) tookPlace.add(rowName(b.purpose, scope))
        nos = nos.filter((r) => !isLifted(r))
        break
      }
      case 'denied':
      case 'withdrawn':
      case 'objected':
      case 'opted_out': {
        const n = findNotice(w, b.notice)
        const wide =
          b.property === null ||
          b.act === 'objected' ||
          b.act === 'opted_out' ||
          (b.notice !== null && (n === undefined || n.def.property === null)) ||
          yeses.some((y) => y.scope === null && chain(b.purpose).includes(y.purpose))
        const scope = wide ? null : b.property
        const at = Math.min(e.occurredAtMs, e.recordedAtMs)
        const same = nos.find((r) => r.purpose === b.purpose && r.scope === scope && r.kind === b.act)
        nos = nos.filter((r) => r !== same)
        nos.push({
          purpose: b.purpose,
          scope,
          kind: b.act,
          seq: e.seq,
          at: Math.min(at, same?.at ?? at),
          guardian: b.actor === 'guardian' && (same === undefined || same.guardian),
        })
        everRefused.push({ purpose: b.purpose, at })
        const row = rowName(b.purpose, scope)
        lastNo.set(row, {
          purpose: b.purpose,
          scope,
          kind: b.act,
          seq: e.seq,
          at: Math.max(at, lastNo.get(row)?.at ?? 0),
          guardian: false,
        })
        for (const y of yeses) {
          if (y.purpose === b.purpose && (wide || y.scope === scope))
            tookPlace.delete(rowName(y.purpose, y.scope))
        }
        yeses = yeses.filter((y) => !(y.purpose === b.purpose && (wide || y.scope === scope)))
        break
      }
      case 'gpc_opted_out':
        gpc ??= { seq: e.seq, at: Math.min(e.occurredAtMs, e.recordedAtMs) }
        break
      case 'expired':
        for (const y of yeses) if (y.seq === b.grantSeq) y.until = Math.min(y.until, e.recordedAtMs)
        break
      case 'invalidated':
        for (const y of everYes) if (y.seq === b.grantSeq) y.struck = true
        break
      case 'objection_overridden':
        nos = nos.filter((r) => !(r.purpose === b.purpose && r.kind === 'objected'))
        break
      case 'restricted':
        restricted = true
        break
      case 'restriction_lifted':
        restricted = false
        break
      case 'age_stated':
        age = b
        break
      case 'linked':
        if (!links.some((l) => l.other === b.other && l.until === Infinity)) {
          links.push({ other: b.other, from: e.recordedAtMs, until: Infinity, isToDevice: b.device === true })
        }
        break
      case 'unlinked':
        for (const l of links) if (l.other === b.other && l.until === Infinity) l.until = e.recordedAtMs
        break
      case 'erased':
        erased = Math.max(erased, e.recordedAtMs)
        yeses = []
        tookPlace.clear()
        for (const [row, last] of lastNo) {
          if (!nos.some((r) => rowName(r.purpose, r.scope) === row)) nos.push(last)
        }
    }
  }

  // ---- Ask ---------------------------------------------------------------------------------------
  if (q.freshness !== 'fresh') return no(q.freshness)
  const versions = world.purposes[q.purpose]
  if (versions === undefined) return no('purpose_unknown')
  if (world.retired.has(q.purpose)) return no('purpose_retired')
  const current = versions.at(-1)!

  const names = [...new Set([world.org!.regime, ...seen, ...(q.regime === null ? [] : [q.regime])])]
  const regimes = names.flatMap((key) => world.regimes[key] ?? [])
  const ruleOf = (purpose: string) => {
    if (regimes.length < names.length) return { rule: 'prohibited', bases: [] as string[] }
    const order = ['prohibited', 'opt_in', 'opt_out', 'notice_only']
    const rules = regimes.map((r) => {
      const entry = ruleIn(r, purpose)
      const young =
        entry.optInBelowAge !== undefined &&
        age !== null &&
        age.below !== null &&
        age.below <= entry.optInBelowAge
      return young && order.indexOf(entry.rule) > 1 ? { rule: 'opt_in', basis: 'consent' } : entry
    })
    const strictest = order.find((kind) => rules.some((r) => r.rule === kind))!
    return { rule: strictest, bases: rules.filter((r) => r.rule === strictest).map((r) => r.basis as string) }
  }
  const { rule, bases } = ruleOf(q.purpose)
  if (rule === 'prohibited') return no('purpose_prohibited')

  const collected = q.collectedAtMs ?? q.nowMs
  if (links.filter((l) => !l.isToDevice && l.from <= collected && collected < l.until).length > 1)
    return no('subject_ambiguous')
  if (collected < erased) return no('subject_erased')
  if (restricted) return no('processing_restricted')

  const gpcCounts = (purpose: string) => signalCounts(world, regimes, purpose)
  const gpcYeses = (purpose: string) =>
    yeses.filter(
      (y) =>
        y.purpose === purpose &&
        (y.scope === null || y.scope === q.property) &&
        isGood(y) &&
        y.body.namesGpcConflict &&
        mayLift(y, { guardian: false }) &&
        gpc !== undefined &&
        y.seq > gpc.seq,
    )
  const localYes = (purpose: string, r: No) =>
    q.property === null || r.scope !== null
      ? undefined
      : yeses.find(
          (y) =>
            y.purpose === purpose && y.scope === q.property && isGood(y) && y.seq > r.seq && mayLift(y, r),
        )
  const refusalOf = (purpose: string): Reason | undefined => {
    const standing = nos.filter(
      (r) =>
        chain(purpose).includes(r.purpose) &&
        (q.property === null || r.scope === null || r.scope === q.property) &&
        localYes(r.purpose, r) === undefined,
    )
    const newest = standing.sort((a, b) => b.seq - a.seq)[0]
    if (newest !== undefined) {
      return (
        {
          denied: 'consent_denied',
          withdrawn: 'consent_withdrawn',
          objected: 'objected',
          opted_out: 'opted_out',
        } as const
      )[newest.kind]
    }
    return gpc !== undefined && gpcCounts(purpose) && gpcYeses(purpose).length === 0
      ? 'gpc_opt_out'
      : undefined
  }
  const refused = refusalOf(q.purpose)
  if (refused !== undefined) return no(refused)
  const below = Object.keys(world.purposes).filter((p) => p !== q.purpose && chain(p).includes(q.purpose))
  // What only a struck yes had lifted is refused again.
  const sound = (y: Yes) => isGood(y) && !isStruckIn(world, y)
  /** Sound, and not only a guardian's going on from what was struck of hers. */
  const bears = (y: Yes) => {
    const all = [...y.earlier, y]
    const rest = all.slice(all.findLastIndex((e) => isStruckIn(world, e)) + 1)
    const isHers = (e: Yes) => e.body.actor !== 'guardian'
    return sound(y) && (rest.length === all.length || !all.some(isHers) || rest.some(isHers))
  }
  const meets = (scope: string | null) => q.property === null || scope === null || scope === q.property
  const ownYes = (purpose: string) =>
    q.property === null
      ? undefined
      : yeses.find((y) => y.purpose === purpose && y.scope === q.property && sound(y))
  const inPlaceOf = (y: Yes) => {
    const own = ownYes(y.purpose)
    return y.scope === null && own !== undefined && own.body.actor !== 'guardian' ? own : y
  }
  const liftersOf = (purpose: string): Yes[] => {
    const lifters = yeses
      .filter((y) => y.purpose === purpose && meets(y.scope) && tookPlace.has(rowName(y.purpose, y.scope)))
      .map((y) => (bears(y) ? y : inPlaceOf(y)))
    const local = nos.map((r) => (r.purpose === purpose ? localYes(purpose, r) : undefined))
    return [...lifters, ...local.filter((y) => y !== undefined)]
  }
  const isRefusedAgain = (purpose: string) => liftersOf(purpose).some((y) => !bears(y))
  const gpcLiftIsVoid = (purpose: string) =>
    gpc !== undefined && gpcCounts(purpose) && !gpcYeses(purpose).some(sound)
  if (below.some((p) => refusalOf(p) !== undefined || isRefusedAgain(p) || gpcLiftIsVoid(p))) {
    return no('child_refused')
  }

  const demands =
    q.demandsCollectedAt || chain(q.purpose).some((p) => world.purposes[p]?.at(-1)?.needsCollectedAt)
  const time = (): number | 'collected_at_required' => {
    if (q.collectedAtMs === null) return demands ? 'collected_at_required' : q.nowMs
    return q.collectedAtMs > q.nowMs + 5_000 ? 'collected_at_required' : Math.min(q.collectedAtMs, q.nowMs)
  }
  const lifetime = regimes.length === 0 ? 0 : Math.min(...regimes.map((r) => r.consentLifetimeDays)) * days
  const inForce = (purpose: string, at: number) =>
    world.notices
      .filter((n) => !n.struck && entryIn(n, purpose) !== undefined)
      .filter((n) => n.def.property === null || n.def.property === q.property)
      .filter((n) => n.from <= at && at < n.until)
  const here = (scope: string | null) => q.property === null || scope === null || scope === q.property
  /** From when on what a present yes lifted has been lifted by yeses that are not struck. */
  const soundFrom = (y: Yes): number => {
    const tookNo = tookPlace.has(rowName(y.purpose, y.scope))
    const outlivesNo =
      y.scope !== null &&
      lifts.some((l) => l.purpose === y.purpose && l.scope === y.scope) &&
      nos.some((r) => r.purpose === y.purpose && r.scope === null)
    if (!tookNo && !outlivesNo) return -Infinity
    const tail = (z: Yes) => {
      const all = [...z.earlier, z]
      const rest = all.slice(all.findLastIndex((e) => isStruckIn(world, e)) + 1)
      const isHers = (e: Yes) => e.body.actor !== 'guardian'
      return { isWhole: rest.length === all.length, first: rest.find(isHers) ?? rest[0]! }
    }
    if (bears(y)) return tail(y).isWhole ? -Infinity : tail(y).first.from
    if (!tookNo) return -Infinity
    const own = inPlaceOf(y)
    return own === y ? Infinity : tail(own).first.from
  }
  const coversFrom = (y: Yes, purpose: string): number => {
    const named = entryIn(findNotice(world, y.body.notice), purpose) !== undefined
    let from = y.from
    for (const e of [...y.earlier].reverse()) {
      const n = findNotice(world, e.body.notice)
      if (n === undefined || isStruckIn(world, e)) break
      if (named && (entryIn(n, purpose)?.version ?? 0) < lastMaterial(world.purposes[purpose]!)) break
      from = e.from
    }
    for (const l of lifts) {
      const isItsOwn = l.purpose === y.purpose && l.scope === y.scope
      if (chain(purpose).includes(l.purpose) && (here(l.scope) || isItsOwn)) from = Math.max(from, l.at)
    }
    for (const x of yeses) {
      const isItsOwn = x.purpose === y.purpose && x.scope === y.scope
      if (chain(purpose).includes(x.purpose) && (here(x.scope) || isItsOwn))
        from = Math.max(from, soundFrom(x))
    }
    return gpc !== undefined && gpcCounts(purpose) && from <= gpc.at ? Math.max(from, y.from) : from
  }
  const lawfulFor = (source: string, at: number): boolean => {
    if (world.purposes[source] === undefined) return false
    const kind = ruleOf(source).rule
    if (kind === 'prohibited') return false
    if (nos.some((r) => chain(source).includes(r.purpose) && here(r.scope) && r.at <= at)) return false
    if (lifts.some((l) => chain(source).includes(l.purpose) && here(l.scope) && at < l.at)) return false
    if (yeses.some((y) => chain(source).includes(y.purpose) && here(y.scope) && at < soundFrom(y)))
      return false
    if (gpc !== undefined && gpcCounts(source) && gpc.at <= at) return false
    if (kind !== 'opt_in') return inForce(source, at).length > 0
    return yeses.some(
      (y) =>
        y.purpose === source &&
        (y.scope === null || y.scope === q.property) &&
        sound(y) &&
        coversFrom(y, source) <= at &&
        at < y.until,
    )
  }
  const coverage = (agreed: PurposeDefinition, explicit: readonly string[]): Reason | readonly string[] => {
    if (q.property !== null && !world.properties.has(q.property)) return 'property_not_covered'
    if (
      q.recipient !== null &&
      !(current.recipients.includes(q.recipient) && agreed.recipients.includes(q.recipient))
    ) {
      return 'recipient_not_covered'
    }
    const isSpecial = (key: string) => world.org!.categories.some((c) => c.key === key && c.special)
    if (q.categories === null && current.categories.some(isSpecial)) return 'category_required'
    const both = current.categories.filter((c) => agreed.categories.includes(c))
    const wanted = q.categories ?? both
    if (wanted.some((c) => !both.includes(c) || !world.org!.categories.some((k) => k.key === c))) {
      return 'category_not_covered'
    }
    if (wanted.some((c) => isSpecial(c) && !explicit.includes(c))) return 'explicit_consent_required'
    return wanted
  }
  const finish = (
    reason: Reason,
    agreed: PurposeDefinition,
    categories: readonly string[],
    at: number,
    collectedFromMs: number,
    until: number,
  ): NaiveDecision => {
    const kept = at + Math.min(current.retentionDays ?? Infinity, agreed.retentionDays ?? Infinity) * days
    if (q.nowMs >= kept) return no('retention_exceeded')
    const useUntilMs = Math.min(q.nowMs + days, until, kept)
    return { allowed: true, reason, obligations: { categories, collectedFromMs, useUntilMs } }
  }
  const byYes = (y: Yes, reason: Reason): NaiveDecision => {
    if (y.capacity !== 'capable') return no(y.capacity)
    const n = findNotice(world, y.body.notice)
    if (!y.proven || n === undefined) return no('consent_unproven')
    if (isStruckIn(world, y)) return no('consent_invalidated')
    const until = Math.min(y.until, y.from + lifetime)
    if (q.nowMs >= until) return no('consent_expired')
    const entry = entryIn(n, q.purpose)
    const agreedVersion = entry?.version ?? y.version
    const measured = entry === undefined ? world.purposes[y.purpose] : versions
    if (measured === undefined || agreedVersion < lastMaterial(measured)) return no('notice_superseded')
    const agreed = entry === undefined ? current : (versions[agreedVersion - 1] ?? current)
    if (y.scope !== null && y.scope !== q.property) return no('property_not_covered')
    const covered = coverage(agreed, y.body.explicit ? (entry?.explicitCategories ?? []) : [])
    if (typeof covered === 'string') return no(covered)
    const at = time()
    if (typeof at === 'string') return no(at)
    let collectedFromMs = coversFrom(y, q.purpose)
    if (at < collectedFromMs) {
      const earlier = entry?.coversEarlier ?? null
      const reaches =
        earlier !== null &&
        at >= earlier.fromMs &&
        q.sourcePurpose !== null &&
        earlier.sourcePurposes.includes(q.sourcePurpose) &&
        lawfulFor(q.sourcePurpose, at)
      if (!reaches) return no('collected_before_consent')
      collectedFromMs = earlier.fromMs
    }
    return finish(reason, agreed, covered as readonly string[], at, collectedFromMs, until)
  }
  const byNotice = (reason: Reason, collectedFromMs: number | null, until = Infinity): NaiveDecision => {
    const covered = coverage(current, [])
    if (typeof covered === 'string') return no(covered)
    const at = time()
    if (typeof at === 'string') return no(at)
    return finish(reason, current, covered as readonly string[], at, collectedFromMs ?? at, until)
  }

  if (rule !== 'opt_in') {
    const reason: Reason = rule === 'opt_out' ? 'not_opted_out' : 'notice_only'
    const lifting = new Set<Yes>()
    for (const p of chain(q.purpose)) {
      for (const y of liftersOf(p)) lifting.add(y)
    }
    if (gpc !== undefined && gpcCounts(q.purpose)) for (const y of gpcYeses(q.purpose)) lifting.add(y)
    if (lifting.size > 0) {
      const answers = [...lifting].sort((a, b) => b.seq - a.seq).map((y) => byYes(y, reason))
      return answers.find((a) => !a.allowed) ?? answers[0]!
    }
    const [notice] = inForce(q.purpose, collected)
    if (notice === undefined) return no('collected_before_notice')
    return byNotice(reason, notice.from)
  }

  const candidates = yeses
    .filter((y) => chain(q.purpose).includes(y.purpose))
    .filter(
      (y) => y.purpose === q.purpose || entryIn(findNotice(world, y.body.notice), q.purpose) !== undefined,
    )
    // A part that was ever refused by itself is agreed to by itself.
    .filter((y) => {
      const nearer = chain(q.purpose).slice(0, chain(q.purpose).indexOf(y.purpose))
      return ![...lastNo.values()].some((r) => nearer.includes(r.purpose) && meets(r.scope))
    })
    .sort((a, b) => {
      const covers = (y: Yes) => (y.scope === null || y.scope === q.property ? 0 : 1)
      return covers(a) - covers(b) || b.seq - a.seq
    })
  if (candidates.length > 0) {
    const answers = candidates.map((y) => byYes(y, 'consent_given'))
    const yes = answers.find((a) => a.allowed)
    const early: readonly Reason[] = ['guardian_required', 'age_unknown', 'consent_unproven']
    const isLate = yes !== undefined || !early.includes(answers[0]!.reason)
    if (isLate && chain(q.purpose).some(isRefusedAgain)) return no('consent_invalidated')
    return yes ?? answers[0]!
  }
  const capacity = capacityAmong(regimes, age, null, 'subject')
  if (capacity !== 'capable') return no(capacity)
  const source = q.sourcePurpose
  const tooYoung = regimes.some(
    (r) => age !== null && age.below !== null && age.below <= (ruleIn(r, q.purpose).optInBelowAge ?? -1),
  )
  for (const a of Object.values(world.assessments)) {
    const wanted = q.categories ?? current.categories
    const isPlain = (key: string) =>
      world.org!.categories.some((c) => c.key === key && !c.special && !c.fromDevice)
    if (a.purpose !== q.purpose || source === null || !a.sourcePurposes.includes(source)) continue
    if (a.expiresAtMs !== null && q.nowMs >= a.expiresAtMs) continue
    if (bases.includes('consent') || tooYoung) continue
    if (!wanted.every((c) => a.categories.includes(c) && isPlain(c))) continue
    if (!lawfulFor(source, Math.min(collected, q.nowMs))) continue
    if (chain(q.purpose).some(isRefusedAgain)) return no('consent_invalidated')
    return byNotice('compatible_use', null, a.expiresAtMs ?? Infinity)
  }
  return no('never_asked')
}

function capacityOf(
  w: World,
  seen: Iterable<string>,
  age: { atLeast: number | null; below: number | null } | null,
  b: GrantBody,
) {
  const regimes = [w.org!.regime, ...seen].flatMap((key) => w.regimes[key] ?? [])
  return capacityAmong(regimes, age, b.country, b.actor)
}

function capacityAmong(
  regimes: readonly RegimeDefinition[],
  age: { atLeast: number | null; below: number | null } | null,
  country: string | null,
  actor: GrantBody['actor'],
): Yes['capacity'] {
  const bands = regimes.flatMap((r) => r.ageBands ?? [])
  if (bands.length === 0 || actor === 'guardian') return 'capable'
  const needed = Math.max(
    ...bands.map((b) =>
      country !== null && Object.keys(b.countries).includes(country) ? b.countries[country]! : b.default,
    ),
  )
  if (age !== null && age.below !== null && age.below <= needed) return 'guardian_required'
  if (age !== null && age.atLeast !== null && age.atLeast >= needed) return 'capable'
  return bands.some((b) => b.unstated === 'unknown') ? 'age_unknown' : 'capable'
}
