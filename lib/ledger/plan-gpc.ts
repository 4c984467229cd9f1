import type { Identifier } from '../domain/identifier.ts'
import type { OrganisationId, PropertyKey } from '../domain/ids.ts'
import type { Draft } from './draft.ts'

/** Adds a browser's Sec-GPC for a subject and whoever she is linked with; what is known already adds nothing. */
export function planGpc(
  draft: Draft,
  organisationId: OrganisationId,
  subject: Identifier,
  property: PropertyKey | null,
): { readonly isNew: boolean } {
  const known = draft.subjectOf(organisationId, subject)
  const state = known === undefined ? undefined : draft.state(organisationId, known)
  if (state !== undefined && state.gpc !== null) return { isNew: false }
  const subjectId = draft.subjectFor(organisationId, subject)
  const linked = state?.links.flatMap(({ other, untilMs }) => (untilMs === null ? [other] : [])) ?? []
  for (const id of [subjectId, ...linked]) {
    draft.appendToSubject(organisationId, id, {
      body: { act: 'gpc_opted_out', property, regime: null },
      occurredAtMs: null,
      evidence: { method: id === subjectId ? 'sec-gpc' : 'link' },
    })
  }
  return { isNew: true }
}
