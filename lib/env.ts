import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { type DatabaseAddress, parseDatabaseUrl } from './storage/database-address.ts'

type Source = Readonly<Record<string, string | undefined>>

/** A variable is set to something it cannot be. The message has one line for each. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError'
}

const port = z.coerce.number().int('must be a whole number').min(0).max(65_535)
const milliseconds = (min: number, max: number) =>
  z.coerce
    .number()
    .int('must be a whole number of milliseconds')
    .min(min, `must be from ${min} to ${max}`)
    .max(max, `must be from ${min} to ${max}`)
const webOrigin = z.string().refine((text) => {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.hash === ''
}, 'must be an http(s) address without a path, such as https://consent.example.com')
const databaseUrl = z.string().transform((text, context): DatabaseAddress => {
  try {
    return parseDatabaseUrl(text)
  } catch (error) {
    context.addIssue({ code: 'custom', message: `is ${(error as Error).message}` })
    return z.NEVER
  }
})
const secretKey = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}=?$/, 'must be 32 random bytes in base64url (43 characters)')
const readableFile = z.string().refine(existsSync, 'names a file that does not exist')
const apiKey = z
  .string()
  .regex(/^ask_[A-Za-z0-9_-]{43}$/, 'must be ask_ and 43 base64url characters (32 random bytes)')

const limit = z.coerce.number().int('must be a whole number').min(1, 'must be at least 1').optional()
const bounds = {
  ASSENT_STALENESS_MS: milliseconds(500, 60_000).default(2_000),
  ASSENT_AT_LEAST_WAIT_MS: milliseconds(0, 30_000).default(1_000),
}
const smtpUrl = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '',
    'must be an address such as smtps://name:password@mail.example.com',
  )
const mailFrom = z
  .string()
  .regex(
    /^(?:[^<>@\r\n]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/,
    'must be an address, or a name with one in <>',
  )
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,100}$/, 'must be the name of a header, such as CF-IPCountry')
  .transform((name) => name.toLowerCase())
const limits = {
  ASSENT_LIMIT_STREAMS: limit,
  ASSENT_LIMIT_BYTES_PER_SECOND: limit,
  ASSENT_LIMIT_RECORDS_PER_SECOND: limit,
  ASSENT_LIMIT_BYTES_IN_FLIGHT: limit,
}

const issuer = z.string().refine((text) => {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, search, hash, username } = new URL(text)
  const isLocal = protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
  return (protocol === 'https:' || isLocal) && search === '' && hash === '' && username === ''
}, 'must be an https address such as https://login.example.com (http only for this machine itself)')
const signIn = {
  ASSENT_OIDC_ISSUER: issuer.optional(),
  ASSENT_OIDC_CLIENT_ID: z.string().min(1).max(255).optional(),
  ASSENT_OIDC_CLIENT_SECRET: z.string().min(1).max(4_096).optional(),
  ASSENT_OIDC_CLIENT_SECRET_FILE: readableFile.optional(),
  ASSENT_OIDC_NAME: z.string().min(1).max(40, 'must have at most 40 characters').default('single sign-on'),
  ASSENT_SIGN_IN: z.enum(['both', 'oidc', 'password']).default('both'),
}
type SignInGiven = z.output<z.ZodObject<typeof signIn>>

/** A provider is configured whole or not at all, and passwords can be off only where there is one. */
function checkSignIn(env: SignInGiven, context: z.RefinementCtx): void {
  const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
  const { ASSENT_OIDC_CLIENT_SECRET: secret, ASSENT_OIDC_CLIENT_SECRET_FILE: file } = env
  if (secret !== undefined && file !== undefined) {
    wrong('ASSENT_OIDC_CLIENT_SECRET', 'and ASSENT_OIDC_CLIENT_SECRET_FILE are both set: give one')
  }
  if (file !== undefined && existsSync(file) && readFileSync(file, 'utf8').trim() === '') {
    wrong('ASSENT_OIDC_CLIENT_SECRET_FILE', 'names an empty file')
  }
  const hasSecret = secret !== undefined || file !== undefined
  const parts = [
    ['ASSENT_OIDC_ISSUER', env.ASSENT_OIDC_ISSUER !== undefined],
    ['ASSENT_OIDC_CLIENT_ID', env.ASSENT_OIDC_CLIENT_ID !== undefined],
    ['ASSENT_OIDC_CLIENT_SECRET', hasSecret],
  ] as const
  const isWanted = env.ASSENT_SIGN_IN === 'oidc' || parts.some(([, isSet]) => isSet)
  for (const [name, isSet] of parts) {
    if (isWanted && !isSet)
      wrong(name, 'is missing: a provider needs an issuer, a client id and a client secret')
  }
}

