import { z } from '@hono/zod-openapi'
import type { FlipExample, FlipReport } from '../../decisions/flips/flip-report.ts'
import { formatInstant } from '../../domain/format-instant.ts'
import type { StoredFlipReport } from '../../releases/flip-report-store.ts'
import type { StoredRelease } from '../../releases/release-store.ts'
import type { Principal } from '../authenticate.ts'
import type { ApiDeps } from '../deps.ts'
import { route } from '../route.ts'
import { releaseParams } from './releases.ts'

const count = {
  questions: z.int().openapi({ description: 'Kept questions.' }),
  weight: z.int().openapi({ description: 'About how many asked questions they stand for.' }),
}
const item = z.object({ kind: z.string(), key: z.string() })
const service = {
  key: z.string(),
  name: z.string().nullable().openapi({ description: 'Null: it was revoked.' }),
}
const reasons = { before: z.string(), after: z.string() }
const example = z
  .object({
    subject: z
      .string()
      .nullable()
      .openapi({ description: 'The random id; null for who may not see people.' }),
    asked_at: z.iso.datetime(),
    key: z.string(),
    route: z.string(),
    data: z.enum(['asked', 'new']).openapi({ description: 'new: only of data collected from now on.' }),
    purpose: z.string(),
    property: z.string().nullable(),
    categories: z.array(z.string()).nullable(),
    recipient: z.string().nullable(),
    regime: z.string().nullable(),
    source_purpose: z.string().nullable(),
    collected_at: z.string().nullable(),
    ...reasons,
  })
  .openapi('FlipExample')
const cause = { purpose: z.string(), item, ...reasons, ...count, examples: z.array(example) }
const report = z
  .object({
    sample: z.object({
      ...count,
      asked: z.int().openapi({ description: 'All questions of those days.' }),
      from: z.iso.date().nullable(),
      to: z.iso.date().nullable(),
    }),
    allowed: z
      .object({
        ...count,
        causes: z.array(z.object({ ...cause, services: z.array(z.object({ ...service, ...count })) })),
      })
      .openapi({ description: 'No today, yes under the release.' }),
    denied: z
      .object({ ...count, services: z.array(z.object({ ...service, ...cause })) })
      .openapi({ description: 'Yes today, no under the release: these services will stop.' }),
    unchanged: z.object({ allowed: z.object(count), denied: z.object(count) }),
    flows: z.array(z.object({ ...reasons, ...count })),
  })
  .openapi('FlipReport')

const flips = z
  .object({
    state: z.enum(['none', 'running', 'done', 'failed']),
    is_current: z.boolean().openapi({ description: 'Of the release as it is, on top of what is in force.' }),
    done: z.int().openapi({ description: 'Days looked at, of `total`.' }),
    total: z.int(),
    error: z.string().nullable(),
    sha256: z.string().nullable().openapi({ description: 'Of the items it was made for.' }),
    seq: z.int().nullable().openapi({ description: 'Where the log stood.' }),
    started_by: z.string().nullable(),
    started_at: z.iso.datetime().nullable(),
    finished_at: z.iso.datetime().nullable(),
    report: report.nullable(),
  })
  .openapi('ReleaseFlips')

const none = {
  ...{ state: 'none', is_current: false, done: 0, total: 0, error: null, sha256: null, seq: null },
  ...{ started_by: null, started_at: null, finished_at: null, report: null },
} as const

/** POST and GET /v1/releases/{id}/flips: which answers a release would turn. */
export const flipRoutes = ({ releases, flipReports }: Pick<ApiDeps, 'releases' | 'flipReports'>) => {
  const shared = { path: '/v1/releases/{id}/flips', tag: 'Releases', params: releaseParams, response: flips }
  const show = (principal: Principal, release: StoredRelease, stored: StoredFlipReport | undefined) => {
    if (stored === undefined) return none
    const { state, done, total, error, sha256, seq, startedBy, startedAtMs, finishedAtMs } = stored
    const maySeePeople = principal.scopes.includes('consents:read')
    return {
      ...{ state, is_current: flipReports.isCurrent(principal.organisationId, release, stored) },
      ...{ done, total, error, sha256, seq, started_by: startedBy, started_at: iso(startedAtMs) },
      finished_at: finishedAtMs === null ? null : iso(finishedAtMs),
      report: stored.report === null ? null : toReport(stored.report, maySeePeople),
    }
  }
  return [
    route({
      ...shared,
      method: 'post',
      access: { scope: 'config:write' },
      summary: 'Begin a report on which answers a release would turn',
      description:
        'Questions of the last 30 days that were kept are decided again, under what is in force and under the release on top of it. Asking while one is made changes nothing. Submitting a release begins one by itself.',
      status: 201,
      handle: async ({ principal, params: { id } }) => {
        const { organisationId, name } = principal
        const release = await releases.find(organisationId, id)
        return { body: show(principal, release, await flipReports.begin(organisationId, release, name)) }
      },
    }),
    route({
      ...shared,
      method: 'get',
      access: { scope: 'config:read' },
      summary: 'The latest report on which answers a release would turn',
      handle: async ({ principal, params: { id } }) => {
        const release = await releases.find(principal.organisationId, id)
        const latest = await flipReports.latest(principal.organisationId, release.id)
        return { body: show(principal, release, latest) }
      },
    }),
  ]
}

const iso = (atMs: number) => new Date(atMs).toISOString()

function toReport({ allowed, denied, ...same }: FlipReport, maySeePeople: boolean) {
  const shown = ({ examples, ...rest }: { readonly examples: readonly FlipExample[] }) => ({
    ...rest,
    examples: examples.map((each) => toExample(each, maySeePeople)),
  })
  return {
    ...same,
    allowed: { ...allowed, causes: allowed.causes.map(shown) },
    denied: { ...denied, services: denied.services.map(shown) },
  }
}

function toExample({ subject, at, source, collected, ...same }: FlipExample, maySeePeople: boolean) {
  return {
    ...same,
    subject: maySeePeople ? subject : null,
    asked_at: iso(at),
    source_purpose: source,
    // One that could not be read lies beyond all times.
    collected_at: collected === null ? null : formatInstant(collected),
  }
}
