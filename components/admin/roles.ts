import type { MemberRole } from '../../lib/client/client.ts'

/** What each role may do, in a line. */
export const roleTexts: Readonly<Record<MemberRole, string>> = {
  owner: 'may do everything, and says who else works here',
  officer: 'reads and records consent, and changes configuration',
  auditor: 'reads everything and changes nothing',
  developer: 'makes keys and reads configuration; sees no people',
}

export const roleOptions = Object.keys(roleTexts).map((role) => ({ value: role, name: role }))
