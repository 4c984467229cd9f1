import type { Role } from './member-store.ts'

/** What an API key may do; each route names one. */
export const scopes = [
  'decisions:read',
  'consents:write',
  'consents:read',
  'consents:import',
  'audit:read',
  'config:write',
  'config:read',
  'keys:write',
  'changes:read',
  'search:read',
] as const

export type Scope = (typeof scopes)[number]

/** What a signed-in member may do, by her role. An auditor changes nothing; a developer sees no people. */
export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  owner: scopes,
  officer: ['decisions:read', 'consents:read', 'consents:write', 'audit:read', 'config:write', 'config:read'],
  auditor: ['decisions:read', 'consents:read', 'audit:read', 'config:read', 'changes:read'],
  developer: ['decisions:read', 'config:read', 'keys:write'],
}
