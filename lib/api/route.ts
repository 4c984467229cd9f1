import type { IncomingMessage } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import type { Scope } from '../auth/scopes.ts'
import { AssentError, impossible } from '../domain/errors.ts'
import type { Authenticator, InternalCredential, Principal } from './authenticate.ts'
import type { Metrics } from './metrics.ts'
import { problemOf } from './problem.ts'
import { checkJsonType, parseJson, readBody } from './read-body.ts'
import { echoedRequestId } from './request-id.ts'

export type Env = { Bindings: HttpBindings }

/**
 * Who may call: an API key or a signed-in member with a scope (or with the other, where two do), a key with it and no
 * member (what a system says of itself), a member with it and no key (what a person answers for), any signed-in member
 * and no key (what is her own), anyone, or the web process alone.
 */
export type Access =
  | { readonly scope: Scope; readonly or?: Scope; readonly by?: 'key' | 'member' }
  | 'member'
  | 'public'
  | 'internal'

/** What a handler is given; every part was parsed. */
export type Call<Params, Query, Body> = {
  readonly principal: Principal
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** The body's bytes as they came. */
  readonly bytes: Uint8Array
  readonly request: IncomingMessage
}

export type Answered = {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
} & (
  | { readonly body: unknown }
  /** The body, where it is JSON already. */
  | { readonly json: string }
  /** A body that is made while it is read; its headers name its type. It is cancelled where the caller goes away. */
  | { readonly stream: ReadableStream<Uint8Array> }
)

/** A route by declaration: who may call it, what it takes, what it gives. */
export type Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
> = {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** As OpenAPI writes it: `/v1/subjects/{id}/consents`. */
  readonly path: string
  readonly access: Access
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly response: z.ZodType
  readonly status?: 200 | 201
  readonly isAuthZen?: boolean
  /** Left out of the document: the pages' own business. */
  readonly isHidden?: boolean
  /** For a member, too, who is yet to add the second factor that is demanded of her. */
  readonly isForEnrolment?: boolean
  /** Further headers of every answer, errors too. */
  readonly headers?: (request: IncomingMessage, params: z.output<Params>) => Record<string, string>
  readonly handle: (
    call: Call<z.output<Params>, z.output<Query>, z.output<Body>>,
  ) => Promise<Answered> | Answered
}

/** Keeps the types of a route's parts together. */
export function route<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  definition: Route<Params, Query, Body>,
): Route {
  return definition as unknown as Route
}

export type RouteContext = {
  readonly authenticator: Authenticator
  readonly internal: InternalCredential
  readonly publicUrl: string
  readonly log: { readonly error: (what: object, message: string) => void }
  readonly metrics: Pick<Metrics, 'failed' | 'took'>
}

