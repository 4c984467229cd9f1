import { createHash } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import { isFourEyes } from '../../domain/approvals-needed.ts'
import { canonicalJson } from '../../domain/canonical-json.ts'
import { checkCompleteness } from '../../domain/check-completeness.ts'
import type { NoticeDefinition } from '../../domain/definitions.ts'
import { AssentError, impossible } from '../../domain/errors.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { noticeDefinition, version } from '../schemas/definitions.ts'
import { revision } from '../schemas/fields.ts'
import { completeness } from '../schemas/notices.ts'

/** POST /v1/notices: the next version of a notice. It is in force at once, and never changes afterwards. */
export const publishNotice = ({
  ledger,
  decisions,
  releases,
}: Pick<ApiDeps, 'ledger' | 'decisions' | 'releases'>) =>
  route({
    method: 'post',
    path: '/v1/notices',
    access: { scope: 'config:write' },
    tag: 'Configuration',
    summary: 'Publish the next version of a notice',
    description:
      'It replaces the version before at once, and cannot be changed. Where another person must approve what is published it is not taken (`release_needed`): open a release. `warnings` are what it lacks of what the law has a notice say, as far as its definition shows; they keep nothing from being published.',
    body: noticeDefinition,
    response: z.object({ key: z.string(), version, sha256: z.string(), revision, warnings: completeness }),
    status: 201,
    handle: async ({ principal: { organisationId }, body }) => {
      const definition: NoticeDefinition = body
      const { fourEyes, mayApprove } = await releases.store.terms(organisationId)
      if (isFourEyes(fourEyes, mayApprove.length)) {
        throw new AssentError(
          'release_needed',
          'Another person approves what this organisation publishes. Open a release at /v1/releases and put the notice in.',
        )
      }
      const sha256 = createHash('sha256').update(canonicalJson(definition)).digest('hex')
      const { revision: at } = await ledger.publish(organisationId, [
        { act: 'notice_published', sha256, definition },
      ])
      const policy = decisions.policy(organisationId) ?? impossible('a notice without an organisation')
      const warnings = checkCompleteness(policy, definition).filter(({ outcome }) => outcome !== 'met')
      const { key, version } = definition
      return { status: 201, body: { key, version, sha256, revision: formatRevision(at), warnings } }
    },
  })
