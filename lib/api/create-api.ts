import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import { OpenAPIHono, z } from '@hono/zod-openapi'
import { scopes } from '../auth/scopes.ts'
import { AssentError } from '../domain/errors.ts'
import { type Authenticator, InternalCredential } from './authenticate.ts'
import { changesStreamRoute, wantsStream } from './changes-stream-route.ts'
import { createDecisionApi } from './create-decision-api.ts'
import type { ApiDeps } from './deps.ts'
import type { FastLane } from './hot/fast-lane.ts'
import { consentsPath, writeRoute } from './hot/write-route.ts'
import { isGet, isPost } from './is-asked.ts'
import type { Metrics } from './metrics.ts'
import { addNodeRoutes } from './node-routes.ts'
import { problemOf } from './problem.ts'
import { publicRoutes } from './public/public-routes.ts'
import { replicaStateRoute } from './replica-state-route.ts'
import { addRoute, describeRoute } from './route.ts'
import { recordAge } from './routes/ages.ts'
import { changes } from './routes/changes.ts'
import { comparisonRoutes } from './routes/comparisons.ts'
import { configurationRoutes } from './routes/configuration.ts'
import { recordConsents } from './routes/consents.ts'
import { consumerRoutes } from './routes/consumers.ts'
import { evidenceRoutes } from './routes/evidence.ts'
import { explain } from './routes/explain.ts'
import { firstUseRoutes } from './routes/first-uses.ts'
import { flipRoutes } from './routes/flips.ts'
import { internalRoutes } from './routes/internal.ts'
import { invitationRoutes } from './routes/invitations.ts'
import { keyRoutes } from './routes/keys.ts'
import { lookRoutes } from './routes/looks.ts'
import { memberRoutes } from './routes/members.ts'
import { noticeRoutes } from './routes/notices.ts'
import { overviewRoutes } from './routes/overview.ts'
import { peopleRoutes } from './routes/people.ts'
import { personActRoutes } from './routes/person-acts.ts'
import { personPastRoutes } from './routes/person-past.ts'
import { publishNotice } from './routes/publish-notice.ts'
import { purposeRoutes } from './routes/purposes.ts'
import { questionRoutes } from './routes/questions.ts'
import { readReleaseRoutes } from './routes/read-releases.ts'
import { readingRoutes } from './routes/reading.ts'
import { recallRoutes } from './routes/recalls.ts'
import { regimeRoutes } from './routes/regimes.ts'
import { releaseRoutes } from './routes/releases.ts'
import { replicaEvents } from './routes/replica.ts'
import { requestRefusalRoute } from './routes/request-refusal.ts'
import { requestRoutes } from './routes/requests.ts'
import { reviewRoutes } from './routes/review-releases.ts'
import { roomRoutes } from './routes/rooms.ts'
import { rotateKey } from './routes/rotate-key.ts'
import { searchRoutes } from './routes/search.ts'
import { secondFactorRoutes } from './routes/second-factor.ts'
import { sessionRoutes } from './routes/sessions.ts'
import { settingsRoutes } from './routes/settings.ts'
import { setup } from './routes/setup.ts'
import { signInSettingsRoutes } from './routes/sign-in-settings.ts'
import { simulateRoute } from './routes/simulate.ts'
import { snapshotRoutes } from './routes/snapshots.ts'
import { subjectConsents } from './routes/subjects.ts'
import { taskRoutes } from './routes/tasks.ts'
import { usageRoutes } from './routes/usage.ts'
import {
  checkRequest,
  checkResponse,
  evaluationRequest,
  evaluationResponse,
  evaluationsRequest,
} from './schemas/decisions.ts'
import { asksForSnapshot, describeSnapshot, snapshotRoute } from './snapshot-route.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** Paths the api answers itself; everything else is a page. */
const ownPath = /^\/(?:access|v1|log|\.well-known)(?:\/|$)|^\/(?:openapi\.json|healthz|readyz|metrics)$/

/** What is streamed by a handler of its own; each is a GET. */
const streamed = ['/v1/replica/state', describeSnapshot.path]

