import { dirname, normalize } from 'node:path'
import { readImports } from './read-imports.ts'

/** What a room of the code may import, besides itself. */
export type Room = {
  /** A folder, a file, or the beginning of a path; `type:` before it admits types alone. */
  readonly imports: readonly string[]
  /** Node's own modules. */
  readonly node: boolean
  /** Packages by name, sub-paths included; `type:` as above. */
  readonly packages: readonly string[]
}

const node = true
const noNode = false
/** Lists of words, without a rule in them, that pages show. */
const words = ['lib/domain/errors.ts', 'lib/domain/reasons.ts', 'lib/domain/decision-rows.ts']
const pages = ['lib/client', 'lib/web', 'lib/words', 'type:lib/domain', ...words]
const signedIn = ['lib/auth/next-auth.ts', 'lib/auth/require-member.ts', 'lib/auth/scopes.ts']
const react = ['react', 'next', 'next-auth', 'radix-ui', 'lucide-react']

/** Who may import whom. A room that is not here fails. */
export const rooms: Readonly<Record<string, Room>> = {
  'lib/domain': { imports: [], node: noNode, packages: [] },
  'lib/ledger': { imports: ['lib/domain'], node, packages: [] },
  'lib/decisions': { imports: ['lib/domain'], node, packages: [] },
  // The form in which one node gives to another what fills its index, at both ends of the wire.
  'lib/replica': {
    imports: ['lib/domain', 'type:lib/decisions/decisions.ts', 'type:lib/decisions/log-source.ts'],
    node,
    packages: [],
  },
  'lib/storage': {
    imports: [
      'lib/domain',
      'lib/ledger/ledger-store.ts',
      'lib/ledger/event-reader.ts',
      'type:lib/ledger/identifier-reader.ts',
      'type:lib/ledger/known-identifiers.ts',
      'type:lib/ledger/person-reader.ts',
      'lib/decisions/log-source.ts',
      'type:lib/decisions/decisions.ts',
      'type:lib/decisions/flips',
      'lib/replica',
      // The repositories' interfaces lie with those who use them.
      'lib/auth/member-store.ts',
      'type:lib/auth/second-factor-store.ts',
      'type:lib/auth/admin-store.ts',
      'type:lib/releases/release-store.ts',
      'type:lib/releases/flip-report-store.ts',
      'type:lib/api/filter-store.ts',
      'type:lib/api/recall-store.ts',
      'lib/api/consumer-store.ts',
      'type:lib/api/snapshot-store.ts',
      'type:lib/api/snippet-store.ts',
      'type:lib/api/public/pending-store.ts',
      'type:lib/api/people',
      'type:lib/api/key-store.ts',
      'type:lib/api/service-store.ts',
      'type:lib/api/regime-store.ts',
      'type:lib/api/usage/usage-store.ts',
      'type:lib/api/evidence',
      'type:lib/api/rooms/room-store.ts',
      'type:lib/api/looks/look-store.ts',
      'type:lib/api/comparisons/comparison-store.ts',
      'type:lib/api/overview/overview-store.ts',
      'type:lib/jobs/evidence-projection.ts',
    ],
    node,
    packages: ['pg', 'pg-copy-streams', '@prisma/adapter-pg', '@prisma/client'],
  },
  'lib/auth': {
    imports: ['lib/domain', 'lib/client', 'lib/env.ts'],
    node,
    packages: ['jose', 'next', 'next-auth', 'otpauth'],
  },
  'lib/api': {
    imports: [
      'lib/domain',
      'lib/ledger/ledger.ts',
      'lib/ledger/event-reader.ts',
      // The ledger's planning without the ledger: nothing is stored.
      'lib/ledger/simulate.ts',
      'type:lib/ledger/identifier-reader.ts',
      'type:lib/ledger/person-reader.ts',
      'type:lib/ledger/text-sealer.ts',
      // What snapshots are of: sealed where it is stored, opened where it is turned into join keys.
      'lib/ledger/known-identifiers.ts',
      'lib/snapshots',
      'lib/releases',
      'lib/decisions/decisions.ts',
      'lib/decisions/filter',
      'lib/decisions/flips',
      'type:lib/replica/replica-feed.ts',
      'type:lib/jobs/project-evidence.ts',
      'lib/auth',
      'lib/words',
      'lib/web/experience.ts',
    ],
    node,
    packages: ['hono', '@hono/node-server', '@hono/zod-openapi', 'prom-client', 'csv-stringify', 'type:pino'],
  },
  'lib/snapshots': {
    imports: ['lib/domain', 'type:lib/ledger/known-identifiers.ts', 'type:lib/decisions/decisions.ts'],
    node,
    packages: ['hyparquet-writer'],
  },
  // What is drafted, approved and published together.
  'lib/releases': {
    imports: [
      'lib/domain',
      'type:lib/ledger/ledger.ts',
      'type:lib/decisions/decisions.ts',
      'lib/decisions/flips',
    ],
    node,
    packages: [],
  },
  'lib/jobs': { imports: ['lib/domain', 'lib/ledger', 'lib/decisions'], node, packages: [] },
  'lib/config': {
    imports: ['lib/domain', 'type:lib/ledger/ledger.ts', 'type:lib/decisions/decisions.ts'],
    node,
    packages: [],
  },
  'lib/client': { imports: [], node: noNode, packages: [] },
  'lib/cli': {
    // A time in a file means what it means in a question: one parser.
    imports: ['lib/client', 'lib/env.ts', 'lib/domain/parse-instant.ts', 'lib/domain/content-usage.ts'],
    node,
    packages: ['@duckdb/node-api', 'yaml'],
  },
  'lib/mail': { imports: ['type:lib/api/public/mailer.ts'], node, packages: ['nodemailer'] },
  'lib/words': { imports: [], node: noNode, packages: ['intl-messageformat'] },
  'lib/web': { imports: [], node: noNode, packages: [] },
  'lib/guard': { imports: ['lib/web'], node: noNode, packages: [] },
  'lib/blocks': { imports: ['lib/web'], node: noNode, packages: [] },
  'lib/consent-mode': { imports: ['lib/web'], node: noNode, packages: [] },
  'lib/react': { imports: ['lib/web'], node: noNode, packages: ['react'] },
  'lib/banner': { imports: ['lib/web'], node: noNode, packages: [] },
  'lib/server': {
    imports: [
      'lib/storage',
      'lib/domain/errors.ts',
      'lib/api/problem.ts',
      // What is passed on between the processes of a node, and who called.
      'lib/api/peer-address.ts',
      'lib/api/public/places.ts',
      'type:lib/api/limits',
      'type:lib/domain',
      'type:lib/ledger/ledger.ts',
      'type:lib/decisions/decisions.ts',
      'type:lib/decisions/log-source.ts',
    ],
    node,
    packages: ['pino', 'maxmind'],
  },
  'lib/env.ts': { imports: [], node, packages: ['zod'] },
  'lib/wire.ts': { imports: ['lib/'], node, packages: ['type:pino'] },
  'lib/wire-decision-node.ts': { imports: ['lib/'], node, packages: ['type:pino'] },
  app: { imports: ['components', ...pages, ...signedIn], node: noNode, packages: react },
  components: {
    // A draft is shown in the banner's own layers: what is approved is what people will see.
    imports: [...pages, ...signedIn, 'lib/banner'],
    node: noNode,
    packages: [...react, 'cmdk', 'diff', 'qrcode.react', 'recharts', 'sonner'],
  },
  'decision-node.ts': { imports: ['lib/'], node, packages: [] },
  'server.ts': { imports: ['lib/', 'decision-node.ts'], node, packages: [] },
  'worker.ts': { imports: ['lib/'], node, packages: [] },
  'web.ts': { imports: ['lib/env.ts'], node, packages: ['next'] },
  'proxy.ts': { imports: ['lib/env.ts'], node: noNode, packages: ['next'] },
}

