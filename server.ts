import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startDecisionNode } from './decision-node.ts'
import { deriveKeys } from './lib/auth/derive-keys.ts'
import { loadSecretKey } from './lib/auth/secret-key.ts'
import { createSigner } from './lib/auth/signer.ts'
import { loadSigningKeys } from './lib/auth/signing-key.ts'
import { demoInteractions } from './lib/config/demo-interactions.ts'
import {
  EnvironmentError,
  readDevelopmentEnv,
  readProviderEnv,
  readServerEnv,
  readWorkerEnv,
} from './lib/env.ts'
import { claimDataDir } from './lib/server/data-dir-lock.ts'
import { makeReady } from './lib/server/make-ready.ts'
import { openDatabase } from './lib/server/open-database.ts'
import { openHttp } from './lib/server/open-http.ts'
import { openLog } from './lib/server/open-log.ts'
import { openPlaces } from './lib/server/open-places.ts'
import { startingHandler } from './lib/server/starting-handler.ts'
import { startWebChild, type WebChild } from './lib/server/web-child.ts'
import { Fleet } from './lib/server/workers/fleet.ts'
import { Gate } from './lib/server/workers/gate.ts'
import { startWorkers } from './lib/server/workers/start-workers.ts'
import { checkFingerprint } from './lib/storage/fingerprint.ts'
import { rebuildStates } from './lib/storage/ledger/rebuild-states.ts'
import { migrate } from './lib/storage/migrate.ts'
import { type Wired, wire } from './lib/wire.ts'

/** The project's root, from `dist/server.js`. */
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const say = (line: string) => process.stdout.write(`${line}\n`)
/** What must end, in the order it was begun; ended the other way round. */
const endings: (() => Promise<unknown> | unknown)[] = []
/** Pages are built as they are asked for. */
const isDevelopment = process.argv.includes('--dev')
let isStopping = false

async function stop(code: number): Promise<void> {
  if (isStopping) return
  isStopping = true
  for (const end of endings.reverse()) {
    try {
      await end()
    } catch (error) {
      process.stderr.write(`while stopping: ${(error as Error).message}\n`)
    }
  }
  process.exit(code)
}

function giveUp(error: unknown): void {
  const message =
    error instanceof EnvironmentError
      ? `Assent cannot start, its environment is wrong:\n\n${error.message}`
      : `Assent cannot start: ${(error as Error).message}`
  process.stderr.write(`\n${message}\n`)
  void stop(1)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!isStopping) say('\nStopping …')
    void stop(0)
  })
}

async function main(): Promise<void> {
  const role = process.argv.find((arg) => arg.startsWith('--role='))?.slice(7) ?? 'all'
  if (role === 'decisions') {
    return startDecisionNode({ root, say, endings, listen, isStopping: () => isStopping })
  }
  if (role !== 'all') throw new Error(`there is no role ${role}: --role is all or decisions`)
  const env = readServerEnv()
  const listening = {
    handler: startingHandler(env.publicUrl),
  }
  const http = openHttp((request, response) => listening.handler(request, response))
  const gate = env.workers > 1 ? new Gate(http) : undefined
  const port = await listen(gate?.server ?? http, env.port)
  const localUrl = `http://localhost:${port}`
  const publicUrl = env.port === 0 ? localUrl : env.publicUrl
  mkdirSync(env.dataDir, { recursive: true })
  const claim = claimDataDir(env.dataDir, localUrl)
  endings.push(claim.release)
  const { log, fatal } = openLog(env.dataDir)

  if (env.database === undefined) say('  Starting PostgreSQL …')
  const database = await openDatabase({ given: env.database, dataDir: env.dataDir, log })
  endings.push(() => database.stop())
  const { applied } = await migrate(database.owner, database.serveUser, join(root, 'prisma/migrations'))
  if (applied.length > 0) say(`  Migrated: ${applied.join(', ')}`)
  const secret = loadSecretKey({ key: env.secretKey, file: env.secretKeyFile, dataDir: env.dataDir })
  const keys = deriveKeys(secret.secret)
  await checkFingerprint(database.serve, keys.fingerprint, secret.source)

  await rebuildStates(database.serve, (done, all) => say(`  Folding events into states: ${done} of ${all}`))

  const signer = await createSigner(
    loadSigningKeys({ key: env.signingKey, file: env.signingKeyFile, dataDir: env.dataDir }),
  )
  const internalToken = randomBytes(32).toString('base64url')
  const fleet =
    gate &&
    new Fleet({ wanted: env.workers, program: join(root, 'dist/worker.js'), env: readWorkerEnv(), log })
  const wired = await wire({
    serve: database.serve,
    keys,
    signer,
    publicUrl,
    internalToken,
    log,
    limits: env.limits,
    places: await openPlaces(env.places, { tell: (message) => log.warn(message) }),
    mail: env.mail,
    bounds: env.bounds,
    samples: env.samples,
    signIn: env.signIn,
    fatal,
    fleet,
  })
  endings.push(() => wired.close())
  await prepare(wired, env)
  await wired.startJobs()

  const web = startWebChild({
    program: join(root, 'dist/web.js'),
    socket: join(env.dataDir, 'web.sock'),
    env: {
      ASSENT_WEB_SOCKET: join(env.dataDir, 'web.sock'),
      ASSENT_API_URL: `http://127.0.0.1:${port}`,
      ASSENT_PUBLIC_URL: publicUrl,
      ASSENT_INTERNAL_TOKEN: internalToken,
      NEXTAUTH_SECRET: Buffer.from(keys.nextAuth).toString('base64url'),
      NEXTAUTH_URL: publicUrl,
      NEXT_TELEMETRY_DISABLED: '1',
      ...readProviderEnv(env.signIn),
      ...(isDevelopment ? { ...readDevelopmentEnv(), NODE_ENV: 'development' } : { NODE_ENV: 'production' }),
    },
    publicUrl,
    log,
  })
  endings.push(() => web.stop())
  if (gate !== undefined && fleet !== undefined) {
    const lookupKey = Buffer.from(keys.lookup).toString('hex')
    const questionKey = Buffer.from(keys.question).toString('hex')
    const primarySocket = join(env.dataDir, 'api.sock')
    const endWorkers = await startWorkers({
      gate,
      fleet,
      primary: wired.decisions,
      beginning: {
        serve: database.serve,
        lookupKey,
        questionKey,
        publicUrl,
        limits: env.limits,
        bounds: env.bounds,
        samples: env.samples,
        primarySocket,
      },
      handler: (request, response) => listening.handler(request, response),
    })
    endings.push(endWorkers)
  }
  listening.handler = dispatch(wired, web)
  const lane = wired.api.openFastLane(http)
  endings.push(() => {
    http.close()
    lane.close()
    http.closeAllConnections()
  })
  // Who may sign in is looked up once questions are answered: nobody waits for it but the greeting.
  const password = await wired.ensureFirstMember(env.adminEmail, env.adminPassword)
  const provider = env.signIn.hasPasswords ? undefined : env.signIn.provider?.name
  await makeReady(port, publicUrl, wired.properties())
  greet({ publicUrl, email: env.adminEmail, password, provider, isDemo: env.seed === 'demo' })
}

