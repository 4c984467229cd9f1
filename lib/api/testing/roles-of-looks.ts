import type { Role } from '../../auth/member-store.ts'
import type { Acting, Asked, RoleRow } from './roles-table.ts'

const all: readonly Role[] = ['owner', 'officer', 'auditor', 'developer']
const writers: readonly Role[] = ['owner', 'officer']
const unknownUuid = '00000000-0000-4000-8000-000000000000'
let made = 0

/** A PNG of one pixel, in base64. */
export const onePixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const results = ['contrast', 'withdraw_in_view'].map((rule) => ({
  ...{ rule, outcome: 'met', measured: {}, findings: [] },
}))
export const aShot = { locale: 'en', size: 'phone', theme: 'light', layer: 'control' } as const
export const aShotBody = { ...aShot, results, picture: onePixel }

/** An experience of the starter notice that keeps to every rule. */
export const anExperience = (key: string) => ({
  ...{ key, property: 'demo', layout: 'box', notices: ['starter'], purposes: ['analytics'] },
  texts: {
    en: { accept: 'Accept all', reject: 'Reject all', choose: 'Choose' },
    de: { accept: 'Alle annehmen', reject: 'Alle ablehnen', choose: 'Auswählen' },
  },
})

/** A release with an experience in it. */
async function drafted({ call }: Acting): Promise<{ readonly id: string; readonly experience: string }> {
  const experience = `looked-${++made}`
  const { id } = (await (await call('POST', '/v1/releases', { title: experience })).json()) as { id: string }
  const item = { edit: 0, definition: anExperience(experience) }
  await call('PUT', `/v1/releases/${id}/items/experience/${experience}`, item)
  return { id, experience }
}

async function published(acting: Acting): Promise<string> {
  const { id, experience } = await drafted(acting)
  await acting.call('POST', `/v1/releases/${id}/submit`)
  await acting.call('POST', `/v1/releases/${id}/publish`, {})
  return experience
}

/** A set with one picture. */
async function looked(acting: Acting): Promise<string> {
  const { id: release, experience } = await drafted(acting)
  const begun = await acting.call('POST', '/v1/looks', { experience, release })
  const { id } = (await begun.json()) as { id: string }
  await acting.call('POST', `/v1/looks/${id}/shots`, aShotBody)
  return id
}

const aboutSet = (scope: 'config:read' | 'config:write', rest = '', body?: unknown): RoleRow => {
  const asked = (id: string): Asked & { readonly id: string } => ({
    ...{ id, path: `/v1/looks/${id}${rest}` },
    ...(body === undefined ? {} : { body }),
  })
  return {
    access: { scope, roles: scope === 'config:read' ? all : writers },
    status: 200,
    ask: async (mine) => asked(await looked(mine)),
    other: async (theirs) => ({ theirs: asked(await looked(theirs)), unknown: asked(unknownUuid) }),
  }
}

/** Pictures of experiences. */
export const rowsOfLooks: Readonly<Record<string, RoleRow>> = {
  'GET /v1/experiences/{key}/{version}': {
    access: { scope: 'config:read', roles: all },
    status: 200,
    ask: async (mine) => ({ path: `/v1/experiences/${await published(mine)}/1` }),
    async other(theirs) {
      const key = await published(theirs)
      return {
        theirs: { id: key, path: `/v1/experiences/${key}/1` },
        unknown: { id: 'unheard-of', path: '/v1/experiences/unheard-of/1' },
      }
    },
  },
  'GET /v1/experiences/{key}/{version}/comparison': {
    access: { scope: 'audit:read', roles: ['owner', 'officer', 'auditor'] },
    status: 200,
    ask: async (mine) => ({ path: `/v1/experiences/${await published(mine)}/1/comparison` }),
    async other(theirs) {
      const key = await published(theirs)
      return {
        theirs: { id: key, path: `/v1/experiences/${key}/1/comparison` },
        unknown: { id: 'unheard-of', path: '/v1/experiences/unheard-of/1/comparison' },
      }
    },
  },
  'POST /v1/looks': {
    access: { scope: 'config:write', roles: writers },
    status: 201,
    async ask(mine) {
      const { id: release, experience } = await drafted(mine)
      return { path: '/v1/looks', body: { experience, release } }
    },
    async other(theirs) {
      const { id, experience } = await drafted(theirs)
      const of = (release: string) => ({ id: release, path: '/v1/looks', body: { experience, release } })
      return { theirs: of(id), unknown: of(unknownUuid) }
    },
  },
  'GET /v1/looks/{id}': aboutSet('config:read'),
  'POST /v1/looks/{id}/shots': {
    // Only who began it fills it: others who may are told so.
    ...aboutSet('config:write', '/shots', aShotBody),
    ...{ status: 409, code: 'conflict' },
  },
  'GET /v1/looks/{id}/shots/{locale}/{size}/{theme}/{layer}': aboutSet(
    'config:read',
    `/shots/${Object.values(aShot).join('/')}`,
  ),
}
