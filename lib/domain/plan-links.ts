import type { Actor, RefusalBody, SubjectBody } from './events.ts'
import type { SubjectId } from './ids.ts'
import type { Policy } from './policy.ts'
import { holds } from './recall.ts'
import type { Refusal, Row, SubjectState } from './state.ts'

/** Events to append, all or none, each for its subject. */
export type PlannedEvent = {
  readonly subjectId: SubjectId
  readonly body: SubjectBody
  readonly occurredAtMs: number
}

/**
 * What linking two subjects appends: the link for each, and to each a copy of what the other refuses. Grants never
 * flow, so a link never turns a no into a yes. `device` is the one of the two that is a device; null where both or
 * neither are.
 */
export function eventsForLink(
  policy: Policy,
  a: SubjectState,
  b: SubjectState,
  nowMs: number,
  device: SubjectId | null = null,
): readonly PlannedEvent[] {
  return [...half(policy, a, b, nowMs, device), ...half(policy, b, a, nowMs, device)]
}

/** What unlinking appends: what was refused while linked stays with both. */
export function eventsForUnlink(a: SubjectId, b: SubjectId, nowMs: number): readonly PlannedEvent[] {
  return [
    { subjectId: a, body: { act: 'unlinked', other: b }, occurredAtMs: nowMs },
    { subjectId: b, body: { act: 'unlinked', other: a }, occurredAtMs: nowMs },
  ]
}

/** A refusal is recorded for its subject and for everyone linked with her now. */
export function eventsForRefusal(
  state: SubjectState,
  body: RefusalBody,
  occurredAtMs: number,
): readonly PlannedEvent[] {
  const linked = state.links.flatMap(({ other, untilMs }) => (untilMs === null ? [other] : []))
  // They were shown nothing.
  const { experience: _, ...copy } = body
  return [
    { subjectId: state.subjectId, body, occurredAtMs },
    ...linked.map((subjectId) => ({ subjectId, body: copy, occurredAtMs })),
  ]
}

function half(
  policy: Policy,
  to: SubjectState,
  from: SubjectState,
  nowMs: number,
  device: SubjectId | null,
): readonly PlannedEvent[] {
  const { subjectId } = to
  const other = from.subjectId
  const link =
    device === other ? ({ act: 'linked', other, device: true } as const) : ({ act: 'linked', other } as const)
  const refusals = from.rows.flatMap((row) =>
    [...row.refusals, ...refusedAgain(policy, row)].map((refusal): PlannedEvent => {
      const actor: Actor = refusal.byGuardian ? 'guardian' : 'subject'
      const { purpose, property } = row
      const act = refusal.kind
      // Without the notice: the copy lands in the same scope, which the row says already.
      const body = { act, purpose, property, notice: null, method: 'link', actor, regime: null } as const
      return { subjectId, body, occurredAtMs: refusal.atMs }
    }),
  )
  const gpc: PlannedEvent[] =
    from.gpc === null
      ? []
      : [
          {
            subjectId,
            body: { act: 'gpc_opted_out', property: null, regime: null },
            occurredAtMs: from.gpc.atMs,
          },
        ]
  return [{ subjectId, body: link, occurredAtMs: nowMs }, ...refusals, ...gpc]
}

/** What a yes had lifted that was struck since. */
function refusedAgain(
  policy: Policy,
  { grant, grantLiftedRefusal, latestRefusal }: Row,
): readonly Pick<Refusal, 'kind' | 'atMs' | 'byGuardian'>[] {
  if (grant === null || !grantLiftedRefusal || holds(policy, grant)) return []
  const { kind, atMs } = latestRefusal ?? { kind: 'denied', atMs: grant.effectiveFromMs }
  return [{ kind, atMs, byGuardian: false }]
}
