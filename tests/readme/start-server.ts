import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export type RunningServer = {
  readonly port: number
  readonly dataDir: string
  /** Ends the server and removes its data. */
  stop(): Promise<void>
}

/** The built server as an operator starts it, with a data directory and a port of its own. */
export async function startServer(env: Readonly<Record<string, string>>): Promise<RunningServer> {
  const program = join(root, 'dist/server.js')
  if (!existsSync(program)) {
    throw new Error('dist/server.js is missing: npm test builds it, or node scripts/build-server.mjs')
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'assent-readme-'))
  const port = await freePort()
  const server = spawn(process.execPath, [program], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DATABASE_URL: '', ...env, PORT: String(port), ASSENT_DATA_DIR: dataDir },
  })
  let said = ''
  for (const stream of [server.stdout, server.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  }
  const stop = async () => {
    await end(server)
    rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await waitUntilReady(port, server, () => said)
  } catch (error) {
    await stop()
    throw error
  }
  return { port, dataDir, stop }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null

async function end(server: ChildProcess): Promise<void> {
  if (hasEnded(server)) return
  const ended = new Promise((resolve) => server.once('exit', resolve))
  server.kill('SIGTERM')
  await ended
}

async function waitUntilReady(port: number, server: ChildProcess, said: () => string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 90_000; waitedMs += 100) {
    if (hasEnded(server)) throw new Error(`the server ended at its start:\n${said()}`)
    const answer = await fetch(`http://localhost:${port}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    await delay(100)
  }
  throw new Error(`the server was not ready within 90 s:\n${said()}`)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      )
    })
  })
}
