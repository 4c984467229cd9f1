import { z } from '@hono/zod-openapi'
import type { ApiDeps } from '../deps.ts'
import { type Route, route } from '../route.ts'

/** What the installation says to browsers at large: whether Global Privacy Control is honoured. */
export function signalRoutes({ decisions, publicOrganisation }: ApiDeps): readonly Route[] {
  return [
    route({
      access: 'public',
      tag: 'People',
      method: 'get',
      path: '/.well-known/gpc.json',
      summary: 'Whether Global Privacy Control is honoured: while some published regime does',
      response: z.object({ gpc: z.boolean(), lastUpdate: z.iso.date() }),
      handle: () => {
        const regimes = [...(decisions.policy(publicOrganisation)?.regimes.values() ?? [])]
        const honours = regimes.some(({ definition: { gpc } }) => gpc.counts || gpc.purposes.length > 0)
        const changedMs = Math.max(0, ...regimes.map(({ publishedAtMs }) => publishedAtMs))
        const body = { gpc: honours, lastUpdate: new Date(changedMs).toISOString().slice(0, 10) }
        return { body, headers: { 'Cache-Control': 'public, max-age=300' } }
      },
    }),
  ]
}
