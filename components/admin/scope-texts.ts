import { type Scope, scopes } from '../../lib/auth/scopes.ts'

/** What each scope lets a key do, in a sentence. */
export const scopeTexts: Readonly<Record<Scope, string>> = {
  'decisions:read': 'Asks whether data may be used: checks, evaluations, filters.',
  'consents:write': 'Records what people said: yes, no, withdrawn.',
  'consents:read': 'Looks people up, and reads what they said.',
  'consents:import': 'Records consent given earlier in another system, with its evidence.',
  'consents:invalidate': 'Recalls: strikes all consents of a notice, an experience, an import or a key.',
  'audit:read': 'Reads the log, the counts of what was asked, and metrics.',
  'evidence:read': 'Reads evidence in clear and exports a person’s data; each look is written down.',
  'config:write': 'Publishes notices, and changes what decisions rest on.',
  'config:publish': 'Publish a release that members have approved, now or at a time to come.',
  'config:read': 'Reads purposes, notices, properties and regimes.',
  'keys:write': 'Makes, rotates and revokes keys. It can give no scope that it lacks.',
  'changes:read': 'Follows every change, and reports what it has acted on.',
  'search:read': 'Lists people by what they permit.',
  'replica:read': 'Reads everything that decides, of all organisations: for nodes only.',
  'snapshots:read': 'Takes whole tables of consent to join with.',
  'members:read': 'Reads who works here.',
  'members:write': 'Invites, changes and removes members.',
  'rooms:write': 'Seals an answer for whoever has its link, and closes it.',
}

/** Those among `held` that a key can be given, in the order of the table. */
export const givable = (held: readonly string[]): readonly Scope[] =>
  scopes.filter((scope) => held.includes(scope))
