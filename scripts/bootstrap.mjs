// What `npm start`, `npm test` and the checks share. No dependencies: it runs before anything is installed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stamps = join(root, 'node_modules/.assent')

/** Ends with a message where this Node is too old; nothing else would say so in words. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  fail(`Assent needs Node 20.19 or newer; this is ${process.versions.node}.`)
}

export function fail(message) {
  process.stderr.write(`\n${message}\n`)
  process.exit(1)
}

/** Runs a step, says so on one line with its time, and shows its output only if it fails. */
export async function step(title, program, args, options = {}) {
  const startedMs = Date.now()
  process.stdout.write(`  ${title} …`)
  const timer = process.stdout.isTTY ? setInterval(() => process.stdout.write('.'), 5_000) : undefined
  const { code, output } = await run(program, args, options)
  clearInterval(timer)
  process.stdout.write(` ${((Date.now() - startedMs) / 1000).toFixed(1)} s\n`)
  if (code !== 0) fail(`${title} failed (${[program, ...args].join(' ')}):\n\n${output.slice(-8_000)}`)
  return output
}

/** Runs a program to its end and keeps its output. */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options })
    let output = ''
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      output += text
    })
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      output += text
    })
    child.on('error', (error) => resolve({ code: 1, output: `${output}${error.message}` }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}

/** Runs a program whose output is for the reader, to its end. */
export function show(program, args, options = {}) {
  return run(program, args, { stdio: 'inherit', ...options })
}

/** Installs what is missing. `withTestTools` adds the packages only tests need. */
export async function install({ withTestTools }) {
  const lock = readFileSync(join(root, 'package-lock.json'))
  const wanted = digest([lock])
  const has = readStamp('install')
  if (has === `${wanted} all` || (has === wanted && !withTestTools)) return
  const args = ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
  if (!withTestTools) args.push('--omit=dev')
  const env = { ...process.env, NODE_ENV: '' }
  await step(withTestTools ? 'Installing packages and test tools' : 'Installing packages', 'npm', args, {
    env,
  })
  writeStamp('install', withTestTools ? `${wanted} all` : wanted)
}

/** Generates the database client where its schema has changed. */
export async function generate() {
  const wanted = digest([readFileSync(join(root, 'prisma/schema.prisma'))])
  if (readStamp('generate') === wanted && existsSync(join(root, 'lib/storage/prisma/client.ts'))) return
  // The generator is pure WebAssembly, but the command still looks for an engine it would have to download.
  const env = {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    ...process.env,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
  }
  await step('Generating the database client', bin('prisma'), ['generate'], { env })
  writeStamp('generate', wanted)
}

/** Bundles the server, the web process, the command line and the banner; builds the pages. */
export async function build({ withPages = true } = {}) {
  const server = sourceDigest(['server.ts', 'worker.ts', 'web.ts', 'lib'])
  if (readStamp('server') !== server || !existsSync(join(root, 'dist/server.js'))) {
    await step('Bundling the server', process.execPath, ['scripts/build-server.mjs'])
    await step('Building the banner', process.execPath, ['scripts/build-banner.mjs'])
    writeStamp('server', server)
  }
  if (!withPages) return
  const pages = sourceDigest([
    'app',
    'components',
    'lib',
    'next.config.ts',
    'postcss.config.mjs',
    'proxy.ts',
    'public',
  ])
  if (readStamp('pages') !== pages || !existsSync(join(root, '.next/BUILD_ID'))) {
    const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }
    await step('Building the pages', bin('next'), ['build'], { env })
    writeStamp('pages', pages)
  }
}

export const bin = (name) => join(root, 'node_modules/.bin', name)

function sourceDigest(paths) {
  const contents = [readFileSync(join(root, 'package-lock.json'))]
  const walk = (path) => {
    const full = join(root, path)
    if (!existsSync(full)) return
    if (!statSync(full).isDirectory()) {
      contents.push(path, readFileSync(full))
      return
    }
    for (const name of readdirSync(full).sort()) {
      if (!name.endsWith('.test.ts') && name !== 'prisma') walk(join(path, name))
    }
  }
  for (const path of paths) walk(path)
  return digest(contents)
}

function digest(contents) {
  const hash = createHash('sha256')
  for (const content of contents) hash.update(content).update('\0')
  return hash.digest('hex')
}

function readStamp(name) {
  const path = join(stamps, name)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function writeStamp(name, value) {
  mkdirSync(stamps, { recursive: true })
  writeFileSync(join(stamps, name), value)
}
