import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import { parseInstant } from '../../domain/parse-instant.ts'
import type { StoredRelease } from '../../releases/release-store.ts'
import type { Principal } from '../authenticate.ts'
import type { ApiDeps } from '../deps.ts'
import { releaseShown } from '../releases/show-release.ts'
import { route } from '../route.ts'
import { instant, text } from '../schemas/fields.ts'
import { releaseParams, showRelease } from './releases.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 that GET /v1/releases/{id} gave')

/** POST /v1/releases/{id}/submit, …/approve, …/withdraw-approval, …/request-changes, …/publish, …/unschedule. */
export const reviewRoutes = (deps: Pick<ApiDeps, 'releases'>) => {
  const { releases } = deps
  const shared = { method: 'post', tag: 'Releases', params: releaseParams, response: releaseShown } as const
  const publishing = { ...shared, access: { scope: 'config:publish' } } as const
  // Who approves answers for it: a person, never a key.
  const approving = { ...shared, access: { scope: 'config:publish', by: 'member' } } as const
  const show = async (principal: Principal, done: Promise<StoredRelease>) => ({
    body: await showRelease(deps, principal, await done),
  })
  return [
    route({
      ...shared,
      access: { scope: 'config:write' },
      path: '/v1/releases/{id}/submit',
      summary: 'Ask for review',
      description:
        'Refused (`release_incomplete`) while something breaks a rule or a purpose lacks an assessment that is demanded of it; the answer lists all of it.',
      handle: ({ principal, params: { id } }) =>
        show(principal, releases.submit(principal.organisationId, id, principal.name)),
    }),
    route({
      ...approving,
      path: '/v1/releases/{id}/approve',
      summary: 'Approve what was shown',
      description:
        'By a member, owner or officer, who neither wrote nor edited it (`own_work`). Names both hashes that the release had when she looked; if either has changed, nothing is approved (`draft_conflict`).',
      body: z.strictObject({ sha256, base_sha256: sha256 }),
      handle: ({ principal, params: { id }, body }) => {
        const seen = { sha256: body.sha256, baseSha256: body.base_sha256 }
        return show(principal, releases.approve(principal.organisationId, id, seen, principal.name))
      },
    }),
    route({
      ...approving,
      path: '/v1/releases/{id}/withdraw-approval',
      summary: 'Take one’s approval back; what was scheduled is no longer',
      handle: ({ principal, params: { id } }) =>
        show(principal, releases.withdrawApproval(principal.organisationId, id, principal.name)),
    }),
    route({
      ...approving,
      path: '/v1/releases/{id}/request-changes',
      summary: 'Send a release back, with words that say why',
      description: 'It is a draft again, and no approval of it counts.',
      body: z.strictObject({ text: text(10_000) }),
      handle: ({ principal, params: { id }, body }) =>
        show(principal, releases.requestChanges(principal.organisationId, id, body.text, principal.name)),
    }),
    route({
      ...publishing,
      path: '/v1/releases/{id}/publish',
      summary: 'Publish a release now, or at a time to come',
      description:
        'All of it or nothing. With `at` it is scheduled, and published then if it still may be; why it could not be stands in `publish_error`, and it is tried again each minute.',
      body: z.strictObject({ at: instant.optional() }),
      handle: ({ principal, params: { id }, body }) => {
        const atMs = body.at === undefined ? null : parseInstant(body.at)
        if (atMs === undefined) {
          throw new AssentError('body_invalid', '/at: must be a time with a zone, or a date.', {
            pointer: '/at',
          })
        }
        return show(principal, releases.publish(principal.organisationId, id, atMs, principal.name))
      },
    }),
    route({
      ...publishing,
      path: '/v1/releases/{id}/unschedule',
      summary: 'Do not publish a release at its time',
      handle: ({ principal, params: { id } }) =>
        show(principal, releases.unschedule(principal.organisationId, id, principal.name)),
    }),
  ]
}