export type SignInEnv = {
  readonly hasPasswords: boolean
  /** The OpenID Connect provider, where members may sign in with one. */
  readonly provider: ProviderEnv | undefined
}

export type ProviderEnv = {
  /** Exactly as the provider calls itself. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** What people know it as. */
  readonly name: string
}

function signInOf(env: SignInGiven): SignInEnv {
  const { ASSENT_OIDC_ISSUER: issuer, ASSENT_OIDC_CLIENT_ID: clientId, ASSENT_SIGN_IN: wanted } = env
  const file = env.ASSENT_OIDC_CLIENT_SECRET_FILE
  const secret = file === undefined ? env.ASSENT_OIDC_CLIENT_SECRET : readFileSync(file, 'utf8').trim()
  const isWhole = issuer !== undefined && clientId !== undefined && secret !== undefined
  return {
    hasPasswords: wanted !== 'oidc',
    provider:
      isWhole && wanted !== 'password'
        ? { issuer, clientId, clientSecret: secret, name: env.ASSENT_OIDC_NAME }
        : undefined,
  }
}

const serverSchema = z
  .object({
    PORT: port.default(3000),
    ASSENT_DATA_DIR: z.string().min(1).default('.assent'),
    DATABASE_URL: databaseUrl.optional(),
    ASSENT_PUBLIC_URL: webOrigin.optional(),
    ASSENT_SECRET_KEY: secretKey.optional(),
    ASSENT_SECRET_KEY_FILE: readableFile.optional(),
    ASSENT_SIGNING_KEY: secretKey.optional(),
    ASSENT_SIGNING_KEY_FILE: readableFile.optional(),
    ASSENT_ADMIN_EMAIL: z.email('must be an e-mail address').default('admin@example.com'),
    ASSENT_ADMIN_PASSWORD: z.string().min(10, 'must have at least 10 characters').optional(),
    ASSENT_BOOTSTRAP_KEY: apiKey.optional(),
    ...signIn,
    ASSENT_SEED: z.enum(['demo', 'starter', 'none']).optional(),
    ASSENT_SAMPLE_RATE: z.coerce.number().min(0, 'must be 0 to 1').max(1, 'must be 0 to 1').default(0.001),
    ASSENT_SAMPLE_DAYS: z.coerce.number().int('must be a whole number').min(1).max(3_650).default(30),
    ...limits,
    ASSENT_WORKERS: z.coerce.number().int('must be a whole number').min(1).max(64).default(1),
    ASSENT_COUNTRY_HEADER: headerName.optional(),
    ASSENT_ADDRESS_DATABASE: readableFile.optional(),
    ASSENT_SMTP_URL: smtpUrl.optional(),
    ASSENT_MAIL_FROM: mailFrom.optional(),
    ...bounds,
  })
  .refine((env) => env.ASSENT_SECRET_KEY === undefined || env.ASSENT_SECRET_KEY_FILE === undefined, {
    path: ['ASSENT_SECRET_KEY'],
    message: 'and ASSENT_SECRET_KEY_FILE are both set: give one',
  })
  .refine((env) => env.ASSENT_SIGNING_KEY === undefined || env.ASSENT_SIGNING_KEY_FILE === undefined, {
    path: ['ASSENT_SIGNING_KEY'],
    message: 'and ASSENT_SIGNING_KEY_FILE are both set: give one',
  })
  .refine((env) => (env.ASSENT_SMTP_URL === undefined) === (env.ASSENT_MAIL_FROM === undefined), {
    path: ['ASSENT_SMTP_URL'],
    message: 'and ASSENT_MAIL_FROM are set together, or neither',
  })
  .superRefine(checkSignIn)