/** Seeds, and makes the keys, where they are missing. */
async function prepare(wired: Wired, env: ReturnType<typeof readServerEnv>): Promise<void> {
  let lastShare = -1
  const isSeeded = await wired.seed(env.seed, (done, all) => {
    const share = Math.floor((done / all) * 4)
    if (share > lastShare) say(`  Seeding the demo: ${done} of ${all} calls`)
    lastShare = share
  })
  if (isSeeded) writeInteractions(env.dataDir)
  if (env.bootstrapKey !== undefined && !(await wired.ensureKey(env.bootstrapKey, 'Bootstrap'))) {
    say('  ASSENT_BOOTSTRAP_KEY was revoked or has ended, and stays so. Unset it, or set another.')
  }
  const keyFile = join(env.dataDir, 'local.key')
  const known = existsSync(keyFile) ? readFileSync(keyFile, 'utf8').trim() : undefined
  const name = 'Command line on this machine'
  if (known !== undefined && (await wired.ensureKey(known, name))) return
  writeFileSync(keyFile, `${await wired.makeKey(name)}\n`, { mode: 0o600 })
}

function writeInteractions(dataDir: string): void {
  mkdirSync(join(dataDir, 'demo'), { recursive: true })
  writeFileSync(join(dataDir, 'demo/interactions.ndjson'), [...demoInteractions(Date.now())].join(''))
}

function listen(http: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? `port ${port} is in use. Stop what uses it, or set PORT to another.`
          : `port ${port} cannot be used (${error.code}).`
      reject(new Error(why))
    })
    http.listen(port, () => resolve((http.address() as AddressInfo).port))
  })
}

function dispatch(wired: Wired, web: WebChild) {
  const { api } = wired
  return (request: IncomingMessage, response: ServerResponse) => {
    const url = request.url ?? '/'
    const end = url.indexOf('?')
    if (api.isOwn(end < 0 ? url : url.slice(0, end))) api.handler(request, response)
    else web.proxy(request, response)
  }
}

function greet(told: {
  publicUrl: string
  email: string
  password: string | undefined
  /** Where members sign in with it alone. */
  provider: string | undefined
  isDemo: boolean
}): void {
  const { publicUrl, email, password, provider } = told
  const shown = `${password ?? '(as set at the first start)'}${password === undefined ? '' : '   (shown this once)'}`
  say(`
Assent is running.

  What it is       ${publicUrl}/
  Demo             ${publicUrl}/demo
  Preferences      ${publicUrl}/p/demo
  Admin            ${publicUrl}/admin

  Sign in as       ${email}
  ${provider === undefined ? `with password    ${shown}` : `with             ${provider}`}

  Try              ./assent check user:${told.isDemo ? 'user_00001' : 'alice'} ai_training

Ctrl-C stops everything.`)
}

main().catch(giveUp)
