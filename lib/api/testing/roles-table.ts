import type { Role } from '../../auth/member-store.ts'
import type { Scope } from '../../auth/scopes.ts'
import { rowsOfReleases } from './roles-of-releases.ts'

/** A way to act within one organisation, as a key that may do everything there. */
export type Acting = {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** Stores what was counted. */
  store(): Promise<void>
  /** An identifier that is recorded there alone. */
  readonly subject: string
}

export type Asked = { readonly path: string; readonly body?: unknown }

export type RoleRow = {
  /** `anyone` needs no credential; `web` is the pages' process alone, and nothing to all others. */
  readonly access:
    | 'anyone'
    | 'web'
    /** No scope: what is a member's own, and no key's. */
    | { readonly scope: Scope | null; readonly or?: Scope; readonly roles: readonly Role[] }
  /** Status for who may, and the code where it is a problem. */
  readonly status: number
  readonly code?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Answered by hand, for API keys alone: a session is no key. */
  readonly isRaw?: boolean
  /** By members alone: a key with the scope is told so, and another organisation’s things are tried as an owner. */
  readonly isForMembers?: boolean
  /** Scopes that a key needs besides, so that it can hand them out. */
  readonly alsoNeeds?: readonly Scope[]
  /** What is asked; called for each try, so that what trying uses up is there again. */
  ask(mine: Acting): Asked | Promise<Asked>
  /** The same about what `theirs` has, and about what nobody has, with the id that each names. */
  other?(theirs: Acting): Promise<Readonly<Record<'theirs' | 'unknown', Asked & { readonly id: string }>>>
}

const all: readonly Role[] = ['owner', 'officer', 'auditor', 'developer']
export const readers: readonly Role[] = ['owner', 'officer', 'auditor']
const anyone = (path: string, status = 200) => ({ access: 'anyone', status, ask: () => ({ path }) }) as const
const web = (path: string, body?: unknown) =>
  ({ access: 'web', status: 200, ask: () => ({ path, body }) }) as const
export const by = (scope: Scope, roles: readonly Role[], asked: Asked, status = 200) =>
  ({ access: { scope, roles }, status, ask: () => asked }) as const
/** Systems only, by hand. */
const raw = (scope: Scope, asked: Asked, headers: Record<string, string> = {}) =>
  ({ access: { scope, roles: [] }, status: 200, isRaw: true, headers, ask: () => asked }) as const

/** What every role may read of services: who sees all, and who makes keys. */
const ofServices = (asked: Asked): RoleRow => ({
  access: { scope: 'audit:read', or: 'keys:write', roles: all },
  status: 200,
  ask: () => asked,
})

const ofHerOwn = (path: string) =>
  ({ access: { scope: null, roles: all }, status: 200, ask: () => ({ path }) }) as const

const question = { subject: 'user:alice', purpose: 'ai_training' }
const entities = {
  subject: { type: 'user', id: 'alice' },
  action: { name: 'ai_training' },
  resource: { type: 'property', id: 'demo' },
}
export const unknownUuid = '00000000-0000-4000-8000-000000000000'
/** Who asks an auditor in needs what she may do. */
const rightsOfAuditor: readonly Scope[] = [
  'decisions:read',
  'consents:read',
  'audit:read',
  'config:read',
  'changes:read',
  'members:read',
]
const json = { 'Content-Type': 'application/json' }
const filterQuery = 'purpose=ai_training&subject=user:a&collected_at=b'
const seenPath = '/v1/first-uses/seen'
const publicPath = '/v1/public/demo'

let notices = 0
/** A notice that nobody has published yet, under a key of its own. */
function aNotice() {
  const words = { title: 't', body: ['b'], withdrawal: 'w', rights: 'r', controller: 'c', contact: 'c' }
  return {
    ...{ key: `made-${++notices}`, version: 1, property: null, texts: { en: words } },
    purposes: [{ purpose: 'ai_training', version: 1 }],
  }
}

async function newNotice({ call }: Acting): Promise<string> {
  const notice = aNotice()
  await call('POST', '/v1/notices', notice)
  return notice.key
}

async function newKey({ call }: Acting): Promise<string> {
  const made = await call('POST', '/v1/keys', { name: 'Made', scopes: ['decisions:read'] })
  return ((await made.json()) as { id: string }).id
}

