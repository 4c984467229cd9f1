import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export type RunningServer = {
  readonly url: string
  readonly port: number
  readonly pid: number
  readonly dataDir: string
  /** Every scope. */
  readonly bootstrapKey: string
  readonly keys: readonly string[]
  stop(): Promise<void>
}

const keyCount = 100

/** The built product over its demo data, in a directory of its own, with `env` besides. */
export async function startServer(env: Readonly<Record<string, string>> = {}): Promise<RunningServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'assent-bench-'))
  const bootstrapKey = `ask_${randomBytes(32).toString('base64url')}`
  const nodeArgs = (process.env.BENCH_NODE_ARGS ?? '').split(' ').filter((arg) => arg !== '')
  const server = spawn(process.execPath, [...nodeArgs, 'dist/server.js'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      PORT: '0',
      ASSENT_DATA_DIR: dataDir,
      ASSENT_BOOTSTRAP_KEY: bootstrapKey,
      ASSENT_SEED: 'demo',
      DATABASE_URL: '',
      NODE_ENV: 'production',
      ...env,
    },
  })
  const stop = async () => {
    server.kill('SIGTERM')
    if (server.exitCode === null) await new Promise((resolve) => server.on('exit', resolve))
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    const url = await printed(server, /What it is +(\S+?)\/\n/)
    const keys = await makeKeys(url, bootstrapKey)
    return { url, port: Number(new URL(url).port), pid: server.pid!, dataDir, bootstrapKey, keys, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The reference: bare node:http, answering `bytes` bytes. */
export async function startBare(bytes: number): Promise<{ readonly port: number; stop(): void }> {
  const bare = spawn(process.execPath, ['dist/bench/bare-server.js', String(bytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { port: Number(await printed(bare, /port (\d+)/)), stop: () => void bare.kill('SIGTERM') }
}

/** CPU time of a process so far, in microseconds, to a hundredth of a second; 0 where the system does not tell. */
export function cpuMicros(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10_000
  } catch {
    return 0
  }
}

/** Resident memory of a process in MB; 0 where the system does not tell. */
export function residentMb(pid: number): number {
  try {
    const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(found?.[1] ?? 0) / 1_024
  } catch {
    return 0
  }
}

/** A hundred keys that may ask and write. */
export function makeKeys(url: string, bootstrapKey: string): Promise<readonly string[]> {
  return Promise.all(Array.from({ length: keyCount }, () => makeKey(url, bootstrapKey)))
}

async function makeKey(url: string, bootstrapKey: string): Promise<string> {
  const response = await fetch(`${url}/v1/keys`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${bootstrapKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'Bench', scopes: ['decisions:read', 'consents:write', 'changes:read'] }),
  })
  return ((await response.json()) as { key: string }).key
}

/** What `form` finds first in what a process prints. */
export async function printed(child: ChildProcess, form: RegExp): Promise<string> {
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  for (let waitedMs = 0; waitedMs < 120_000; waitedMs += 50) {
    const found = form.exec(output)?.[1]
    if (found !== undefined) return found
    if (child.exitCode !== null) throw new Error(`a process ended before it was ready:\n${output}`)
    await delay(50)
  }
  throw new Error(`a process was not ready in two minutes:\n${output}`)
}