/** Everything the api process answers. `isOwn` tells which paths are its own. */
export function createApi(deps: ApiDeps): {
  readonly handler: Handler
  readonly isOwn: (path: string) => boolean
  /** Answers plain questions before `server` reads them; see `openFastLane`. */
  readonly openFastLane: (server: Server) => FastLane
  /** Every method and path that is answered, as `GET /v1/keys/{id}`: what a test of who may do what must cover. */
  readonly routes: readonly string[]
} {
  const { decisions, events, publicUrl, log } = deps
  const asked = createDecisionApi({ ...deps, others: deps.workers })
  const internal = new InternalCredential(deps.internalToken, deps.signIn)
  const { authenticator, metrics, limits } = asked
  const shared = { decisions, authenticator, metrics, publicUrl, log }
  const streamChanges = changesStreamRoute({ ...shared, events, limits })
  const streamSnapshot = snapshotRoute({ ...shared, ...deps, limits })
  const replicaState = replicaStateRoute({
    ...shared,
    replica: deps.replica,
    operator: deps.publicOrganisation,
  })
  const write = writeRoute({ ...shared, ledger: deps.ledger })
  const app = createApp(deps, authenticator, internal, metrics, asked.paths)
  const rest = getRequestListener(app.fetch, { overrideGlobalObjects: false })
  return {
    isOwn: (path) => ownPath.test(path),
    openFastLane: asked.openFastLane,
    routes: [
      ...asked.paths.map((path) => `POST ${path}`),
      ...streamed.map((path) => `GET ${path}`),
      ...app.routes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`),
    ],
    handler(request, response) {
      const answers = asked.handlerOf(request)
      if (answers !== undefined) answers(request, response)
      else if (isGet(request, '/v1/replica/state')) replicaState(request, response)
      else if (isGet(request, '/v1/changes') && wantsStream(request)) streamChanges(request, response)
      else if (asksForSnapshot(request)) streamSnapshot(request, response)
      else if (isPost(request, consentsPath) && !internal.is(request.headers.authorization))
        write(request, response)
      else void rest(request, response)
    },
  }
}

function createApp(
  deps: ApiDeps,
  authenticator: Authenticator,
  internal: InternalCredential,
  metrics: Metrics,
  questions: readonly string[],
): OpenAPIHono<{ Bindings: HttpBindings }> {
  const { decisions, publicUrl, log } = deps
  const app = new OpenAPIHono<{ Bindings: HttpBindings }>()
  const context = { authenticator, internal, publicUrl, log, metrics }
  const problem = (error: unknown, headers: Record<string, string> = {}) => {
    const { status, body, headers: own } = problemOf(error, { publicUrl })
    return new Response(body, { status, headers: { ...own, ...headers } })
  }

  describeHotRoutes(app)
  describeRoute(app, describeSnapshot)
  const routes = [
    explain(deps),
    recordConsents(deps),
    recordAge(deps),
    ...peopleRoutes(deps),
    subjectConsents(deps),
    ...personPastRoutes(deps),
    ...personActRoutes(deps),
    ...requestRoutes(deps),
    requestRefusalRoute(deps),
    ...configurationRoutes(deps),
    ...regimeRoutes(deps),
    simulateRoute(deps),
    ...noticeRoutes(deps),
    publishNotice(deps),
    ...purposeRoutes(deps),
    ...readReleaseRoutes(deps),
    ...releaseRoutes(deps),
    ...reviewRoutes(deps),
    ...flipRoutes(deps),
    ...lookRoutes(deps),
    ...comparisonRoutes(deps),
    ...settingsRoutes(deps),
    setup(deps),
    ...keyRoutes(deps),
    rotateKey(deps),
    ...questionRoutes(deps),
    ...firstUseRoutes(deps),
    ...memberRoutes(deps),
    ...invitationRoutes(deps),
    ...sessionRoutes(deps),
    ...secondFactorRoutes(deps),
    ...signInSettingsRoutes(deps),
    ...readingRoutes(deps),
    ...evidenceRoutes(deps),
    ...roomRoutes(deps),
    ...overviewRoutes(deps),
    changes(deps),
    ...consumerRoutes(deps),
    ...searchRoutes(deps),
    ...snapshotRoutes(deps),
    ...usageRoutes(deps),
    ...recallRoutes(deps),
    ...taskRoutes(deps),
    ...publicRoutes(deps),
    replicaEvents(deps),
    ...internalRoutes(deps),
  ]
  for (const each of routes) addRoute(app, each, context)

  app.options('/v1/public/:property/*', (c) => {
    const { origin } = c.env.incoming.headers
    const property = c.req.param('property')
    const allowed = decisions.policy(deps.publicOrganisation)?.properties.get(property)?.origins
    // This installation's own pages ask and answer for every property.
    if (origin === undefined || allowed === undefined || ![...allowed, publicUrl].includes(origin)) {
      return problem(new AssentError('origin_not_allowed', 'The property does not list this origin.'))
    }
    return new Response(null, {
      status: 204,
      headers: {
        'Access-Control-Allow-Origin': origin,
        'Access-Control-Allow-Methods': 'GET, POST',
        'Access-Control-Allow-Headers': 'Authorization, Content-Type',
        'Access-Control-Max-Age': '600',
        Vary: 'Origin',
      },
    })
  })

  addNodeRoutes(app, { decisions, authenticator, metrics, publicUrl, role: 'all', workers: deps.workers })
  app.get('/.well-known/jwks.json', () =>
    Response.json({ keys: deps.signer.publicKeys }, { headers: { 'Cache-Control': 'public, max-age=300' } }),
  )
  // Made when it is first asked for: the start need not wait for it.
  let document: object | undefined
  app.get('/openapi.json', () => {
    document ??= app.getOpenAPI31Document({
      openapi: '3.1.0',
      info: {
        title: 'Assent',
        version: '1',
        description: 'May this data be used for this purpose, now? Identifiers never appear in addresses.',
      },
      servers: [{ url: publicUrl }],
    })
    return Response.json(document)
  })

  const paths = new Set([...routes.map((each) => each.path), ...questions, ...streamed])
  app.notFound((c) => {
    const isKnown = [...paths].some((path) => matches(path, new URL(c.req.url).pathname))
    if (isKnown) return problem(new AssentError('method_not_allowed', 'Another method is taken here.'))
    return problem(new AssentError('not_found', 'There is nothing at this address.'))
  })
  app.onError((error) => {
    log.error({ err: error }, 'a call failed')
    return problem(error)
  })
  return app
}

function matches(template: string, path: string): boolean {
  const [wanted, given] = [template.split('/'), path.split('/')]
  return (
    wanted.length === given.length && wanted.every((part, i) => part.startsWith('{') || part === given[i])
  )
}

/** The raw handlers' part of the document. */
export function describeHotRoutes(app: OpenAPIHono<{ Bindings: HttpBindings }>): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: `An API key, ask_…; its scopes are of: ${scopes.join(', ')}.`,
  })
  const decisionsRead = { access: { scope: 'decisions:read' }, tag: 'Decisions' } as const
  describeRoute(app, {
    ...decisionsRead,
    method: 'post',
    path: '/v1/check',
    summary: 'May this data be used for this purpose, now?',
    description: 'Yes and no are both 200: the question was answered.',
    body: checkRequest,
    response: checkResponse,
  })
  describeRoute(app, {
    ...decisionsRead,
    method: 'post',
    path: '/access/v1/evaluation',
    summary: 'The same question, as OpenID AuthZEN 1.0 asks it',
    body: evaluationRequest,
    response: evaluationResponse,
  })
  describeRoute(app, {
    ...decisionsRead,
    method: 'post',
    path: '/access/v1/evaluations',
    summary: 'Ask many questions at once (AuthZEN)',
    description:
      'At most 10,000. Members at the top are defaults; an item’s member replaces the whole entity. A broken item is a no in a 200.',
    body: evaluationsRequest,
    response: z.union([z.object({ evaluations: z.array(evaluationResponse) }), evaluationResponse]),
  })
  describeRoute(app, {
    ...decisionsRead,
    method: 'post',
    path: '/v1/filter',
    summary: 'Keep the records that may be used',
    description:
      'NDJSON in (application/x-ndjson); the permitted lines out, byte for byte. Whatever fails breaks the connection. Assent-Filter-Id names the summary at /v1/filters/{id}.',
    query: z.object({
      purpose: z.string().openapi({ example: 'ai_training' }),
      subject: z.string().openapi({
        example: 'user:user_id',
        description:
          'Namespace and path: author.id, participants[].id. May be given more than once; all must permit.',
      }),
      collected_at: z
        .string()
        .openapi({ example: 'created_at', description: 'The path of the collection time.' }),
      content_usage: z.string().optional().openapi({
        example: 'content_usage',
        description:
          'The path of what the publisher said of the record’s use (Content-Usage): a text, or a list of texts. Where it disallows AI training, training is denied.',
      }),
      property: z.string().optional(),
      category: z.string().optional(),
      regime: z.string().optional(),
      recipient: z.string().optional(),
      source_purpose: z.string().optional(),
    }),
    response: z.string(),
  })
  describeRoute(app, {
    ...decisionsRead,
    method: 'post',
    path: '/v1/resolve',
    summary: 'When may these people’s data have been collected?',
    description:
      'Ids by line in (text/plain); 40 bytes out for each, in order, little-endian: four reason codes, one for each span of collection times; the code for data without one; flags (1 known, 2 no identifier, 4 more than four spans: ask record by record); the number of spans; a zero; three int64, where the second, third and fourth span begin; an int64, until when permitted data may be used. Milliseconds. With with_subject=true 16 bytes more: the subject’s random id, zeros for nobody. Assent-Reasons lists what the codes mean, Assent-Permits which of them permit.',
    query: z.object({
      purpose: z.string().openapi({ example: 'ai_training' }),
      namespace: z
        .string()
        .optional()
        .openapi({ example: 'user', description: 'What the ids are; needed without by=subject.' }),
      by: z
        .literal('subject')
        .optional()
        .openapi({ description: 'The lines are subjects’ own ids, sub_…; then without namespace.' }),
      with_subject: z.enum(['true', 'false']).optional(),
      property: z.string().optional(),
      category: z.string().optional(),
      regime: z.string().optional(),
      recipient: z.string().optional(),
      source_purpose: z.string().optional(),
    }),
    response: z.string(),
  })
  describeRoute(app, {
    access: { scope: 'replica:read' },
    tag: 'Nodes',
    method: 'get',
    path: '/v1/replica/state',
    summary: 'For nodes that follow this one: everything that decides, as of one moment',
    description:
      'Of all organisations. application/octet-stream in frames: a byte that says what it is, four bytes of length (big-endian), the rest. H: JSON with the head of the log and the fingerprint of the secret key; C: events of configuration; S: shapes of states; T and I: PostgreSQL COPY BINARY of (organisation, subject, seq, packed state) and (organisation, digest, subject); E: SHA-256 of everything before. A stream without E is not whole.',
    response: z.string(),
  })
}
