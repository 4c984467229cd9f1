import { z } from '@hono/zod-openapi'
import { checkRelease, type ReleaseCheck } from '../../domain/check-release.ts'
import { assessmentKinds } from '../../domain/definitions.ts'
import { AssentError } from '../../domain/errors.ts'
import type { Policy } from '../../domain/policy.ts'
import { type ItemKind, inOrder, keyOf, type ReleaseItem } from '../../domain/release.ts'
import { candidatePolicy } from '../../domain/release-bodies.ts'
import { type ItemDifference, releaseDifference } from '../../domain/release-difference.ts'
import { itemsInForce } from '../../domain/release-standing.ts'
import { formatRevision } from '../../domain/revision.ts'
import { itemsOf, sha256 } from '../../releases/approvals.ts'
import { effectsOf } from '../../releases/effects.ts'
import type { ApiDeps } from '../deps.ts'
import { itemKind } from '../releases/show-release.ts'
import { parseBody, route } from '../route.ts'
import { drafts } from '../schemas/definitions.ts'
import { revision, text } from '../schemas/fields.ts'
import { completenessCheck } from '../schemas/notices.ts'
import { releaseParams } from './releases.ts'

/** See `checkSymmetry`. */
const symmetryCheck = z
  .object({
    experience: z.string(),
    rule: z.string().openapi({ example: 'same_look' }),
    asks: z.string(),
    source: z.string(),
    mend: z.string().optional().openapi({ description: 'How to mend it, where a definition can break it.' }),
    outcome: z.enum(['met', 'broken', 'by_design']),
    findings: z.array(z.string()),
  })
  .openapi('SymmetryCheck')

const pointer = z.string().optional().openapi({ description: 'JSON pointer into the definition.' })

const check = z
  .object({
    may_be_published: z.boolean(),
    complaints: z.array(
      z.object({ kind: itemKind.nullable(), key: z.string().nullable(), message: z.string(), pointer }),
    ),
    lacking: z
      .array(
        z.object({
          purpose: z.string(),
          kind: z.enum(assessmentKinds),
          because: z.string(),
          source: z.string(),
        }),
      )
      .openapi({ description: 'Assessments that its purposes must link.' }),
    warnings: z
      .array(completenessCheck.extend({ notice: z.string() }))
      .openapi({ description: 'What its notices may lack. They keep nothing from being published.' }),
    symmetry: z
      .array(symmetryCheck)
      .openapi({ description: 'Each rule that makes a no as easy as a yes, for each of its experiences.' }),
  })
  .openapi('ReleaseCheck')

const widening = z
  .looseObject({
    kind: z.enum([
      'category_added',
      'recipient_added',
      'controller_added',
      'transfer_added',
      'retention_longer',
      'basis_changed',
      'automated_decisions_added',
      'sale_or_sharing_added',
      'confirmation_added',
    ]),
  })
  .openapi('PurposeWidening')

