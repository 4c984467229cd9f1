import { impossible } from '../domain/errors.ts'
import { emptyState } from '../domain/fold-event.ts'
import type { Identifier } from '../domain/identifier.ts'
import type { OrganisationId } from '../domain/ids.ts'
import { eventsForLink, eventsForUnlink } from '../domain/plan-links.ts'
import type { Draft } from './draft.ts'

/** Adds a link and the refusals that flow along it; linking again changes nothing. */
export function planLink(draft: Draft, organisationId: OrganisationId, a: Identifier, b: Identifier): object {
  const [one, other] = [a, b].map((identifier) => {
    const subjectId = draft.subjectFor(organisationId, identifier)
    return draft.state(organisationId, subjectId) ?? emptyState(subjectId)
  })
  if (one === undefined || other === undefined || one.subjectId === other.subjectId) return {}
  const isLinked = one.links.some((link) => link.other === other.subjectId && link.untilMs === null)
  if (isLinked) return {}
  const policy = draft.policy(organisationId) ?? impossible('a link in an unknown organisation')
  const [isOne, isOther] = [a, b].map(({ namespace }) => namespace === 'device')
  const device = isOne === isOther ? null : isOne ? one.subjectId : other.subjectId
  for (const fact of eventsForLink(policy, one, other, draft.recordedAtMs, device)) {
    draft.appendToSubject(organisationId, fact.subjectId, { ...fact, evidence: { method: 'link' } })
  }
  return {}
}

/** Adds the end of a link, where there is one. What was refused while linked stays with both. */
export function planUnlink(
  draft: Draft,
  organisationId: OrganisationId,
  a: Identifier,
  b: Identifier,
): object {
  const [one, other] = [a, b].map((identifier) => draft.subjectOf(organisationId, identifier))
  if (one === undefined || other === undefined) return {}
  const links = draft.state(organisationId, one)?.links ?? []
  if (!links.some((link) => link.other === other && link.untilMs === null)) return {}
  for (const fact of eventsForUnlink(one, other, draft.recordedAtMs)) {
    draft.appendToSubject(organisationId, fact.subjectId, { ...fact, evidence: { method: 'link' } })
  }
  return {}
}
