import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export type RunningServer = {
  readonly process: ChildProcess
  readonly url: string
  readonly key: string
  readonly output: () => string
  /** SIGTERM, and its end. */
  stop(): Promise<number | null>
  /** Resolves when the process is gone. */
  readonly ended: Promise<number | null>
}

/** A key that every start of one data directory can share. */
export const makeBootstrapKey = () => `ask_${randomBytes(32).toString('base64url')}`

/** Starts the built server on a free port over `dataDir`; resolves once it answers questions. */
export async function startServer(
  dataDir: string,
  key: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<RunningServer> {
  const program = join(process.cwd(), 'dist/server.js')
  if (!existsSync(program))
    throw new Error('dist/server.js is missing: npm test builds it, or run npm start once')
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PORT: '0',
      DATABASE_URL: '',
      ASSENT_DATA_DIR: dataDir,
      ASSENT_SEED: 'starter',
      ASSENT_BOOTSTRAP_KEY: key,
      ASSENT_ADMIN_EMAIL: 'alice@example.com',
      ASSENT_ADMIN_PASSWORD: 'correct horse battery',
      NODE_ENV: 'production',
      ...env,
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  let hasEnded = false
  const ended = new Promise<number | null>((resolve) =>
    child.on('exit', (code) => {
      hasEnded = true
      resolve(code)
    }),
  )
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 50) {
    if (hasEnded) throw new Error(`the server ended at its start:\n${output}`)
    const url = /What it is +(\S+?)\/?\n/.exec(output)?.[1]
    if (url !== undefined && (await isReady(url))) {
      const stop = () => {
        child.kill('SIGTERM')
        return ended
      }
      return { process: child, url, key, output: () => output, stop, ended }
    }
    await delay(50)
  }
  child.kill('SIGKILL')
  throw new Error(`the server was not ready within a minute:\n${output}`)
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  )
}

/** The embedded PostgreSQL's process, as its data directory names it. */
export function postmasterPid(dataDir: string): number {
  return Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0])
}
