import { createHash } from 'node:crypto'
import { PageTokens } from '../../auth/page-tokens.ts'
import { canonicalJson } from '../../domain/canonical-json.ts'
import { AssentError } from '../../domain/errors.ts'
import { isNamespace } from '../../domain/identifier.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { ApiDeps } from '../deps.ts'
import { readEntities } from '../hot/read-question.ts'
import { route } from '../route.ts'
import {
  actionSearch,
  actionsFound,
  resourceSearch,
  resourcesFound,
  subjectSearch,
  subjectsFound,
} from '../schemas/search.ts'
import { Asking } from '../search/asking.ts'
import { pageOfKeys } from '../search/page-of-keys.ts'
import { permittedSubjects } from '../search/permitted-subjects.ts'

type Found = { readonly results: readonly object[]; readonly next: Uint8Array | null }

const nothing: Found = { results: [], next: null }
const shared = {
  method: 'post',
  access: { scope: 'search:read' },
  tag: 'Decisions',
  isAuthZen: true,
} as const

/**
 * POST /access/v1/search/subject, /action and /resource (AuthZEN Authorization API 1.0 §8). Every page is decided when it
 * is asked for; its token says where the next begins in an order that does not change, so that whoever is permitted
 * throughout is found once. What is found is permitted if asked alone.
 */
export function searchRoutes({ decisions, identifiers, keys }: ApiDeps) {
  const tokens = new PageTokens(keys.search)

  /** `entities` is the question without its page; `find` looks from a position on. */
  async function answer(
    organisationId: OrganisationId,
    entities: object,
    token: string,
    find: (after: Uint8Array) => Promise<Found> | Found,
  ) {
    const binding = bindingOf(organisationId, entities)
    const after = token === '' ? new Uint8Array() : tokens.open(token, binding)
    if (after === undefined) {
      const pointer = '/page/token'
      throw new AssentError('body_invalid', `${pointer} belongs to another search.`, { pointer })
    }
    const { results, next } = await find(after)
    return {
      body: {
        page: { next_token: next === null ? '' : tokens.seal(next, binding), count: results.length },
        context: { revision: formatRevision(decisions.revision()) },
        results,
      },
    }
  }

  return [
    route({
      ...shared,
      path: '/access/v1/search/subject',
      summary: 'Whose data may be used for this? (AuthZEN)',
      description:
        'Identifiers of subject.type in clear, for whom the action is permitted on the resource. A page may have fewer results than its limit, even none, and still name a next one.',
      body: subjectSearch,
      response: subjectsFound,
      handle: ({ principal: { organisationId }, body }) => {
        const { page, subject, action, resource, context } = body
        const { id: _, ...searchedFor } = subject
        const entities = { subject: searchedFor, action, resource, context }
        return answer(organisationId, entities, page.token, async (after) => {
          const { question, atLeast } = readEntities({ ...entities, subject: { type: 'any', id: '-' } })
          const asking = await Asking.begin(decisions, organisationId, question, atLeast)
          if (!isNamespace(subject.type) || !asking.policy.purposes.has(action.name)) return nothing
          return permittedSubjects(asking, identifiers, {
            ...{ namespace: subject.type, after, limit: page.limit },
          })
        })
      },
    }),
    route({
      ...shared,
      path: '/access/v1/search/action',
      summary: 'What may this data be used for? (AuthZEN)',
      description:
        'The purposes permitted for the subject and the resource; none for a subject nobody knows.',
      body: actionSearch,
      response: actionsFound,
      handle: ({ principal: { organisationId }, body }) => {
        const { page, subject, resource, context } = body
        const entities = { subject, resource, context }
        return answer(organisationId, entities, page.token, async (after) => {
          if (!isNamespace(subject.type)) return nothing
          const { question, atLeast } = readEntities({ ...entities, action: { name: '-' } })
          const asking = await Asking.begin(decisions, organisationId, question, atLeast)
          if (!asking.isKnown()) return nothing
          const { keys: found, next } = pageOfKeys([...asking.policy.purposes.keys()], {
            ...{ after, limit: page.limit },
            isFound: (purpose) => asking.isPermitted({ purpose }),
          })
          return { results: found.map((name) => ({ name })), next }
        })
      },
    }),
    route({
      ...shared,
      path: '/access/v1/search/resource',
      summary: 'Where may this subject’s data be used? (AuthZEN)',
      description:
        'For the resource type `property`: the properties on which the action is permitted. Records are not known here, so that every other type has none.',
      body: resourceSearch,
      response: resourcesFound,
      handle: ({ principal: { organisationId }, body }) => {
        const { page, subject, action, resource, context } = body
        const { id: _, ...searchedFor } = resource
        const entities = { subject, action, resource: searchedFor, context }
        return answer(organisationId, entities, page.token, async (after) => {
          if (!isNamespace(subject.type)) return nothing
          const { question, atLeast } = readEntities({ ...entities, resource: { ...searchedFor, id: '-' } })
          const asking = await Asking.begin(decisions, organisationId, question, atLeast)
          if (resource.type !== 'property' || !asking.isKnown()) return nothing
          const { keys: found, next } = pageOfKeys([...asking.policy.properties.keys()], {
            ...{ after, limit: page.limit },
            isFound: (property) => asking.isPermitted({ property }),
          })
          const results = found.map((id) => ({
            ...{ type: 'property', id },
            // As `evaluation` reads it: a record on this property.
            properties: { ...resource.properties, property: id },
          }))
          return { results, next }
        })
      },
    }),
  ]
}

/** Throws `body_invalid`. */
function bindingOf(organisationId: OrganisationId, entities: object): string {
  try {
    return `${organisationId} ${createHash('sha256').update(canonicalJson(entities)).digest('hex')}`
  } catch {
    throw new AssentError('body_invalid', 'The body holds text that is not Unicode.', { pointer: '' })
  }
}
