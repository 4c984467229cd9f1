import { randomUUID } from 'node:crypto'
import { z } from '@hono/zod-openapi'
import { canonicalJson } from '../../domain/canonical-json.ts'
import type { ExperienceDefinition } from '../../domain/definitions.ts'
import { AssentError } from '../../domain/errors.ts'
import type { OrganisationId } from '../../domain/ids.ts'
import {
  type LookSize,
  lookContent,
  lookLayers,
  lookSizes,
  lookThemes,
  measuredRules,
  noticeShown,
  type Shot,
  shotsOf,
} from '../../domain/looks.ts'
import { readPicture } from '../../domain/picture.ts'
import type { CompiledExperience, CompiledNotice, Policy } from '../../domain/policy.ts'
import { type SymmetryRule, symmetryRules } from '../../domain/symmetry-rules.ts'
import { itemsOf, sha256 } from '../../releases/approvals.ts'
import type { ApiDeps } from '../deps.ts'
import type { LookCounts, LookSet } from '../looks/look-store.ts'
import { people, peopleIn, publishedIn, releaseAt, toPublishedIn } from '../releases/show-release.ts'
import { route } from '../route.ts'
import { text } from '../schemas/fields.ts'
import { candidateOf } from './read-releases.ts'
import { releaseParams } from './releases.ts'

/** Bytes of one picture. */
const pictureBytesMax = 153_600
/** A set is filled by whoever began it, in the hour after. */
const openMs = 3_600_000

const time = z.iso.datetime()
const sizes = Object.keys(lookSizes) as [LookSize, ...LookSize[]]
const shot = {
  locale: text(35).openapi({ example: 'en' }),
  size: z.enum(sizes),
  theme: z.enum(lookThemes),
  layer: z.enum(lookLayers),
}
const result = z
  .strictObject({
    rule: z.enum(symmetryRules.map(({ rule }) => rule)).openapi({ example: 'same_look' }),
    outcome: z.enum(['met', 'broken']),
    measured: z
      .record(z.string().regex(/^[a-z][a-z0-9_]{0,31}$/), z.union([z.number(), text(200)]))
      .refine((value) => Object.keys(value).length <= 24, 'has more than 24 members'),
    findings: z.array(text(300)).max(20),
  })
  .refine(({ outcome, findings }) => (outcome === 'broken') === findings.length > 0, {
    message: 'has findings where it is broken, and there alone',
    path: ['findings'],
  })
  .openapi('ShotResult')
const look = z
  .object({
    id: z.uuid(),
    experience: z.string(),
    sha256: z.string().openapi({
      description:
        'Of the canonical JSON (RFC 8785) of what was drawn: the definition, its notice, its purposes.',
    }),
    notice: z.object({ key: z.string(), version: z.int() }),
    locales: z.array(z.string()),
    user_agent: z.string(),
    taken_by: z.string(),
    taken_at: time,
    expected: z.int().openapi({ description: 'Pictures of a whole set.' }),
    taken: z.int(),
    broken: z.int().openapi({ description: 'Of the pictures taken: those that break a rule.' }),
    is_current: z.boolean().openapi({ description: 'Drawn from what is published now, or travels now.' }),
  })
  .openapi('Look')

const measured = new Set<string>(Object.values(measuredRules).flat())
const ruleShown = ({ rule, asks, source, mend }: SymmetryRule) => ({
  ...{ rule, asks, source, is_measured: measured.has(rule) },
  ...(mend === undefined ? {} : { mend }),
})

const toLook = (set: LookSet & LookCounts, current: string | undefined) => ({
  ...{ id: set.id, experience: set.experience, sha256: set.contentSha256 },
  notice: { key: set.notice, version: set.noticeVersion },
  ...{ locales: set.locales, user_agent: set.userAgent, taken_by: set.takenBy },
  ...{ taken_at: new Date(set.takenAtMs).toISOString(), expected: shotsOf(set.locales).length },
  ...{ taken: set.taken, broken: set.broken, is_current: set.contentSha256 === current },
})

