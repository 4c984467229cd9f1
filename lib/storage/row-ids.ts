import type { EventId, OrganisationId, SubjectId } from '../domain/ids.ts'

type Prefixed = OrganisationId | SubjectId | EventId

/** `sub_` and 32 hex digits to the UUID the database stores. */
export function toUuid(id: Prefixed): string {
  const hex = id.slice(4)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

export function toOrganisationId(uuid: string): OrganisationId {
  return `org_${uuid.replaceAll('-', '')}` as OrganisationId
}

export function toSubjectId(uuid: string): SubjectId {
  return `sub_${uuid.replaceAll('-', '')}` as SubjectId
}

export function toEventId(uuid: string): EventId {
  return `evt_${uuid.replaceAll('-', '')}` as EventId
}

/** Whether the database could have given this id: anything else is unknown, and not asked about. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)
}