export type Exception = { readonly from: string; readonly to: string; readonly reason: string }

/** Single imports against the table, each with its reason. One that is no longer needed fails. */
export const exceptions: readonly Exception[] = [
  {
    from: 'lib/env.ts',
    to: 'lib/storage/database-address.ts',
    reason: 'A DATABASE_URL is validated with everything else; the module parses text and imports nothing.',
  },
]

/** The room a file belongs to: its folder under `lib`, `app`, `components`, or itself. */
export function roomOf(path: string): string {
  const [first, second] = path.split('/')
  return first === 'lib' ? `lib/${second}` : (first ?? path)
}

/** Tests and what they start may reach everywhere; the generated client is nobody's text. */
export function isExempt(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || path.includes('/testing/') || path.startsWith('lib/storage/prisma/')
}

/** A module an import names: a path from the root, `node:…`, or a package's name. */
export function targetOf(path: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(`${dirname(path)}/${specifier}`)
  if (specifier.startsWith('@/')) return specifier.slice(2)
  return specifier
}

export type Violation = { readonly line: number; readonly text: string }

/** The imports of one file that its room may not have, less the exceptions. */
export function findForbidden(
  path: string,
  source: string,
  excepted: readonly Exception[] = exceptions,
): readonly Violation[] {
  const name = roomOf(path)
  const room = rooms[name]
  if (room === undefined) return [{ line: 1, text: `${path}: the table of layers lacks ${name}` }]
  const own = excepted.filter(({ from }) => from === path).map(({ to }) => to)
  return readImports(path, source)
    .map((each) => ({ ...each, target: targetOf(path, each.specifier) }))
    .filter(
      ({ target, isTypeOnly }) =>
        !isAllowed(name, room, target, isTypeOnly) && !admits(own, target, isTypeOnly),
    )
    .map(({ target, line }) => ({ line, text: `${path}:${line} imports ${target}` }))
}

function isAllowed(name: string, room: Room, target: string, isTypeOnly: boolean): boolean {
  if (target.startsWith('node:')) return room.node
  if (isOfProject(target)) return roomOf(target) === name || admits(room.imports, target, isTypeOnly)
  return admits(room.packages, target, isTypeOnly)
}

const isOfProject = (target: string) =>
  /^(lib|app|components|tests|bench|e2e|scripts|prisma|public)(\/|$)/.test(target) ||
  /^[^@/]+\.[cm]?[jt]sx?$/.test(target)

function admits(allowed: readonly string[], target: string, isTypeOnly: boolean): boolean {
  return allowed.some((entry) => {
    const isForTypes = entry.startsWith('type:')
    const path = isForTypes ? entry.slice(5) : entry
    if (isForTypes && !isTypeOnly) return false
    return target === path || target.startsWith(/[/:]$/.test(path) ? path : `${path}/`)
  })
}
