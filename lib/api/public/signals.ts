import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
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
    route({
      access: 'public',
      tag: 'People',
      method: 'get',
      path: '/v1/public/{property}/content-usage',
      summary: 'What a property says of its own assets to whoever would train on them (IETF AIPREF)',
      description:
        'For a site to copy: `header` is the value of the field `Content-Usage` for its answers, `robots` the lines for its robots.txt. Both are null where it says nothing.',
      params: z.object({ property: z.string().max(63) }),
      response: z.object({ header: z.string().nullable(), robots: z.string().nullable() }),
      handle: ({ params: { property } }) => {
        const found = decisions.policy(publicOrganisation)?.properties.get(property)
        if (found === undefined) throw new AssentError('not_found', 'There is no such property.')
        const header = found.trainAi === undefined ? null : `train-ai=${found.trainAi}`
        const robots = header === null ? null : `User-Agent: *\nContent-Usage: ${header}\n`
        return {
          body: { header, robots },
          headers: {
            'Cache-Control': 'public, max-age=300',
            'Access-Control-Allow-Origin': '*',
            ...(header === null ? {} : { 'Content-Usage': header }),
          },
        }
      },
    }),
  ]
}
