import { starterConfiguration } from '../lib/config/starter.ts'
import { ConsentIndex } from '../lib/decisions/consent-index.ts'
import type { LoadTarget } from '../lib/decisions/log-source.ts'
import type { ConfigEvent, SubjectEvent } from '../lib/domain/events.ts'
import { foldEvent } from '../lib/domain/fold-event.ts'
import type { EventId, OrganisationId, SubjectId } from '../lib/domain/ids.ts'
import { packState } from '../lib/domain/pack-state.ts'
import type { Policy } from '../lib/domain/policy.ts'
import type { SubjectState } from '../lib/domain/state.ts'

/** What every subject of a filled index or database was asked for. */
export const purposes = ['ai_training', 'analytics', 'personalization', 'ai_training.evaluation'] as const

/** When they answered; milliseconds. */
export const startMs = Date.now() - 86_400_000

/** Subjects are numbered from 1; all their ids are of one length. */
export const idOf = (n: number) => `user_${String(n).padStart(8, '0')}`

/** Whose they are, in an index without a database. */
export const organisationId = `org_${'1'.repeat(32)}` as OrganisationId

/**
 * Packed states of subjects who answered all four purposes: every combination of yes and no, but that training and its
 * part are answered alike, so that half of every purpose is denied. Folded and packed by the domain, under the starter
 * configuration, which goes to `into` with the shapes, numbered from 0.
 */
export function packedStates(
  into: Pick<LoadTarget, 'config' | 'shape'>,
  ofOrganisation: OrganisationId = organisationId,
): readonly (readonly number[])[] {
  const index = new ConsentIndex(new Uint8Array(16))
  let seq = 0
  for (const body of starterConfiguration('http://localhost:3000')) {
    seq += 1
    const event = {
      id: 'evt_' as EventId,
      organisationId: ofOrganisation,
      seq,
      recordedAtMs: startMs,
      occurredAtMs: startMs,
    }
    const published = { ...event, subjectId: null, body } as ConfigEvent
    index.apply(published)
    into.config(published)
  }
  const shapes: string[] = []
  const numberOf = (json: string) => {
    if (!shapes.includes(json)) into.shape(shapes.push(json) - 1, json)
    return shapes.indexOf(json)
  }
  const { policy } = index.organisations.get(ofOrganisation)!
  return Array.from({ length: 8 }, (_, pattern) => packState(stateOf(pattern, policy, seq), numberOf))
}

function stateOf(pattern: number, policy: Policy, afterSeq: number): SubjectState {
  let state: SubjectState | undefined
  for (const [place, purpose] of purposes.entries()) {
    const isGranted = (pattern & (1 << (place % 3))) === 0
    const said = {
      purpose,
      property: 'demo',
      notice: { key: 'starter', version: 1, locale: 'en' },
      ...{ method: 'form', actor: 'subject', regime: null, country: null },
    }
    const flags = { explicit: false, namesGpcConflict: false, imported: false }
    const event = {
      id: 'evt_' as EventId,
      organisationId: policy.organisationId,
      subjectId: `sub_${'0'.repeat(32)}` as SubjectId,
      seq: afterSeq + 1 + place,
      recordedAtMs: startMs + place,
      occurredAtMs: startMs + place,
      body: isGranted ? { ...said, ...flags, act: 'granted' } : { ...said, act: 'denied' },
    }
    state = foldEvent(state, event as SubjectEvent, policy).state
  }
  return state!
}