/** A key that has asked about AI training, with that counted and stored. */
async function askedKey({ call, store }: Acting): Promise<string> {
  const made = await call('POST', '/v1/keys', { name: 'Asking', scopes: ['decisions:read'] })
  const { id, key } = (await made.json()) as { id: string; key: string }
  await call('POST', '/v1/check', question, { Authorization: `Bearer ${key}` })
  await store()
  return id
}

async function newConsumer({ call }: Acting, name: string): Promise<string> {
  await call('PUT', `/v1/consumers/${name}`, { applied: '0:0' })
  return name
}

async function newFilter({ call }: Acting): Promise<string> {
  const filtered = await call('POST', `/v1/filter?${filterQuery}`, '', {
    'Content-Type': 'application/x-ndjson',
  })
  await filtered.text()
  return filtered.headers.get('assent-filter-id')!
}

async function newSnapshot({ call }: Acting): Promise<string> {
  const taken = await call('GET', '/v1/snapshots/ai_training', undefined, { Accept: 'application/x-ndjson' })
  await taken.text()
  return taken.headers.get('assent-snapshot-id')!
}

async function newEvidence({ call }: Acting): Promise<string> {
  const listed = await call('GET', '/v1/evidence?limit=1')
  return ((await listed.json()) as { evidence: { id: string }[] }).evidence[0]!.id
}

export async function subjectId({ call, subject }: Acting): Promise<string> {
  const found = await call('POST', '/v1/subjects/lookup', { subject })
  return ((await found.json()) as { id: string }).id
}

let asked = 0
async function newInvitation({ call }: Acting) {
  asked += 1
  const body = { email: `asked-in-${asked}@example.com`, role: 'auditor' }
  return (await (await call('POST', '/v1/invitations', body)).json()) as { id: string; link: string }
}

async function newMember(acting: Acting): Promise<string> {
  const token = (await newInvitation(acting)).link.split('#')[1]
  const password = 'long enough to be one'
  const joined = await acting.call('POST', '/v1/invitations/accept', { token, password })
  const { email } = (await joined.json()) as { email: string }
  const listed = await acting.call('GET', '/v1/members')
  const { members } = (await listed.json()) as { members: { id: string; email: string }[] }
  return members.find((each) => each.email === email)!.id
}

let recalled = 0
/** One that strikes nobody else: of an import by its own name. */
async function newRecall({ call }: Acting): Promise<string> {
  const scope = { kind: 'import', id: `made-${++recalled}` }
  const made = await call('POST', '/v1/recalls', { scope, reason: 'made' })
  return ((await made.json()) as { id: string }).id
}

/** A task of a recall of one person’s consent. */
async function newTask(acting: Acting): Promise<string> {
  const key = await newNotice(acting)
  await acting.call('POST', '/v1/consents', {
    ...{ subject: `user:recalled-${key}`, evidence: { method: 'form' } },
    notice: { key, version: 1, locale: 'en' },
    choices: [{ purpose: 'ai_training', act: 'grant' }],
  })
  const scope = { kind: 'notice', key, version: 1 }
  const made = await acting.call('POST', '/v1/recalls', { scope, reason: 'made' })
  const { id } = (await made.json()) as { id: string }
  const { tasks } = (await (await acting.call('GET', `/v1/tasks?recall=${id}`)).json()) as {
    tasks: { id: string }[]
  }
  return tasks[0]!.id
}

/** Rows about a thing by its id: `pathOf` where it is found, `unknown` an id that nobody has. */
export const byId = (
  scope: Scope,
  roles: readonly Role[],
  make: (acting: Acting) => Promise<string>,
  pathOf: (id: string) => string,
  unknown: string,
): RoleRow => ({
  access: { scope, roles },
  status: 200,
  ask: async (mine) => ({ path: pathOf(await make(mine)) }),
  async other(theirs) {
    const id = await make(theirs)
    return { theirs: { id, path: pathOf(id) }, unknown: { id: unknown, path: pathOf(unknown) } }
  },
})