const difference = z.array(
  z
    .object({
      kind: itemKind,
      key: z.string(),
      version_before: z.int().nullable().openapi({ description: '0: new; null: it has no versions.' }),
      version_after: z.int().nullable(),
      is_new: z.boolean(),
      is_material: z.boolean().openapi({ description: 'People who said yes must be asked anew.' }),
      widenings: z.array(widening),
      changes: z
        .array(z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
        .openapi({ description: 'One a changed leaf. A member that is not there is left out.' }),
    })
    .openapi('ItemDifference'),
)

function toDifference(each: ItemDifference) {
  return {
    ...{
      kind: each.kind,
      key: each.key,
      version_before: each.versionBefore,
      version_after: each.versionAfter,
    },
    ...{ is_new: each.isNew, is_material: each.isMaterial, widenings: each.widenings, changes: each.changes },
  }
}

const toCheck = ({ complaints, lacking, warnings, symmetry }: ReleaseCheck) => ({
  ...{ may_be_published: complaints.length === 0 && lacking.length === 0, complaints, lacking, warnings },
  symmetry,
})

const draftItem = z.strictObject({ kind: itemKind, key: text(255).optional(), definition: z.looseObject({}) })

/** GET /v1/releases/{id}/difference, …/check, …/effects, POST /v1/releases/preview, GET /v1/configuration. */
export const readReleaseRoutes = (deps: Pick<ApiDeps, 'releases' | 'decisions'>) => {
  const { releases, decisions } = deps
  const reading = { tag: 'Releases', access: { scope: 'config:read' } } as const
  const ofRelease = { ...reading, method: 'get', params: releaseParams } as const

  async function read(organisationId: Parameters<typeof releases.policyOf>[0], id: string) {
    const items = itemsOf(await releases.find(organisationId, id))
    return { items, policy: releases.policyOf(organisationId) }
  }

  return [
    route({
      ...ofRelease,
      path: '/v1/releases/{id}/difference',
      summary: 'What a release would change of what is in force, leaf by leaf',
      description: 'Of a published one: against what is in force now.',
      response: z.object({ items: difference }),
      handle: async ({ principal: { organisationId }, params: { id } }) => {
        const { items, policy } = await read(organisationId, id)
        return { body: { items: releaseDifference(policy, items, sha256).map(toDifference) } }
      },
    }),
    route({
      ...ofRelease,
      path: '/v1/releases/{id}/check',
      summary: 'Everything that keeps a release from being published, and what its notices may lack',
      response: check,
      handle: async ({ principal: { organisationId }, params: { id } }) => {
        const { items, policy } = await read(organisationId, id)
        return { body: toCheck(checkRelease(policy, items, sha256)) }
      },
    }),
    route({
      ...ofRelease,
      path: '/v1/releases/{id}/effects',
      summary: 'How many consents would have to be renewed if a release were published',
      description:
        'Exact, as of one revision. Refused (`release_incomplete`) while it could not be published as it is.',
      response: z.object({
        superseded: z.int(),
        ended: z.int(),
        purposes: z.array(
          z.object({
            purpose: z.string(),
            in_force: z.int().openapi({ description: 'Consents that can be relied on now.' }),
            superseded: z.int().openapi({ description: 'Of these: people must be asked anew.' }),
            ended: z.int().openapi({ description: 'Of these: the purpose is retired.' }),
          }),
        ),
        revision,
        as_of: z.iso.datetime(),
      }),
      handle: async ({ principal: { organisationId }, params: { id } }) => {
        const { items } = await read(organisationId, id)
        const { counts, revision: at, nowMs } = await decisions.countConsents(organisationId)
        const policy = releases.policyOf(organisationId)
        const purposes = effectsOf(policy, candidateOf(policy, items), counts)
        const sum = (member: 'superseded' | 'ended') => purposes.reduce((all, each) => all + each[member], 0)
        return {
          body: {
            ...{ superseded: sum('superseded'), ended: sum('ended') },
            purposes: purposes.map(({ inForce, ...same }) => ({ ...same, in_force: inForce })),
            ...{ revision: formatRevision(at), as_of: new Date(nowMs).toISOString() },
          },
        }
      },
    }),
    route({
      ...reading,
      method: 'post',
      path: '/v1/releases/preview',
      summary: 'The difference and the check of drafts that are in no release; nothing is stored',
      body: z.strictObject({ items: z.array(draftItem).max(2_000) }),
      response: z.object({ items: difference, check }),
      handle: ({ principal: { organisationId }, body }) => {
        const policy = releases.policyOf(organisationId)
        const items = body.items.map((item, index) => toItem(item, `/items/${index}`))
        twice(items)
        return {
          body: {
            items: releaseDifference(policy, items, sha256).map(toDifference),
            check: toCheck(checkRelease(policy, items, sha256)),
          },
        }
      },
    }),
    route({
      ...reading,
      method: 'get',
      path: '/v1/configuration',
      summary: 'All that is in force, as drafts: previewed unchanged, they differ in nothing',
      response: z.object({
        items: z.array(z.object({ kind: itemKind, key: z.string(), definition: z.looseObject({}) })),
        revision,
      }),
      handle: ({ principal: { organisationId } }) => ({
        body: {
          items: itemsInForce(releases.policyOf(organisationId)),
          revision: formatRevision(decisions.revision()),
        },
      }),
    }),
  ]
}

/** The policy as it would be with these items in force. Throws `release_incomplete` where there is no such policy. */
export function candidateOf(policy: Policy, items: readonly ReleaseItem[]): Policy {
  const { complaints } = checkRelease(policy, items, sha256)
  if (complaints.length === 0) return candidatePolicy(policy, items, sha256)
  throw new AssentError('release_incomplete', 'It could not be published as it is; its check says why.', {
    members: { complaints },
  })
}

function toItem(item: z.output<typeof draftItem>, at: string): ReleaseItem {
  const { kind } = item
  const wrapped = z.object({ definition: drafts[kind] })
  const { definition } = parseBody(wrapped, { definition: item.definition }, at) as {
    definition: ReleaseItem['definition']
  }
  return { kind, key: keyOf(kind, definition), definition } as ReleaseItem
}

function twice(items: readonly ReleaseItem[]): void {
  const seen = new Set<string>()
  for (const { kind, key } of inOrder(items)) {
    const name: `${ItemKind} ${string}` = `${kind} ${key}`
    if (seen.has(name))
      throw new AssentError('body_invalid', `/items: ${name} is there twice.`, { pointer: '/items' })
    seen.add(name)
  }
}
