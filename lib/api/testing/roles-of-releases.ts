import type { Role } from '../../auth/member-store.ts'
import type { Scope } from '../../auth/scopes.ts'
import { rowsOfLooks } from './roles-of-looks.ts'
import type { Acting, Asked, RoleRow } from './roles-table.ts'

const all: readonly Role[] = ['owner', 'officer', 'auditor', 'developer']
const writers: readonly Role[] = ['owner', 'officer']
const unknownUuid = '00000000-0000-4000-8000-000000000000'

let made = 0

type Opened = {
  readonly id: string
  readonly key: string
  readonly sha256: string
  readonly base_sha256: string
}

/** A release with a property in it. */
async function opened({ call }: Acting): Promise<Opened> {
  const key = `released-${++made}`
  const release = (await (await call('POST', '/v1/releases', { title: key })).json()) as { id: string }
  const item = { edit: 0, definition: { key, name: 'A site', origins: [] } }
  const put = await call('PUT', `/v1/releases/${release.id}/items/property/${key}`, item)
  return { ...((await put.json()) as Opened), key }
}

async function submitted(acting: Acting): Promise<Opened> {
  const release = await opened(acting)
  await acting.call('POST', `/v1/releases/${release.id}/submit`)
  return release
}

async function scheduled(acting: Acting): Promise<Opened> {
  const release = await submitted(acting)
  const at = new Date(Date.now() + 86_400_000).toISOString()
  await acting.call('POST', `/v1/releases/${release.id}/publish`, { at })
  return release
}

/** A row about one release, made anew for each try. */
function about(
  scope: Scope,
  roles: readonly Role[],
  make: (acting: Acting) => Promise<Opened>,
  rest: string | ((release: Opened) => string) = '',
  body?: unknown | ((release: Opened) => unknown),
): RoleRow {
  const asked = (release: Opened): Asked => ({
    path: `/v1/releases/${release.id}${typeof rest === 'string' ? rest : rest(release)}`,
    ...(body === undefined ? {} : { body: typeof body === 'function' ? body(release) : body }),
  })
  return {
    access: { scope, roles },
    status: 200,
    ask: async (mine) => asked(await make(mine)),
    async other(theirs) {
      const release = await make(theirs)
      const { id } = release
      return {
        theirs: { id, ...asked(release) },
        unknown: { id: unknownUuid, ...asked({ ...release, id: unknownUuid }) },
      }
    },
  }
}

const byMembers = (row: RoleRow): RoleRow => ({ ...row, isForMembers: true })
const content = ({ sha256, base_sha256 }: Opened) => ({ sha256, base_sha256 })
const itemPath = ({ key }: Opened) => `/items/property/${key}`
const read = (path: string): RoleRow => ({
  access: { scope: 'config:read', roles: all },
  status: 200,
  ask: () => ({ path }),
})

/** Releases, and what is shown of what they published. */
export const rowsOfReleases: Readonly<Record<string, RoleRow>> = {
  'GET /v1/releases': read('/v1/releases'),
  'POST /v1/releases': {
    access: { scope: 'config:write', roles: writers },
    status: 201,
    ask: () => ({ path: '/v1/releases', body: { title: 'Made' } }),
  },
  'GET /v1/releases/{id}': about('config:read', all, opened),
  'PUT /v1/releases/{id}': about('config:write', writers, opened, '', { title: 'Other' }),
  'DELETE /v1/releases/{id}': about('config:write', writers, opened),
  'PUT /v1/releases/{id}/items/{kind}/{key}': about(
    'config:write',
    writers,
    opened,
    itemPath,
    ({ key }: Opened) => ({
      edit: 1,
      definition: { key, name: 'Another site', origins: [] },
    }),
  ),
  'DELETE /v1/releases/{id}/items/{kind}/{key}': about(
    'config:write',
    writers,
    opened,
    (release) => `${itemPath(release)}?edit=1`,
  ),
  'POST /v1/releases/{id}/comments': {
    ...about('config:write', writers, opened, '/comments', { text: 'Why?' }),
    status: 201,
  },
  'POST /v1/releases/{id}/submit': about('config:write', writers, opened, '/submit'),
  'POST /v1/releases/{id}/approve': byMembers(
    about('config:publish', writers, submitted, '/approve', content),
  ),
  'POST /v1/releases/{id}/withdraw-approval': byMembers({
    // Nobody has approved: who may is told so.
    ...about('config:publish', writers, submitted, '/withdraw-approval'),
    ...{ status: 409, code: 'release_state' },
  }),
  'POST /v1/releases/{id}/request-changes': byMembers(
    about('config:publish', writers, submitted, '/request-changes', { text: 'Say why.' }),
  ),
  'POST /v1/releases/{id}/publish': about('config:publish', writers, submitted, '/publish', {}),
  'POST /v1/releases/{id}/unschedule': about('config:publish', writers, scheduled, '/unschedule'),
  'POST /v1/releases/{id}/flips': { ...about('config:write', writers, opened, '/flips'), status: 201 },
  'GET /v1/releases/{id}/flips': about('config:read', all, opened, '/flips'),
  'GET /v1/releases/{id}/difference': about('config:read', all, opened, '/difference'),
  'GET /v1/releases/{id}/looks': about('config:read', all, opened, '/looks'),
  'GET /v1/releases/{id}/check': about('config:read', all, opened, '/check'),
  'GET /v1/releases/{id}/effects': about('config:read', all, opened, '/effects'),
  'POST /v1/releases/preview': {
    ...read('/v1/releases/preview'),
    ask: () => ({ path: '/v1/releases/preview', body: { items: [] } }),
  },
  'GET /v1/configuration': read('/v1/configuration'),
  'GET /v1/purposes/{key}': {
    ...read('/v1/purposes/ai_training'),
    async other(theirs) {
      const key = `theirs_${++made}`
      const name = { en: key }
      const definition = { key, name, description: name, retentionDays: null, basis: 'consent' }
      const release = (await (await theirs.call('POST', '/v1/releases', { title: key })).json()) as Opened
      const path = `/v1/releases/${release.id}`
      await theirs.call('PUT', `${path}/items/purpose/${key}`, { edit: 0, definition })
      await theirs.call('POST', `${path}/submit`)
      await theirs.call('POST', `${path}/publish`, {})
      return {
        theirs: { id: key, path: `/v1/purposes/${key}` },
        unknown: { id: 'unheard_of', path: '/v1/purposes/unheard_of' },
      }
    },
  },
  'GET /v1/experiences': read('/v1/experiences'),
  ...rowsOfLooks,
  'GET /v1/settings/publication': read('/v1/settings/publication'),
  'PUT /v1/settings/publication': byMembers({
    access: { scope: 'members:write', roles: ['owner'] },
    status: 200,
    ask: () => ({ path: '/v1/settings/publication', body: { four_eyes: 'off' } }),
  }),
}
