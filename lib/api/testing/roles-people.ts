import type { Role } from '../../auth/member-store.ts'
import type { Scope } from '../../auth/scopes.ts'
import { type Acting, by, byId, type RoleRow, readers, subjectId, unknownUuid } from './roles-table.ts'

const nobody = 'sub_00000000000000000000000000000000'
const reason = { why: 'request' }
const objection = { kind: 'objection', regime: 'gdpr', subject: 'user:alice' }

async function newRequest({ call, subject }: Acting): Promise<string> {
  const made = await call('POST', '/v1/requests', { ...objection, subject })
  return ((await made.json()) as { id: string }).id
}

const writers: readonly Role[] = ['owner', 'officer']

const withBody = (row: RoleRow, body?: object): RoleRow => ({
  ...row,
  ask: async (mine) => ({ ...(await row.ask(mine)), body }),
  async other(theirs) {
    const asked = await row.other!(theirs)
    return { theirs: { ...asked.theirs, body }, unknown: { ...asked.unknown, body } }
  },
})

const ofSubject = (
  scope: Scope,
  roles: readonly Role[],
  pathOf: (id: string) => string,
  body?: object,
): RoleRow => withBody(byId(scope, roles, subjectId, pathOf, nobody), body)

/** Who may look at people, and what each may do for them. */
export const rowsOfPeople: Readonly<Record<string, RoleRow>> = {
  'POST /v1/subjects/lookup': {
    ...by('consents:read', readers, {
      path: '/v1/subjects/lookup',
      body: { subject: 'user:alice', reason },
    }),
    other: async ({ subject }) => ({
      theirs: { id: subject, path: '/v1/subjects/lookup', body: { subject } },
      unknown: { id: 'user:nobody', path: '/v1/subjects/lookup', body: { subject: 'user:nobody' } },
    }),
  },
  'POST /v1/subjects/{id}/views': {
    ...withBody(
      byId('consents:read', readers, subjectId, (id) => `/v1/subjects/${id}/views`, nobody),
      { reason },
    ),
    status: 201,
  },
  'GET /v1/subjects/{id}': ofSubject('consents:read', readers, (id) => `/v1/subjects/${id}`),
  'GET /v1/subjects/{id}/consents': ofSubject(
    'consents:read',
    readers,
    (id) => `/v1/subjects/${id}/consents`,
  ),
  'GET /v1/subjects/{id}/timeline': ofSubject(
    'consents:read',
    readers,
    (id) => `/v1/subjects/${id}/timeline`,
  ),
  'GET /v1/subjects/{id}/answers': ofSubject('audit:read', readers, (id) => `/v1/subjects/${id}/answers`),
  'GET /v1/subjects/{id}/moments': ofSubject('audit:read', readers, (id) => `/v1/subjects/${id}/moments`),
  'POST /v1/subjects/{id}/events/{seq}/evidence': {
    ...ofSubject('evidence:read', writers, (id) => `/v1/subjects/${id}/events/1/evidence`),
    // The first event of a log is configuration, nobody's.
    ...{ status: 404, code: 'not_found' },
  },
  'POST /v1/subjects/{id}/export': ofSubject('evidence:read', writers, (id) => `/v1/subjects/${id}/export`),
  'POST /v1/subjects/{id}/links': ofSubject('consents:write', writers, (id) => `/v1/subjects/${id}/links`, {
    subject: 'device:alice-phone',
  }),
  'DELETE /v1/subjects/{id}/links': ofSubject('consents:write', writers, (id) => `/v1/subjects/${id}/links`, {
    subject: 'device:alice-phone',
  }),

  // What people ask for.
  'GET /v1/requests': by('consents:read', readers, { path: '/v1/requests' }),
  'POST /v1/requests': by('consents:write', writers, { path: '/v1/requests', body: objection }, 201),
  'GET /v1/requests/{id}': byId(
    'consents:read',
    readers,
    newRequest,
    (id) => `/v1/requests/${id}`,
    unknownUuid,
  ),
  'POST /v1/requests/{id}/texts': byId(
    'consents:read',
    readers,
    newRequest,
    (id) => `/v1/requests/${id}/texts`,
    unknownUuid,
  ),
  'POST /v1/requests/{id}/changes': withBody(
    byId('consents:write', writers, newRequest, (id) => `/v1/requests/${id}/changes`, unknownUuid),
    { revision: 1, change: 'note', text: 'Called back.' },
  ),
  'POST /v1/requests/{id}/refusal': {
    ...withBody(
      byId('consents:write', writers, newRequest, (id) => `/v1/requests/${id}/refusal`, unknownUuid),
      { purposes: ['analytics'], method: 'mail' },
    ),
    status: 201,
  },
}