const problemSchema = z
  .object({
    type: z.url(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    pointer: z.string().optional(),
  })
  .openapi('Problem')

/** Adds a route to the app and, unless it is hidden, to the document. */
export function addRoute(app: OpenAPIHono<Env>, definition: Route, context: RouteContext): void {
  if (!definition.isHidden) describeRoute(app, definition)
  const path = definition.path.replace(/\{(\w+)\}/g, ':$1')
  app.on(definition.method.toUpperCase(), path, (c) => answer(c, definition, context))
}

/** Describes a route whose handler stands elsewhere. */
export function describeRoute(app: OpenAPIHono<Env>, definition: Omit<Route, 'handle'>): void {
  const status = definition.status ?? 200
  app.openAPIRegistry.registerPath({
    method: definition.method,
    path: definition.path,
    tags: [definition.tag],
    summary: definition.summary,
    ...(definition.description === undefined ? {} : { description: definition.description }),
    ...(typeof definition.access === 'object'
      ? {
          security: scopesOf(definition.access).map((scope) => ({ apiKey: [scope] })),
          'x-scope': definition.access.scope,
          ...(definition.access.by === undefined ? {} : { 'x-caller': definition.access.by }),
        }
      : {}),
    ...(definition.access === 'member' ? { 'x-caller': 'member' } : {}),
    request: {
      ...(definition.params === undefined ? {} : { params: definition.params as z.ZodObject }),
      ...(definition.query === undefined ? {} : { query: definition.query as z.ZodObject }),
      ...(definition.body === undefined
        ? {}
        : { body: { required: true, content: { 'application/json': { schema: definition.body } } } }),
    },
    responses: {
      [status]: { description: 'Answered', content: { 'application/json': { schema: definition.response } } },
      default: {
        description: 'Not answered',
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    },
  })
}

const scopesOf = ({ scope, or }: { readonly scope: Scope; readonly or?: Scope }) =>
  or === undefined ? [scope] : [scope, or]

async function answer(c: Context<Env>, definition: Route, context: RouteContext): Promise<Response> {
  const request = c.env.incoming
  const id = echoedRequestId(request)
  const shared: Record<string, string> = id === undefined ? {} : { 'X-Request-ID': id }
  const beganAt = performance.now()
  try {
    const params = parse(definition.params, c.req.param(), 'parameter_invalid')
    Object.assign(shared, definition.headers?.(request, params))
    const principal = await authenticate(request, definition, context)
    const query = parse(definition.query, givenOnceOrMore(c.req.queries()), 'parameter_invalid')
    const { bytes, body } = await readInput(request, definition)
    const answered = await definition.handle({ principal, params, query, body, bytes, request })
    context.metrics.took(definition.path, performance.now() - beganAt)
    return new Response(bodyOf(answered), {
      status: answered.status ?? definition.status ?? 200,
      headers: {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
        ...shared,
        ...answered.headers,
      },
    })
  } catch (error) {
    const problem = problemOf(error, {
      publicUrl: context.publicUrl,
      isAuthZen: definition.isAuthZen ?? false,
    })
    context.metrics.failed(definition.path, problem.status)
    if (problem.status === 500) context.log.error({ err: error, route: definition.path }, 'a call failed')
    return new Response(problem.body, { status: problem.status, headers: { ...problem.headers, ...shared } })
  }
}

/** 304 has none (RFC 9110 §15.4.5). */
function bodyOf(answered: Answered): string | ReadableStream<Uint8Array> | null {
  if (answered.status === 304) return null
  if ('stream' in answered) return answered.stream
  return 'json' in answered ? answered.json : JSON.stringify(answered.body)
}

/** Parameters by name: text where it is given once, a list where more often. */
function givenOnceOrMore(queries: Record<string, string[]>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(queries).map(([name, values]) => [name, values.length === 1 ? values[0]! : values]),
  )
}

/** The member who called a route with access `member`. */
export function memberOf({ member }: Principal): NonNullable<Principal['member']> {
  return member ?? impossible('a route for members was called by none')
}

const nobody: Principal = { organisationId: '' as Principal['organisationId'], name: '', scopes: [] }

async function authenticate(
  request: IncomingMessage,
  { access, isForEnrolment = false }: Route,
  { authenticator, internal }: RouteContext,
): Promise<Principal> {
  if (access === 'public') return nobody
  const { authorization } = request.headers
  const isInternal = internal.is(authorization)
  if (access === 'internal') {
    // To anyone else these routes do not exist.
    if (!isInternal) throw new AssentError('not_found', 'There is nothing at this address.')
    return nobody
  }
  const session = request.headers['assent-session']
  if (access === 'member') {
    if (!isInternal) {
      authenticator.key(authorization)
      throw new AssentError('scope_missing', 'This call is for members who are signed in.')
    }
    return internal.member(typeof session === 'string' ? session : undefined, { isForEnrolment })
  }
  if (!isInternal) {
    const caller = authenticator.key(authorization, access.scope, access.or)
    if (access.by !== 'member') return caller
    throw new AssentError('scope_missing', 'This call is for members who are signed in.')
  }
  if (access.by === 'key')
    throw new AssentError('scope_missing', 'This call is for systems, with an API key.')
  const { scope, or } = access
  return internal.member(typeof session === 'string' ? session : undefined, { scope, or })
}

async function readInput(
  request: IncomingMessage,
  definition: Route,
): Promise<{ bytes: Uint8Array; body: unknown }> {
  if (definition.body === undefined) return { bytes: new Uint8Array(), body: undefined }
  checkJsonType(request.headers['content-type'])
  const bytes = await readBody(request)
  return { bytes, body: parseBody(definition.body, parseJson(bytes)) }
}

/** A body, or what lies `at` a pointer in one, as its schema reads it. Throws `body_invalid`, with the first member that is wrong. */
export function parseBody<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  at = '',
): z.output<Schema> {
  return parse(schema, value, 'body_invalid', at) as z.output<Schema>
}

function parse(
  schema: z.ZodType | undefined,
  value: unknown,
  code: 'body_invalid' | 'parameter_invalid',
  at = '',
): unknown {
  if (schema === undefined) return undefined
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const pointer = at + (issue?.path ?? []).map((part) => `/${String(part)}`).join('')
  const where = pointer === '' ? 'The body' : pointer
  throw new AssentError(code, `${where}: ${issue?.message ?? 'is not valid'}.`, { pointer })
}