const versionParams = z.object({
  key: z.string().max(63).openapi({ example: 'main' }),
  version: z.coerce.number().int().min(1).max(1_000_000).openapi({ example: 1 }),
})

/** What is drawn of a definition, with both hashes; `sha256` is undefined where no notice of its is in force. */
function drawn(policy: Policy, definition: ExperienceDefinition) {
  const notice: CompiledNotice | undefined = noticeShown(policy, definition)
  const definitionSha256 = sha256(canonicalJson(definition))
  if (notice === undefined) return { definition, definitionSha256, notice, sha256: undefined }
  const content = sha256(canonicalJson(lookContent(definition, notice)))
  return { definition, definitionSha256, notice, sha256: content }
}

/** Looks of experiences: pictures and what was measured of them, in the browser of who publishes. */
export const lookRoutes = (deps: Pick<ApiDeps, 'releases' | 'looks' | 'clock'>) => {
  const { releases, looks, clock } = deps
  const shared = { tag: 'Configuration' } as const
  const reading = { ...shared, method: 'get', access: { scope: 'config:read' } } as const
  const writing = { ...shared, method: 'post', access: { scope: 'config:write' } } as const

  function versionOf(policy: Policy, { key, version }: z.output<typeof versionParams>): CompiledExperience {
    const found = policy.experiences.get(key)?.[version - 1]
    if (found === undefined) throw new AssentError('not_found', 'There is no such version of an experience.')
    return found
  }

  /** The experiences of a release, as they would be drawn if it were published. Throws `release_incomplete`. */
  async function travelling(organisationId: OrganisationId, id: string) {
    const items = itemsOf(await releases.find(organisationId, id))
    const definitions = items.flatMap((item) => (item.kind === 'experience' ? [item.definition] : []))
    if (definitions.length === 0) return []
    const policy = candidateOf(releases.policyOf(organisationId), items)
    return definitions.map((definition) => drawn(policy, definition))
  }

  async function find(organisationId: OrganisationId, id: string): Promise<LookSet> {
    const set = await looks.find(organisationId, id)
    if (set === undefined) throw new AssentError('not_found', 'There is no such set of pictures.')
    return set
  }

  return [
    route({
      ...reading,
      path: '/v1/experiences/{key}/{version}',
      summary: 'One version of an experience: what it was held to, and how it looked',
      params: versionParams,
      response: z
        .object({
          key: z.string(),
          version: z.int(),
          definition: z.looseObject({}),
          rules: z
            .array(
              z.object({
                rule: z.string(),
                asks: z.string(),
                source: z.string(),
                mend: z.string().optional(),
                is_measured: z.boolean().openapi({ description: 'On its pictures, in a browser.' }),
              }),
            )
            .openapi({ description: 'The rules of symmetry it was held to when it was published.' }),
          published_at: time,
          versions: z.array(z.int()),
          is_newest: z.boolean(),
          release: publishedIn,
          sha256: z.string().nullable().openapi({ description: 'Of what would be drawn of it now.' }),
          looks: z.array(look).openapi({ description: 'The newest first.' }),
          people,
        })
        .openapi('ExperienceVersion'),
      handle: async ({ principal, params }) => {
        const { organisationId } = principal
        const policy = releases.policyOf(organisationId)
        const found = versionOf(policy, params)
        const versions = policy.experiences.get(params.key)!.map(({ version }) => version)
        const now = drawn(policy, found.definition)
        const sets = await looks.list(organisationId, params.key, now.definitionSha256)
        const release = toPublishedIn(releaseAt(policy, found.publishedSeq))
        const names = [
          ...sets.map(({ takenBy }) => takenBy),
          ...(release === null ? [] : [release.author, ...release.approved_by]),
        ]
        return {
          body: {
            ...{ key: params.key, version: params.version, definition: found.definition },
            rules: symmetryRules.filter(({ rule }) => found.rules.includes(rule)).map(ruleShown),
            published_at: new Date(found.publishedAtMs).toISOString(),
            ...{ versions, is_newest: params.version === versions.at(-1), release },
            ...{ sha256: now.sha256 ?? null, looks: sets.map((set) => toLook(set, now.sha256)) },
            people: await peopleIn(releases.store, principal, [...new Set(names)]),
          },
        }
      },
    }),
    route({
      ...reading,
      path: '/v1/releases/{id}/looks',
      tag: 'Releases',
      summary: 'Which experiences of a release have been looked at as they are',
      description: 'Refused (`release_incomplete`) while it could not be published as it is.',
      params: releaseParams,
      response: z.object({
        experiences: z.array(
          z.object({ experience: z.string(), sha256: z.string().nullable(), look: look.nullable() }),
        ),
      }),
      handle: async ({ principal: { organisationId }, params: { id } }) => {
        const experiences = []
        for (const each of await travelling(organisationId, id)) {
          const { key } = each.definition
          const sets = await looks.list(organisationId, key, each.definitionSha256)
          const latest = sets.find(({ contentSha256 }) => contentSha256 === each.sha256)
          experiences.push({
            ...{ experience: key, sha256: each.sha256 ?? null },
            look: latest === undefined ? null : toLook(latest, each.sha256),
          })
        }
        return { body: { experiences } }
      },
    }),
    route({
      ...writing,
      path: '/v1/looks',
      summary: 'Begin a set of pictures of an experience',
      description:
        'Of a draft, as it would be if its release were published, or of a published version, as it is shown now. Bound to the SHA-256 of what is drawn. The answer lists every picture of the set.',
      body: z
        .strictObject({
          experience: text(63),
          release: z.string().max(64).optional(),
          version: z.int().min(1).max(1_000_000).optional(),
          user_agent: text(512).optional().openapi({ description: 'The browser that draws it.' }),
        })
        .refine(({ release, version }) => (release === undefined) !== (version === undefined), {
          message: 'names a release or a version, one of them',
        }),
      response: look.extend({ shots: z.array(z.object(shot)) }),
      status: 201,
      handle: async ({ principal: { organisationId, name }, body, request }) => {
        const { experience, release, version } = body
        const policy = releases.policyOf(organisationId)
        const found =
          version !== undefined
            ? drawn(policy, versionOf(policy, { key: experience, version }).definition)
            : (await travelling(organisationId, release!)).find(
                ({ definition }) => definition.key === experience,
              )
        if (found === undefined)
          throw new AssentError('not_found', 'That experience does not travel in this release.')
        if (found.notice === undefined)
          throw new AssentError('notice_not_found', 'No notice that it shows is in force.')
        const { key, version: noticeVersion, texts } = found.notice.definition
        const set: LookSet = {
          ...{ id: randomUUID(), experience, definitionSha256: found.definitionSha256 },
          ...{
            contentSha256: found.sha256,
            notice: key,
            noticeVersion,
            locales: Object.keys(texts).slice(0, 64),
          },
          userAgent: body.user_agent ?? String(request.headers['user-agent'] ?? 'unknown').slice(0, 512),
          ...{ takenBy: name, takenAtMs: clock() },
        }
        await looks.begin(organisationId, set)
        const shots = shotsOf(set.locales)
        return { status: 201, body: { ...toLook({ ...set, taken: 0, broken: 0 }, found.sha256), shots } }
      },
    }),
    route({
      ...reading,
      path: '/v1/looks/{id}',
      summary: 'A set of pictures of an experience, with what was measured on each',
      params: releaseParams,
      response: look.extend({
        shots: z.array(z.object({ ...shot, broken: z.int(), results: z.array(result), taken_at: time })),
      }),
      handle: async ({ principal: { organisationId }, params: { id } }) => {
        const set = await find(organisationId, id)
        const shots = await looks.shots(organisationId, id)
        const counts = { taken: shots.length, broken: shots.filter(({ broken }) => broken > 0).length }
        const versions = releases.policyOf(organisationId).experiences.get(set.experience) ?? []
        const policy = releases.policyOf(organisationId)
        const published = versions.map(({ definition }) => drawn(policy, definition).sha256)
        const current = published.find((each) => each === set.contentSha256)
        return {
          body: {
            ...toLook({ ...set, ...counts }, current),
            shots: shots.map(({ takenAtMs, ...each }) => ({
              ...each,
              taken_at: new Date(takenAtMs).toISOString(),
            })),
          },
        }
      },
    }),
    route({
      ...writing,
      path: '/v1/looks/{id}/shots',
      summary: 'Add a picture to a set, with what was measured on it',
      description:
        'By whoever began the set, within an hour; each picture once, and none is ever replaced (`conflict`). WebP or PNG, at most 150 KiB. Every rule that is measured on its layer is named once.',
      params: releaseParams,
      body: z.strictObject({
        ...shot,
        results: z.array(result).max(symmetryRules.length),
        picture: z
          .base64()
          .max(Math.ceil(pictureBytesMax / 3) * 4)
          .openapi({ description: 'Base64.' }),
      }),
      response: z.object({ ...shot, broken: z.int() }),
      status: 201,
      handle: async ({ principal: { organisationId, name }, params: { id }, body }) => {
        const set = await find(organisationId, id)
        const { results, picture: base64, ...named } = body
        if (set.takenBy !== name || clock() - set.takenAtMs > openMs)
          throw new AssentError(
            'conflict',
            'This set is closed: whoever began it had an hour. Begin another.',
          )
        demandWhole(set, body)
        const bytes = Buffer.from(base64, 'base64')
        const { width, height } = lookSizes[named.size]
        const picture = readPicture(bytes)
        const isFit = picture !== undefined && picture.width <= width && picture.height <= height
        if (!isFit || bytes.length > pictureBytesMax)
          throw new AssentError(
            'body_invalid',
            `/picture: is no WebP or PNG of at most ${width} × ${height} pixels and ${pictureBytesMax} bytes.`,
            { pointer: '/picture' },
          )
        const broken = results.filter(({ outcome }) => outcome === 'broken').length
        const stored = { ...named, results, broken, takenAtMs: clock() }
        if (!(await looks.add(organisationId, id, stored, bytes, picture.mediaType)))
          throw new AssentError('conflict', 'That picture is in the set already, and none is replaced.')
        return { status: 201, body: { ...named, broken } }
      },
    }),
    route({
      ...reading,
      path: '/v1/looks/{id}/shots/{locale}/{size}/{theme}/{layer}',
      summary: 'One picture',
      description: 'image/webp or image/png.',
      params: z.object({ id: z.string().max(64), ...shot }),
      response: z.string(),
      handle: async ({ principal: { organisationId }, params: { id, ...named } }) => {
        const found = await looks.picture(organisationId, id, named)
        if (found === undefined) throw new AssentError('not_found', 'There is no such set of pictures.')
        return {
          headers: {
            'Content-Type': found.mediaType,
            'Cache-Control': 'private, max-age=31536000, immutable',
            'X-Content-Type-Options': 'nosniff',
          },
          stream: new Blob([new Uint8Array(found.bytes)]).stream() as ReadableStream<Uint8Array>,
        }
      },
    }),
  ]
}

/** Throws `body_invalid` unless the picture is of the set, and says of each rule of its layer what came of it, once. */
function demandWhole(
  set: LookSet,
  {
    locale,
    layer,
    results,
  }: Pick<Shot, 'locale' | 'layer'> & { readonly results: readonly { rule: string }[] },
): void {
  if (!set.locales.includes(locale))
    throw new AssentError('body_invalid', `/locale: this set has no ${locale}.`, { pointer: '/locale' })
  const said = results.map(({ rule }) => rule).sort()
  const wanted = [...measuredRules[layer]].sort()
  if (said.join() === wanted.join()) return
  const message = `/results: names each of ${wanted.join(', ')} once.`
  throw new AssentError('body_invalid', message, { pointer: '/results' })
}
