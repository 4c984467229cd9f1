import { type Acting, by, byId, type RoleRow, readers } from './roles-table.ts'

const asked = (subject: string) => ({ subject, purpose: 'ai_training', reason: { why: 'authority' } })
const unknownUuid = '00000000-0000-4000-8000-000000000000'

async function newRoom({ call, subject }: Acting): Promise<string> {
  const made = await call('POST', '/v1/rooms', asked(subject))
  return ((await made.json()) as { id: string }).id
}

/** Who may seal an answer for others, and who may see which rooms there are. */
export const rowsOfRooms: Readonly<Record<string, RoleRow>> = {
  'GET /v1/overview/consents': by('audit:read', readers, { path: '/v1/overview/consents' }),
  'GET /v1/overview/coverage': by('audit:read', readers, { path: '/v1/overview/coverage' }),
  'GET /v1/rooms': by('audit:read', readers, { path: '/v1/rooms' }),
  'GET /v1/rooms/{id}': byId('audit:read', readers, newRoom, (id) => `/v1/rooms/${id}`, unknownUuid),
  'POST /v1/rooms': {
    ...by('rooms:write', ['owner', 'officer'], { path: '/v1/rooms', body: asked('user:alice') }, 201),
    other: async ({ subject }) => ({
      theirs: { id: subject, path: '/v1/rooms', body: asked(subject) },
      unknown: { id: 'user:nobody', path: '/v1/rooms', body: asked('user:nobody') },
    }),
  },
  'DELETE /v1/rooms/{id}': byId(
    'rooms:write',
    ['owner', 'officer'],
    newRoom,
    (id) => `/v1/rooms/${id}`,
    unknownUuid,
  ),
  'POST /v1/public/rooms': {
    access: 'anyone',
    status: 404,
    headers: { 'Content-Type': 'application/json' },
    ask: () => ({ path: '/v1/public/rooms', body: { token: 'x'.repeat(43) } }),
  },
}