/** Every route, who may call it, and how it is tried. The one place that says so. */
export const rowsOfRoles: Readonly<Record<string, RoleRow>> = {
  ...rowsOfReleases,

  // Questions, by systems.
  'POST /v1/check': raw('decisions:read', { path: '/v1/check', body: question }),
  'POST /access/v1/evaluation': raw('decisions:read', { path: '/access/v1/evaluation', body: entities }),
  'POST /access/v1/evaluations': raw('decisions:read', {
    path: '/access/v1/evaluations',
    body: { evaluations: [entities] },
  }),
  'POST /v1/filter': raw(
    'decisions:read',
    { path: `/v1/filter?${filterQuery}`, body: '' },
    { 'Content-Type': 'application/x-ndjson' },
  ),
  'POST /v1/resolve': raw(
    'decisions:read',
    { path: '/v1/resolve?purpose=ai_training&namespace=user', body: 'alice\n' },
    { 'Content-Type': 'text/plain' },
  ),
  'GET /v1/snapshots/{purpose}': raw(
    'snapshots:read',
    { path: '/v1/snapshots/ai_training' },
    { Accept: 'application/x-ndjson' },
  ),
  'GET /v1/replica/state': raw('replica:read', { path: '/v1/replica/state' }),
  'GET /v1/replica/events': by('replica:read', [], { path: '/v1/replica/events?after=0:0' }),
  'PUT /v1/consumers/{name}': by('changes:read', [], {
    path: '/v1/consumers/store',
    body: { applied: '0:0', reset: true },
  }),

  // Questions and people.
  'POST /v1/explain': by('decisions:read', all, { path: '/v1/explain', body: question }),
  'GET /v1/filters/{id}': byId(
    'decisions:read',
    all,
    newFilter,
    (id) => `/v1/filters/${id}`,
    'flt_0000000000000000000000',
  ),
  'POST /v1/consents': by(
    'consents:write',
    ['owner', 'officer'],
    {
      path: '/v1/consents',
      body: { subject: 'user:alice', choices: [{ purpose: 'ai_training', act: 'deny' }] },
    },
    201,
  ),
  'POST /v1/ages': by(
    'consents:write',
    ['owner', 'officer'],
    { path: '/v1/ages', body: { subject: 'user:alice', at_least: 16, below: null } },
    201,
  ),
  'POST /access/v1/search/subject': by('search:read', ['owner'], {
    path: '/access/v1/search/subject',
    body: { ...entities, subject: { type: 'user' } },
  }),
  'POST /access/v1/search/action': by('search:read', ['owner'], {
    path: '/access/v1/search/action',
    body: { subject: entities.subject, resource: entities.resource },
  }),
  'POST /access/v1/search/resource': by('search:read', ['owner'], {
    path: '/access/v1/search/resource',
    body: { ...entities, resource: { type: 'property' } },
  }),

  // Evidence.
  'GET /v1/events': by('audit:read', readers, { path: '/v1/events' }),
  'GET /v1/evidence': by('audit:read', readers, { path: '/v1/evidence' }),
  'GET /v1/evidence/facets': by('audit:read', readers, { path: '/v1/evidence/facets' }),
  'GET /v1/evidence/export': by('audit:read', readers, { path: '/v1/evidence/export?format=csv' }),
  'GET /v1/evidence/{id}': byId(
    'audit:read',
    readers,
    newEvidence,
    (id) => `/v1/evidence/${id}`,
    'evt_00000000000000000000000000000000',
  ),
  'GET /v1/usage': by('audit:read', readers, { path: '/v1/usage' }),
  'GET /v1/decisions': by('audit:read', readers, { path: '/v1/decisions' }),
  'GET /v1/consumers': by('audit:read', readers, { path: '/v1/consumers' }),
  'GET /metrics': raw('audit:read', { path: '/metrics' }),
  'GET /v1/changes': by('changes:read', ['owner', 'auditor'], { path: '/v1/changes?after=0:0' }),
  'GET /v1/snapshots/key': by('snapshots:read', ['owner'], { path: '/v1/snapshots/key' }),
  'GET /v1/snapshots/{purpose}/{id}/signature': byId(
    'snapshots:read',
    ['owner'],
    newSnapshot,
    (id) => `/v1/snapshots/ai_training/${id}/signature`,
    'snp_0000000000000000000000',
  ),

  // Configuration and keys.
  'GET /v1/purposes': by('config:read', all, { path: '/v1/purposes' }),
  'GET /v1/notices': by('config:read', all, { path: '/v1/notices' }),
  'POST /v1/notices': {
    access: { scope: 'config:write', roles: ['owner', 'officer'] },
    status: 201,
    ask: () => ({ path: '/v1/notices', body: aNotice() }),
  },
  'GET /v1/notices/{key}/{version}': byId(
    'config:read',
    all,
    newNotice,
    (key) => `/v1/notices/${key}/1`,
    'made-never',
  ),
  'GET /v1/notices/{key}/{version}/consents': byId(
    'audit:read',
    readers,
    newNotice,
    (key) => `/v1/notices/${key}/1/consents`,
    'made-never',
  ),
  'GET /v1/setup': by('config:read', all, { path: '/v1/setup' }),
  'GET /v1/properties': by('config:read', all, { path: '/v1/properties' }),
  'GET /v1/regimes': by('config:read', all, { path: '/v1/regimes' }),
  // Nobody publishes a regime over the API: that another organisation's is as unknown, `regimes.test.ts` tries.
  'GET /v1/regimes/{key}': by('config:read', all, { path: '/v1/regimes/gdpr' }),
  'POST /v1/simulate': by('config:read', all, {
    path: '/v1/simulate',
    body: { person: { age: 15, region: 'DE-SN', gpc: true }, question: { purpose: 'ai_training' } },
  }),
  'DELETE /v1/consumers/{name}': byId(
    'config:write',
    ['owner', 'officer'],
    (acting) => newConsumer(acting, acting.subject === 'user:theirs' ? 'their-store' : 'my-store'),
    (name) => `/v1/consumers/${name}`,
    'no-store',
  ),
  'GET /v1/keys': ofServices({ path: '/v1/keys' }),
  'GET /v1/services': ofServices({ path: '/v1/services' }),
  'GET /v1/services/{key}/questions': {
    ...byId('audit:read', all, newKey, (id) => `/v1/services/${id}/questions`, 'key_000000000000'),
    access: { scope: 'audit:read', or: 'keys:write', roles: all },
  },
  'GET /v1/first-uses': ofServices({ path: '/v1/first-uses' }),
  'POST /v1/first-uses/seen': {
    access: { scope: 'config:write', roles: ['owner', 'officer'] },
    status: 200,
    ask: async (mine) => ({ path: seenPath, body: { key: await askedKey(mine), purpose: 'ai_training' } }),
    async other(theirs) {
      const key = await askedKey(theirs)
      const asked = (id: string) => ({ id, path: seenPath, body: { key: id, purpose: 'ai_training' } })
      return { theirs: asked(key), unknown: asked('key_000000000000') }
    },
  },
  'POST /v1/keys': {
    ...by(
      'keys:write',
      ['owner', 'developer'],
      { path: '/v1/keys', body: { name: 'Made', scopes: ['decisions:read'] } },
      201,
    ),
    alsoNeeds: ['decisions:read'],
  },
  'POST /v1/keys/{id}/rotate': {
    access: { scope: 'keys:write', roles: ['owner', 'developer'] },
    alsoNeeds: ['decisions:read'],
    status: 201,
    ask: async (mine) => ({ path: `/v1/keys/${await newKey(mine)}/rotate`, body: { overlap_hours: 1 } }),
    async other(theirs) {
      const made = await newKey(theirs)
      const asked = (id: string) => ({ id, path: `/v1/keys/${id}/rotate`, body: { overlap_hours: 1 } })
      return { theirs: asked(made), unknown: asked('key_000000000000') }
    },
  },
  'DELETE /v1/keys/{id}': byId(
    'keys:write',
    ['owner', 'developer'],
    newKey,
    (id) => `/v1/keys/${id}`,
    'key_000000000000',
  ),

  // Recalls and what is to be done.
  'GET /v1/recalls': by('audit:read', readers, { path: '/v1/recalls' }),
  'POST /v1/recalls/preview': by('audit:read', readers, {
    path: '/v1/recalls/preview',
    body: { scope: { kind: 'import', id: 'never' } },
  }),
  'POST /v1/recalls': by(
    'consents:invalidate',
    ['owner', 'officer'],
    { path: '/v1/recalls', body: { scope: { kind: 'import', id: 'never' }, reason: 'tried' } },
    201,
  ),
  'GET /v1/recalls/{id}': byId('audit:read', readers, newRecall, (id) => `/v1/recalls/${id}`, unknownUuid),
  'GET /v1/recalls/{id}/subjects': byId(
    'audit:read',
    readers,
    newRecall,
    (id) => `/v1/recalls/${id}/subjects`,
    unknownUuid,
  ),
  'GET /v1/tasks': by('audit:read', readers, { path: '/v1/tasks' }),
  'POST /v1/tasks/{id}/done': {
    access: { scope: 'config:write', roles: ['owner', 'officer'] },
    status: 200,
    ask: async (mine) => ({ path: `/v1/tasks/${await newTask(mine)}/done`, body: {} }),
    async other(theirs) {
      const id = await newTask(theirs)
      const asked = (of: string) => ({ id: of, path: `/v1/tasks/${of}/done`, body: {} })
      return { theirs: asked(id), unknown: asked(unknownUuid) }
    },
  },

  // Members.
  'GET /v1/members': by('members:read', readers, { path: '/v1/members' }),
  'PUT /v1/members/{id}/role': {
    access: { scope: 'members:write', roles: ['owner'] },
    alsoNeeds: rightsOfAuditor,
    status: 200,
    ask: async (mine) => ({ path: `/v1/members/${await newMember(mine)}/role`, body: { role: 'auditor' } }),
    async other(theirs) {
      const id = await newMember(theirs)
      const asked = (of: string) => ({ id: of, path: `/v1/members/${of}/role`, body: { role: 'auditor' } })
      return { theirs: asked(id), unknown: asked(unknownUuid) }
    },
  },
  'DELETE /v1/members/{id}': byId(
    'members:write',
    ['owner'],
    newMember,
    (id) => `/v1/members/${id}`,
    unknownUuid,
  ),
  'DELETE /v1/members/{id}/sessions': byId(
    'members:write',
    ['owner'],
    newMember,
    (id) => `/v1/members/${id}/sessions`,
    unknownUuid,
  ),
  'GET /v1/invitations': by('members:read', readers, { path: '/v1/invitations' }),
  'POST /v1/invitations': {
    ...by(
      'members:write',
      ['owner'],
      { path: '/v1/invitations', body: { email: 'bob@example.com', role: 'auditor' } },
      201,
    ),
    alsoNeeds: rightsOfAuditor,
  },
  'DELETE /v1/invitations/{id}': byId(
    'members:write',
    ['owner'],
    async (acting) => (await newInvitation(acting)).id,
    (id) => `/v1/invitations/${id}`,
    unknownUuid,
  ),
  'POST /v1/invitations/accept': {
    ...anyone('', 410),
    ask: () => ({
      path: '/v1/invitations/accept',
      body: { token: 'x'.repeat(43), password: 'long enough to be one' },
    }),
  },
  'GET /v1/sessions': ofHerOwn('/v1/sessions'),
  'DELETE /v1/sessions': ofHerOwn('/v1/sessions'),
  'DELETE /v1/sessions/{id}': {
    ...ofHerOwn(`/v1/sessions/${unknownUuid}`),
    status: 404,
    code: 'not_found',
  },

  'GET /v1/account/second-factor': ofHerOwn('/v1/account/second-factor'),
  'POST /v1/account/second-factor': { ...ofHerOwn('/v1/account/second-factor'), status: 201 },
  'POST /v1/account/second-factor/confirm': {
    access: { scope: null, roles: all },
    status: 422,
    code: 'code_wrong',
    ask: () => ({ path: '/v1/account/second-factor/confirm', body: { code: 'no code' } }),
  },
  'POST /v1/account/second-factor/remove': {
    access: { scope: null, roles: all },
    status: 404,
    code: 'not_found',
    ask: () => ({ path: '/v1/account/second-factor/remove', body: { code: 'no code' } }),
  },
  'DELETE /v1/members/{id}/second-factor': byId(
    'members:write',
    ['owner'],
    newMember,
    (id) => `/v1/members/${id}/second-factor`,
    unknownUuid,
  ),
  'GET /v1/sign-in-settings': by('members:read', readers, { path: '/v1/sign-in-settings' }),
  'PUT /v1/sign-in-settings': by('members:write', ['owner'], {
    path: '/v1/sign-in-settings',
    body: { require_second_factor: false },
  }),

  // Anyone: what a device says for itself, and what a node says of itself.
  'GET /v1/public/{property}/experience': {
    ...anyone(`${publicPath}/experience`),
    headers: { Origin: 'http://localhost:3000' },
  },
  'POST /v1/public/{property}/understanding': {
    ...anyone(`${publicPath}/understanding`, 400),
    headers: json,
  },
  'POST /v1/public/{property}/tokens/renewals': {
    ...anyone(`${publicPath}/tokens/renewals`, 400),
    headers: json,
  },
  'POST /v1/public/{property}/snapshots': { ...anyone(`${publicPath}/snapshots`, 400), headers: json },
  'GET /v1/public/{property}/content-usage': anyone(`${publicPath}/content-usage`),
  'POST /v1/public/{property}/tokens': { ...anyone(`${publicPath}/tokens`, 400), headers: json },
  'GET /v1/public/{property}/consents': anyone(`${publicPath}/consents`, 403),
  'POST /v1/public/{property}/consents': { ...anyone(`${publicPath}/consents`, 400), headers: json },
  'POST /v1/public/{property}/withdraw-all': { ...anyone(`${publicPath}/withdraw-all`, 400), headers: json },
  'POST /v1/public/{property}/identities': { ...anyone(`${publicPath}/identities`, 400), headers: json },
  'POST /v1/public/{property}/sign-out': { ...anyone(`${publicPath}/sign-out`, 400), headers: json },
  'GET /v1/public/{property}/history': anyone(`${publicPath}/history`, 403),
  'GET /v1/public/{property}/record': anyone(`${publicPath}/record`, 403),
  'GET /v1/public/{property}/stopped': anyone(`${publicPath}/stopped`, 403),
  'POST /v1/public/{property}/erasure': { ...anyone(`${publicPath}/erasure`, 400), headers: json },
  'GET /v1/public/{property}/reach': anyone(`${publicPath}/reach`),
  'POST /v1/public/{property}/hand-overs': { ...anyone(`${publicPath}/hand-overs`, 400), headers: json },
  'POST /v1/public/{property}/hand-overs/open': {
    ...anyone(`${publicPath}/hand-overs/open`, 400),
    headers: json,
  },
  'POST /v1/public/{property}/links': { ...anyone(`${publicPath}/links`, 400), headers: json },
  'POST /v1/public/{property}/links/read': { ...anyone(`${publicPath}/links/read`, 400), headers: json },
  'POST /v1/public/{property}/links/open': { ...anyone(`${publicPath}/links/open`, 400), headers: json },
  'POST /v1/public/{property}/confirmations': {
    ...anyone(`${publicPath}/confirmations`, 400),
    headers: json,
  },
  'POST /v1/public/{property}/confirmations/read': {
    ...anyone(`${publicPath}/confirmations/read`, 400),
    headers: json,
  },
  'POST /v1/public/{property}/confirmations/answer': {
    ...anyone(`${publicPath}/confirmations/answer`, 400),
    headers: json,
  },
  'POST /v1/public/{property}/age': { ...anyone(`${publicPath}/age`, 400), headers: json },
  'POST /v1/public/{property}/check': { ...anyone(`${publicPath}/check`, 400), headers: json },
  'GET /healthz': anyone('/healthz'),
  'GET /readyz': anyone('/readyz'),
  'GET /.well-known/authzen-configuration': anyone('/.well-known/authzen-configuration'),
  'GET /.well-known/gpc.json': anyone('/.well-known/gpc.json'),
  'GET /.well-known/jwks.json': anyone('/.well-known/jwks.json'),
  'GET /openapi.json': anyone('/openapi.json'),

  // The pages' process.
  'POST /v1/internal/sign-in': web('/v1/internal/sign-in', { email: 'nobody@example.com', password: 'x' }),
  'POST /v1/internal/sign-in/oidc': web('/v1/internal/sign-in/oidc', { id_token: 'x', nonce: 'x' }),
  'POST /v1/internal/sign-in/continue': web('/v1/internal/sign-in/continue', { ticket: 'x' }),
  'GET /v1/internal/session': web('/v1/internal/session'),
  'DELETE /v1/internal/session': web('/v1/internal/session'),
}