export type ServerEnv = {
  readonly port: number
  /** Absolute. */
  readonly dataDir: string
  /** Undefined: the embedded PostgreSQL. */
  readonly database: DatabaseAddress | undefined
  /** Without a trailing slash. */
  readonly publicUrl: string
  readonly secretKey: string | undefined
  readonly secretKeyFile: string | undefined
  /** The Ed25519 private key of signatures, like the secret key: 32 bytes in base64url. */
  readonly signingKey: string | undefined
  readonly signingKeyFile: string | undefined
  readonly adminEmail: string
  readonly adminPassword: string | undefined
  readonly bootstrapKey: string | undefined
  readonly signIn: SignInEnv
  readonly seed: 'demo' | 'starter' | 'none'
  /** Share of single answers that are kept, and for how many days. */
  readonly samples: { readonly rate: number; readonly days: number }
  /** What each API key may use at once; absent where the default holds. */
  readonly limits: LimitsGiven
  /** Processes that answer questions; 1: the server itself does. */
  readonly workers: number
  readonly places: {
    /** The header in which the proxy in front of this server says the country, in lower case. */
    readonly countryHeader: string | undefined
    /** A MaxMind database file of addresses. */
    readonly addressDatabase: string | undefined
  }
  /** The server that mail goes through, and from whom; undefined where none is sent. */
  readonly mail: { readonly url: string; readonly from: string } | undefined
  readonly bounds: FreshnessBounds
}

type LimitsGiven = Readonly<
  Partial<Record<'streams' | 'bytesASecond' | 'recordsASecond' | 'bytesInFlight', number>>
>

export type FreshnessBounds = {
  /** Past this age of what it knows, a node denies `stale`. */
  readonly stalenessBoundMs: number
  /** How long a question waits for the revision that it names. */
  readonly atLeastWaitMs: number
}

/** Reads and validates what the server takes from its environment; throws `EnvironmentError`. */
export function readServerEnv(source: Source = process.env): ServerEnv {
  const env = parse(serverSchema, source)
  return {
    port: env.PORT,
    dataDir: resolve(env.ASSENT_DATA_DIR),
    database: env.DATABASE_URL,
    publicUrl: (env.ASSENT_PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/$/, ''),
    secretKey: env.ASSENT_SECRET_KEY,
    secretKeyFile: env.ASSENT_SECRET_KEY_FILE,
    signingKey: env.ASSENT_SIGNING_KEY,
    signingKeyFile: env.ASSENT_SIGNING_KEY_FILE,
    adminEmail: env.ASSENT_ADMIN_EMAIL.toLowerCase(),
    adminPassword: env.ASSENT_ADMIN_PASSWORD,
    bootstrapKey: env.ASSENT_BOOTSTRAP_KEY,
    signIn: signInOf(env),
    seed: env.ASSENT_SEED ?? (env.DATABASE_URL === undefined ? 'demo' : 'starter'),
    samples: { rate: env.ASSENT_SAMPLE_RATE, days: env.ASSENT_SAMPLE_DAYS },
    limits: limitsOf(env),
    workers: env.ASSENT_WORKERS,
    places: {
      countryHeader: env.ASSENT_COUNTRY_HEADER,
      addressDatabase: env.ASSENT_ADDRESS_DATABASE,
    },
    mail:
      env.ASSENT_SMTP_URL === undefined || env.ASSENT_MAIL_FROM === undefined
        ? undefined
        : { url: env.ASSENT_SMTP_URL, from: env.ASSENT_MAIL_FROM },
    bounds: {
      stalenessBoundMs: env.ASSENT_STALENESS_MS,
      atLeastWaitMs: env.ASSENT_AT_LEAST_WAIT_MS,
    },
  }
}

