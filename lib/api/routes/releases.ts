import { z } from '@hono/zod-openapi'
import { AssentError } from '../../domain/errors.ts'
import type { ReleaseItem } from '../../domain/release.ts'
import { keyOf } from '../../domain/release.ts'
import { type ReleaseState, releaseStates, type StoredRelease } from '../../releases/release-store.ts'
import type { Principal } from '../authenticate.ts'
import type { ApiDeps } from '../deps.ts'
import {
  itemKind,
  namesIn,
  people,
  peopleIn,
  releaseListed,
  releaseShown,
  toListed,
  toShown,
} from '../releases/show-release.ts'
import { parseBody, route } from '../route.ts'
import { drafts } from '../schemas/definitions.ts'
import { text } from '../schemas/fields.ts'

export const releaseParams = z.object({ id: z.string().max(64) })
const itemParams = z.object({ id: z.string().max(64), kind: itemKind, key: text(255) })
const edit = z.int().min(0).max(1_000_000_000)
const itemBody = (definition: z.ZodType) => z.strictObject({ edit, definition })
const title = text(200)

const open: readonly ReleaseState[] = ['draft', 'in_review', 'approved', 'scheduled', 'publishing']
const statesOf = { open, all: releaseStates, published: ['published'], discarded: ['discarded'] } as const

/** What every act on a release is answered with: the release as it is then. */
export async function showRelease(
  { releases }: Pick<ApiDeps, 'releases'>,
  principal: Principal,
  release: StoredRelease,
) {
  const { store } = releases
  const { organisationId } = principal
  const [terms, comments] = await Promise.all([
    store.terms(organisationId),
    store.comments(organisationId, release.id),
  ])
  const names = namesIn(release, comments)
  return {
    ...toShown(release, terms, releases.policyOf(organisationId), comments),
    people: await peopleIn(store, principal, names),
  }
}

/** GET and POST /v1/releases, GET, PUT and DELETE …/{id}, PUT and DELETE …/items/{kind}/{key}, POST …/comments. */
export const releaseRoutes = (deps: Pick<ApiDeps, 'releases'>) => {
  const { releases } = deps
  const writing = { tag: 'Releases', access: { scope: 'config:write' }, response: releaseShown } as const
  const show = async (principal: Principal, done: Promise<StoredRelease>) => ({
    body: await showRelease(deps, principal, await done),
  })
  return [
    route({
      method: 'get',
      path: '/v1/releases',
      access: { scope: 'config:read' },
      tag: 'Releases',
      summary: 'Releases, the newest first',
      query: z.object({
        state: z.enum(['open', 'published', 'discarded', 'all']).default('open'),
        limit: z.coerce.number().int().min(1).max(200).default(50),
        before: z.string().max(64).optional().openapi({ description: 'The id of the last one seen.' }),
      }),
      response: z.object({ releases: z.array(releaseListed), people }),
      handle: async ({ principal, query }) => {
        const { store } = releases
        const { organisationId } = principal
        const before = query.before ?? null
        const [found, terms] = await Promise.all([
          store.list(organisationId, { states: statesOf[query.state], limit: query.limit, before }),
          store.terms(organisationId),
        ])
        const policy = releases.policyOf(organisationId)
        const names = [...new Set(found.flatMap((release) => namesIn(release, [])))]
        return {
          body: {
            releases: found.map((release) => toListed(release, terms, policy)),
            people: await peopleIn(store, principal, names),
          },
        }
      },
    }),
    route({
      ...writing,
      method: 'post',
      path: '/v1/releases',
      summary: 'Open a release',
      description: 'What is drafted in it is reviewed, approved and published together.',
      body: z.strictObject({ title }),
      status: 201,
      handle: async ({ principal, body }) => ({
        status: 201,
        ...(await show(principal, releases.open(principal.organisationId, body.title, principal.name))),
      }),
    }),
    route({
      ...writing,
      method: 'get',
      path: '/v1/releases/{id}',
      access: { scope: 'config:read' },
      summary: 'A release with its drafts, comments and approvals',
      params: releaseParams,
      handle: async ({ principal, params: { id } }) =>
        show(principal, releases.find(principal.organisationId, id)),
    }),
    route({
      ...writing,
      method: 'put',
      path: '/v1/releases/{id}',
      summary: 'Give a release another title',
      params: releaseParams,
      body: z.strictObject({ title }),
      handle: async ({ principal, params: { id }, body }) =>
        show(principal, releases.rename(principal.organisationId, id, body.title, principal.name)),
    }),
    route({
      ...writing,
      method: 'delete',
      path: '/v1/releases/{id}',
      summary: 'Discard a release; it stays readable',
      params: releaseParams,
      handle: async ({ principal, params: { id } }) =>
        show(principal, releases.discard(principal.organisationId, id, principal.name)),
    }),
    route({
      ...writing,
      method: 'put',
      path: '/v1/releases/{id}/items/{kind}/{key}',
      summary: 'Put a draft into a release, or change it',
      description:
        '`edit` is the number of the edit that yours is based on, 0 for what is not in the release yet; another one is answered `draft_conflict`, with the draft that is there. Words may be missing as long as it is a draft. An approval given before does not count any more.',
      params: itemParams,
      body: z.strictObject({
        edit,
        definition: z
          .looseObject({})
          .openapi({ description: 'As its kind’s definition, without a version.' }),
      }),
      handle: async ({ principal, params: { id, kind, key }, body }) => {
        const { definition } = parseBody(itemBody(drafts[kind]), body) as {
          definition: ReleaseItem['definition']
        }
        if (keyOf(kind, definition) !== key) {
          throw new AssentError('body_invalid', 'The definition has another key than the address.', {
            pointer: kind === 'purpose_retirement' ? '/definition/purpose' : '/definition/key',
          })
        }
        const change = { kind, key, edit: body.edit, definition }
        return show(principal, releases.edit(principal.organisationId, id, change, principal.name))
      },
    }),
    route({
      ...writing,
      method: 'delete',
      path: '/v1/releases/{id}/items/{kind}/{key}',
      summary: 'Take a draft out of a release',
      params: itemParams,
      query: z.object({ edit: z.coerce.number().int().min(0).max(1_000_000_000) }),
      handle: async ({ principal, params: { id, kind, key }, query }) => {
        const change = { kind, key, edit: query.edit, definition: null }
        return show(principal, releases.edit(principal.organisationId, id, change, principal.name))
      },
    }),
    route({
      ...writing,
      method: 'post',
      path: '/v1/releases/{id}/comments',
      summary: 'Comment on a release, or on one item of it',
      params: releaseParams,
      body: z.strictObject({
        text: text(10_000),
        item: z
          .strictObject({ kind: itemKind, key: text(255) })
          .nullable()
          .default(null),
      }),
      status: 201,
      handle: async ({ principal, params: { id }, body }) => ({
        status: 201,
        ...(await show(principal, releases.comment(principal.organisationId, id, body, principal.name))),
      }),
    }),
  ]
}
