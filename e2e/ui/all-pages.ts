import type { APIRequestContext } from '@playwright/test'
import { authorization } from '../service.ts'
import { turningRelease } from './turning-release.ts'

/** A page to look at: its address, or how it is found; `name` is what its picture is called. */
export type PageToSee = {
  readonly name: string
  readonly path: string | ((request: APIRequestContext) => Promise<string>)
}

const named = (path: string): PageToSee => ({
  name: path === '/' ? 'landing' : path.replace(/^\//, '').replaceAll(/[/?&=]/g, '-'),
  path,
})

/** For anyone. */
export const openPages: readonly PageToSee[] = [
  '/',
  '/demo',
  '/p/demo',
  '/docs',
  '/docs/errors/key_unknown',
  '/docs/reasons/consent_withdrawn',
  '/admin/sign-in',
  '/admin/invitation',
  '/room',
  '/nowhere',
].map(named)

const rooms: readonly PageToSee[] = [
  '/admin',
  '/admin/overview',
  '/admin/overview?range=1y&property=demo&purpose=analytics',
  '/admin/releases',
  '/admin/releases?state=published',
  '/admin/experiences',
  '/admin/properties',
  '/admin/evidence',
  '/admin/evidence?kind=granted&cursor=last',
  '/admin/evidence?kind=never',
  '/admin/evidence/rooms',
  '/admin/evidence/rooms/new',
  '/admin/notices',
  '/admin/notices/study/2',
  '/admin/notices/popup/1',
  '/admin/notices/study/compare?from=1&to=2&locale=en',
  '/admin/notices/study/compare?from=2&to=2',
  '/admin/purposes',
  '/admin/recalls',
  '/admin/purposes/ai_training',
  '/admin/purposes/ai_training.fine_tuning',
  '/admin/regimes',
  '/admin/regimes/gdpr',
  '/admin/simulator',
  '/admin/simulator?age=15&country=DE&region=DE-SN&gpc=on&purpose=ai_training&collected=2026-03&at=2026-03-02&did=grant&on=ai_training&shown=starter~1~en&by=subject',
  '/admin/consumers',
  '/admin/keys',
  '/admin/keys?show=revoked',
  '/admin/services',
  '/admin/services?range=30d',
  '/admin/members',
  '/admin/account',
  '/admin/settings/sign-in',
  '/admin/settings/languages',
  '/admin/_kit',
]
  .map(named)
  .concat({
    name: 'admin-release-flips',
    path: async (request) => `/admin/releases/${await turningRelease(request)}/flips`,
  })
  .concat([
    {
      name: 'admin-evidence-record',
      path: async (request) => `/admin/evidence/${await firstGrant(request)}`,
    },
    {
      name: 'admin-evidence-room',
      path: async (request) => `/admin/evidence/rooms/${await newRoom(request)}`,
    },
  ])

async function firstGrant(request: APIRequestContext): Promise<string> {
  const listed = await request.get('/v1/evidence?kind=granted&limit=1', { headers: authorization })
  return (await listed.json()).evidence[0].id
}

async function newRoom(request: APIRequestContext): Promise<string> {
  const made = await request.post('/v1/rooms', {
    headers: authorization,
    data: { subject: 'user:user_00001', purpose: 'ai_training', reason: { why: 'audit' } },
  })
  return (await made.json()).id
}

const post = async (request: APIRequestContext, path: string, data: object) =>
  (await (await request.post(path, { headers: authorization, data })).json()) as Record<string, string>

const subject = 'user:looked-at'

/** Of one person, and of what she asked for. */
const peoplePages: readonly PageToSee[] = [
  named('/admin/people'),
  {
    name: 'admin-people-why',
    async path(request) {
      const choices = [{ purpose: 'analytics', act: 'deny' }]
      return `/admin/people/${(await post(request, '/v1/consents', { subject, choices })).subject}`
    },
  },
  {
    name: 'admin-requests',
    async path(request) {
      const asked = { kind: 'access', regime: 'gdpr', subject, received_at: '2026-01-31' }
      await post(request, '/v1/requests', asked)
      return '/admin/requests'
    },
  },
  {
    name: 'admin-request',
    path: async (request) =>
      `/admin/requests/${(await post(request, '/v1/requests', { kind: 'opt_out', regime: 'ccpa', subject })).id}`,
  },
]

/** For members, as an owner sees them. */
export const memberPages: readonly PageToSee[] = [...rooms, ...peoplePages]

const phone = { width: 375, height: 812 }
const desktop = { width: 1440, height: 900 }
export const views = [
  { name: 'desktop-light', viewport: desktop, colorScheme: 'light' },
  { name: 'desktop-dark', viewport: desktop, colorScheme: 'dark' },
  { name: 'phone-dark', viewport: phone, colorScheme: 'dark' },
  { name: 'phone-light', viewport: phone, colorScheme: 'light' },
] as const