const decisionNodeSchema = z
  .object({
    PORT: port.default(3000),
    ASSENT_DATA_DIR: z.string().min(1).default('.assent'),
    DATABASE_URL: databaseUrl.optional(),
    ASSENT_FOLLOW_URL: webOrigin.optional(),
    ASSENT_FOLLOW_KEY: apiKey.optional(),
    ASSENT_PUBLIC_URL: webOrigin.optional(),
    ASSENT_SECRET_KEY: secretKey.optional(),
    ASSENT_SECRET_KEY_FILE: readableFile.optional(),
    ...limits,
    ASSENT_WORKERS: z
      .literal('1', 'is for a node that writes; start further nodes beside this one instead')
      .optional(),
    ...bounds,
  })
  .superRefine((env, context) => {
    const wrong = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message })
    if ((env.DATABASE_URL === undefined) === (env.ASSENT_FOLLOW_URL === undefined)) {
      wrong('ASSENT_FOLLOW_URL', 'or DATABASE_URL must say whom this node follows: give one')
    }
    if ((env.ASSENT_FOLLOW_URL === undefined) !== (env.ASSENT_FOLLOW_KEY === undefined)) {
      wrong('ASSENT_FOLLOW_KEY', 'goes with ASSENT_FOLLOW_URL: give both or neither')
    }
    if ((env.ASSENT_SECRET_KEY === undefined) === (env.ASSENT_SECRET_KEY_FILE === undefined)) {
      wrong(
        'ASSENT_SECRET_KEY',
        'or ASSENT_SECRET_KEY_FILE must be that of the followed installation: give one',
      )
    }
  })

export type DecisionNodeEnv = Pick<
  ServerEnv,
  'port' | 'dataDir' | 'publicUrl' | 'secretKey' | 'secretKeyFile' | 'limits' | 'bounds'
> & {
  readonly follows:
    | { readonly database: DatabaseAddress }
    /** Without a trailing slash; a key with the scope `replica:read`. */
    | { readonly url: string; readonly key: string }
}

/** Reads and validates what a node takes that only decides; throws `EnvironmentError`. */
export function readDecisionNodeEnv(source: Source = process.env): DecisionNodeEnv {
  const env = parse(decisionNodeSchema, source)
  const { DATABASE_URL: database, ASSENT_FOLLOW_URL: url, ASSENT_FOLLOW_KEY: key } = env
  return {
    port: env.PORT,
    dataDir: resolve(env.ASSENT_DATA_DIR),
    publicUrl: (env.ASSENT_PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/$/, ''),
    secretKey: env.ASSENT_SECRET_KEY,
    secretKeyFile: env.ASSENT_SECRET_KEY_FILE,
    limits: limitsOf(env),
    bounds: { stalenessBoundMs: env.ASSENT_STALENESS_MS, atLeastWaitMs: env.ASSENT_AT_LEAST_WAIT_MS },
    follows: database === undefined ? { url: (url ?? '').replace(/\/$/, ''), key: key ?? '' } : { database },
  }
}

const webSchema = z
  .object({
    ASSENT_WEB_SOCKET: z.string().min(1),
    ASSENT_API_URL: webOrigin,
    ASSENT_PUBLIC_URL: webOrigin,
    ASSENT_INTERNAL_TOKEN: z.string().min(32),
    NEXTAUTH_SECRET: z.string().min(32),
    ...signIn,
    NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  })
  .superRefine(checkSignIn)

export type WebEnv = {
  readonly socket: string
  readonly apiUrl: string
  readonly publicUrl: string
  readonly internalToken: string
  readonly nextAuthSecret: string
  readonly signIn: SignInEnv
  /** Pages are built on demand, and again as they change. */
  readonly isDevelopment: boolean
}

