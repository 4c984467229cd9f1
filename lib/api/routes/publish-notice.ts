import { createHash } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import { canonicalJson } from '../../domain/canonical-json.ts'
import { checkCompleteness } from '../../domain/check-completeness.ts'
import type { NoticeDefinition } from '../../domain/definitions.ts'
import { impossible } from '../../domain/errors.ts'
import { formatRevision } from '../../domain/revision.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { purpose, revision, text } from '../schemas/fields.ts'
import { completeness } from '../schemas/notices.ts'

const words = text(20_000)
const version = z.int().min(1).max(1_000_000)
const key = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'must be lower-case letters, digits, dashes and underscores')
const locale = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a BCP 47 language tag')

const noticeDefinition = z
  .strictObject({
    key: key.openapi({ example: 'starter' }),
    version: version.openapi({ description: 'The one after the last.', example: 2 }),
    property: key
      .nullable()
      .openapi({ description: 'The one it reaches; null: the organisation.', example: null }),
    purposes: z
      .array(
        z.strictObject({
          purpose,
          version,
          coversEarlier: z
            .strictObject({
              fromMs: z.int().min(0),
              sourcePurposes: z.array(purpose).min(1).max(50),
            })
            .nullable()
            .default(null)
            .openapi({ description: 'Data collected before the consent that it covers as well.' }),
          explicitCategories: z.array(text(63)).max(50).default([]).openapi({
            description: 'Special categories (GDPR Art. 9) that it asks explicit consent for.',
          }),
        }),
      )
      .min(1)
      .max(200),
    texts: z
      .record(
        locale,
        z.strictObject({
          title: text(500),
          body: z.array(words).min(1).max(200),
          withdrawal: words,
          rights: words,
          controller: text(1_000),
          contact: text(1_000),
        }),
      )
      .openapi({ description: 'By BCP 47 language tag.' }),
  })
  .openapi('NoticeDefinition')

/** POST /v1/notices: the next version of a notice. It is in force at once, and never changes afterwards. */
export const publishNotice = ({ ledger, decisions }: Pick<ApiDeps, 'ledger' | 'decisions'>) =>
  route({
    method: 'post',
    path: '/v1/notices',
    access: { scope: 'config:write' },
    tag: 'Configuration',
    summary: 'Publish the next version of a notice',
    description:
      'It replaces the version before at once, and cannot be changed. `warnings` are what it lacks of what the law has a notice say, as far as its definition shows; they keep nothing from being published.',
    body: noticeDefinition,
    response: z.object({ key: z.string(), version, sha256: z.string(), revision, warnings: completeness }),
    status: 201,
    handle: async ({ principal: { organisationId }, body }) => {
      const definition: NoticeDefinition = body
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
