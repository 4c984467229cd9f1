import type { Role } from './member-store.ts'

/** What an API key may do; each route names one. */
export const scopes = [
  'decisions:read',
  'consents:write',
  'consents:read',
  'consents:import',
  'consents:invalidate',
  'audit:read',
  'config:write',
  'config:read',
  // Puts what was approved into force.
  'config:publish',
  'keys:write',
  'changes:read',
  'search:read',
  // Of all organisations: everything that decides, and so every subject's state. For nodes, never for people.
  'replica:read',
  'snapshots:read',
  'members:read',
  'members:write',
  // Sealing an answer for whoever has its link.
  'rooms:write',
  // What was sealed with an event, in clear, and a person's data to hand out. Each look is written down.
  'evidence:read',
] as const

export type Scope = (typeof scopes)[number]

/** What a person may do at most. */
const personal = scopes.filter((scope) => scope !== 'replica:read')

/** What a signed-in member may do, by her role. An auditor changes nothing; a developer sees no people. */
export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  owner: personal,
  officer: [
    'decisions:read',
    'consents:read',
    'consents:write',
    'consents:invalidate',
    'audit:read',
    'config:write',
    'config:read',
    'config:publish',
    'members:read',
    'rooms:write',
    'evidence:read',
  ],
  auditor: ['decisions:read', 'consents:read', 'audit:read', 'config:read', 'changes:read', 'members:read'],
  developer: ['decisions:read', 'config:read', 'keys:write'],
}
