import { createHash } from 'node:crypto'
import { canonicalJson } from '../domain/canonical-json.ts'
import { checkPublish } from '../domain/check-publish.ts'
import { AssentError } from '../domain/errors.ts'
import type { ConfigBody } from '../domain/events.ts'
import type { OrganisationId } from '../domain/ids.ts'
import type { Draft } from './draft.ts'

/** Adds configuration to a draft, each body checked against what stands after the one before. */
export function planPublish(
  draft: Draft,
  organisationId: OrganisationId,
  bodies: readonly ConfigBody[],
): { readonly firstSeq: number } {
  const firstSeq = draft.seq + 1
  for (const body of bodies) {
    checkPublish(draft.policy(organisationId), body)
    if (body.act === 'notice_published') {
      const sha256 = createHash('sha256').update(canonicalJson(body.definition)).digest('hex')
      if (sha256 !== body.sha256) {
        throw new AssentError('definition_invalid', 'The hash is not of this text.', { pointer: '/sha256' })
      }
    }
    draft.appendConfig(organisationId, body)
  }
  return { firstSeq }
}