/** What the web process is given by the server that starts it; throws `EnvironmentError`. */
export function readWebEnv(source: Source = process.env): WebEnv {
  const env = parse(webSchema, source)
  return {
    socket: env.ASSENT_WEB_SOCKET,
    apiUrl: env.ASSENT_API_URL.replace(/\/$/, ''),
    publicUrl: env.ASSENT_PUBLIC_URL.replace(/\/$/, ''),
    internalToken: env.ASSENT_INTERNAL_TOKEN,
    nextAuthSecret: env.NEXTAUTH_SECRET,
    signIn: signInOf(env),
    isDevelopment: env.NODE_ENV === 'development',
  }
}

/** What building pages on demand needs besides: it starts programs of its own. */
export function readDevelopmentEnv(source: Source = process.env): Readonly<Record<string, string>> {
  return { PATH: source.PATH ?? '', HOME: source.HOME ?? '/' }
}

/** Whom Node and OpenSSL trust, besides the usual. */
const trustVariables = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR']
/** What Node and OpenSSL read by themselves; a worker is told everything else. */
const workerVariables = ['NODE_ENV', 'NODE_OPTIONS', ...trustVariables, 'TZ']

/** The environment of a worker process: no key, no address. */
export function readWorkerEnv(source: Source = process.env): Readonly<Record<string, string>> {
  return pick(workerVariables, source)
}

/** What the web process needs to speak with the provider of sign-ins; nothing where there is none. */
export function readProviderEnv(
  { provider, hasPasswords }: SignInEnv,
  source: Source = process.env,
): Readonly<Record<string, string>> {
  if (provider === undefined) return {}
  return {
    ...pick(trustVariables, source),
    ASSENT_OIDC_ISSUER: provider.issuer,
    ASSENT_OIDC_CLIENT_ID: provider.clientId,
    ASSENT_OIDC_CLIENT_SECRET: provider.clientSecret,
    ASSENT_OIDC_NAME: provider.name,
    ASSENT_SIGN_IN: hasPasswords ? 'both' : 'oidc',
  }
}

function pick(names: readonly string[], source: Source): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => (source[name] === undefined ? [] : [[name, source[name]]])),
  )
}

const cliSchema = z.object({
  ASSENT_URL: webOrigin.optional(),
  ASSENT_API_KEY: z.string().min(1).optional(),
  ASSENT_DATA_DIR: z.string().min(1).default('.assent'),
})

export type CliEnv = { readonly url: string | undefined; readonly key: string | undefined }

/** Where the command line finds its server: the environment, else a local installation's data directory. */
export function readCliEnv(root: string, source: Source = process.env): CliEnv {
  const env = parse(cliSchema, source)
  const dataDir = resolve(root, env.ASSENT_DATA_DIR)
  const read = (name: string) => {
    const path = join(dataDir, name)
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined
  }
  const server = read('server.json')
  const localUrl = server === undefined ? undefined : (JSON.parse(server) as { url: string }).url
  return {
    url: (env.ASSENT_URL ?? localUrl)?.replace(/\/$/, ''),
    // A local installation's key is for it alone: it is never sent to a server named by the environment.
    key: env.ASSENT_API_KEY ?? (env.ASSENT_URL === undefined ? read('local.key') : undefined),
  }
}

function limitsOf(env: Readonly<Partial<Record<keyof typeof limits, number | undefined>>>): LimitsGiven {
  return onlyGiven({
    streams: env.ASSENT_LIMIT_STREAMS,
    bytesASecond: env.ASSENT_LIMIT_BYTES_PER_SECOND,
    recordsASecond: env.ASSENT_LIMIT_RECORDS_PER_SECOND,
    bytesInFlight: env.ASSENT_LIMIT_BYTES_IN_FLIGHT,
  })
}

/** The members that are not undefined. */
function onlyGiven<Value>(
  values: Readonly<Record<string, Value | undefined>>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

function parse<Schema extends z.ZodType>(schema: Schema, source: Source): z.output<Schema> {
  // An empty variable is one that is not set, as in compose files.
  const given = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ''),
  )
  const result = schema.safeParse(given)
  if (result.success) return result.data
  throw new EnvironmentError(
    result.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('\n'),
  )
}
