// `npm test`: installs what tests need and runs all of them. Ends with `N passed, N failed`. `--only=unit`, `e2e` or
// `check` runs a part; `--only=screens` takes the pictures of docs/screens instead. `--grep=` chooses among the e2e tests.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { bin, build, checkNode, fail, generate, install, root, run, show, step } from './bootstrap.mjs'

const only = process.argv.find((arg) => arg.startsWith('--only='))?.slice(7)
const grep = process.argv.find((arg) => arg.startsWith('--grep='))?.slice(7)
checkNode()
await install({ withTestTools: true })
await generate()
const count = { passed: 0, failed: 0 }
/** What failed and the first line of why, told at the very end: a log is read from there, and often cut before. */
const failures = []

if (only === undefined || only === 'check') {
  const { code } = await show(process.execPath, ['scripts/check.mjs'])
  count[code === 0 ? 'passed' : 'failed'] += 1
  if (code !== 0) failures.push('scripts/check.mjs')
}
if (only === undefined || only !== 'check') await build()
if (only === undefined || only === 'unit') await runUnit()
if (only === undefined || only === 'e2e') await runEndToEnd(['api', 'ui'])
if (only === 'screens') await runEndToEnd(['screens'])
for (const failure of failures) process.stdout.write(`failed: ${failure}\n`)
process.stdout.write(`\n${count.passed} passed, ${count.failed} failed\n`)
process.exit(count.failed === 0 && count.passed > 0 ? 0 : 1)

async function runUnit() {
  await ensureFaketime()
  const report = join(mkdtempSync(join(tmpdir(), 'assent-report-')), 'vitest.json')
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const { code } = await show(bin('vitest'), args)
  add(report, code, (result) => [
    result.numPassedTests,
    result.testResults.flatMap((file) => [
      ...file.assertionResults
        .filter((test) => test.status === 'failed')
        .map((test) => told(file.name, test.fullName, test.failureMessages[0])),
      ...(file.status === 'failed' && file.assertionResults.length === 0
        ? [told(file.name, '', file.message)]
        : []),
    ]),
  ])
}

async function runEndToEnd(projects) {
  const specs = existsSync(join(root, 'playwright.config.ts'))
  if (!specs) return fail('playwright.config.ts is missing')
  await ensureBrowser()
  const dataDir = mkdtempSync(join(tmpdir(), 'assent-e2e-'))
  const port = await freePort()
  // Where the tests start a provider to sign in with.
  const providerPort = await freePort()
  // And a server that takes mail.
  const smtpPort = await freePort()
  const key = `ask_${randomBytes(32).toString('base64url')}`
  const password = randomBytes(12).toString('base64url')
  const server = spawn(process.execPath, ['dist/server.js'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PORT: String(port),
      ASSENT_DATA_DIR: dataDir,
      ASSENT_BOOTSTRAP_KEY: key,
      ASSENT_ADMIN_EMAIL: 'alice@example.com',
      ASSENT_ADMIN_PASSWORD: password,
      ASSENT_OIDC_ISSUER: `http://127.0.0.1:${providerPort}`,
      ASSENT_OIDC_CLIENT_ID: 'assent',
      ASSENT_OIDC_CLIENT_SECRET: 'a-secret-for-tests-alone',
      ASSENT_OIDC_NAME: 'Test login',
      ASSENT_SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      ASSENT_MAIL_FROM: 'Privacy <privacy@example.com>',
      DATABASE_URL: '',
    },
  })
  const ended = new Promise((resolve) => server.on('exit', resolve))
  try {
    await waitFor(`http://localhost:${port}/readyz`, ended)
    const report = join(dataDir, 'playwright.json')
    const chosen = [
      ...projects.map((name) => `--project=${name}`),
      ...(grep === undefined ? [] : ['--grep', grep]),
    ]
    const { code } = await show(bin('playwright'), ['test', '--reporter=list,json', ...chosen], {
      env: {
        ...process.env,
        PLAYWRIGHT_JSON_OUTPUT_NAME: report,
        ASSENT_E2E_URL: `http://localhost:${port}`,
        ASSENT_E2E_KEY: key,
        ASSENT_E2E_EMAIL: 'alice@example.com',
        ASSENT_E2E_PASSWORD: password,
        ASSENT_E2E_OIDC_PORT: String(providerPort),
        ASSENT_E2E_SMTP_PORT: String(smtpPort),
      },
    })
    add(report, code, (result) => [
      result.stats.expected + result.stats.flaky,
      result.suites.flatMap(specsOf).flatMap((spec) => {
        const last = spec.tests.find((test) => test.status === 'unexpected')?.results.at(-1)
        return last === undefined ? [] : [told(`e2e/${spec.file}`, spec.title, last.error?.message)]
      }),
    ])
  } finally {
    server.kill('SIGTERM')
    await ended
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** A run that ended badly without naming a failed test still counts as one. */
function add(report, code, read) {
  const [passed, failed] = existsSync(report) ? read(JSON.parse(readFileSync(report, 'utf8'))) : [0, []]
  if (code !== 0 && failed.length === 0) failed.push(`a run that ended with ${code} and names no test`)
  count.passed += passed
  count.failed += failed.length
  failures.push(...failed)
}

function specsOf(suite) {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)]
}

function told(file, title, why = '') {
  return `${relative(root, resolve(root, file))} › ${title}: ${stripVTControlCharacters(why).split('\n')[0]}`
}

/** Debian's library that turns a process's clock; where it cannot be had, its test says that it is skipped. */
async function ensureFaketime() {
  const has = ['x86_64', 'aarch64'].some((name) => existsSync(`/usr/lib/${name}-linux-gnu/faketime`))
  if (has || process.getuid?.() !== 0) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update'], { env })
  await run('apt-get', ['install', '-y', '--no-install-recommends', 'faketime'], { env })
}

/** The machine's Chromium, else Playwright's own, else the system's package. */
async function ensureBrowser() {
  if (['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].some(existsSync)) return
  const own = await run(bin('playwright'), ['install', 'chromium'])
  if (own.code === 0) return
  const isRoot = process.getuid?.() === 0
  const apt = (args) => (isRoot ? ['apt-get', args] : ['sudo', ['-n', 'apt-get', ...args]])
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run(...apt(['update']), { env })
  await step(
    'Installing Chromium',
    ...apt(['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core']),
    { env },
  )
}

async function waitFor(url, ended) {
  let hasEnded = false
  ended.then(() => {
    hasEnded = true
  })
  for (let waitedMs = 0; waitedMs < 180_000; waitedMs += 250) {
    if (hasEnded) fail('the server ended before it was ready')
    try {
      if ((await fetch(url)).ok) return
    } catch {
      // not listening yet
    }
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
  fail('the server was not ready within three minutes')
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}
