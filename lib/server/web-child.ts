import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { setPriority } from 'node:os'
import type { Logger } from 'pino'
import { problemOf } from '../api/problem.ts'
import { AssentError } from '../domain/errors.ts'

/** The web process, behind the api's port. */
export type WebChild = {
  /** Passes a request on; answers 502 where the pages are away. */
  readonly proxy: (request: IncomingMessage, response: ServerResponse) => void
  stop(): Promise<void>
}

/** Headers that speak of one connection (RFC 9110 §7.6.1), never passed on. */
const hopByHop = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'proxy-connection',
  'te',
  'trailer',
]
/** Only the server itself may speak with these. */
const reserved = ['assent-session', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto']

/** Where all cores are busy, decisions go before pages: a page then has a tenth of the share that the api has. */
const niceness = 10

/**
 * Starts the web process with nothing in its environment but what it needs: no database, no keys. One that dies
 * is started again, a second later each time, at most every 30 s.
 */
export function startWebChild(options: {
  readonly program: string
  readonly socket: string
  readonly env: Readonly<Record<string, string>>
  readonly publicUrl: string
  readonly log: Logger
}): WebChild {
  const { host, protocol } = new URL(options.publicUrl)
  let child: ChildProcess | undefined
  let isStopping = false
  let deaths = 0
  const start = () => {
    rmSync(options.socket, { force: true })
    const started = spawn(process.execPath, ['--enable-source-maps', options.program], {
      env: { ...options.env } as NodeJS.ProcessEnv,
      // The channel closes when this process ends, however it ends, and the child ends with it.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    child = started
    yieldTo(started.pid)
    for (const stream of [started.stdout, started.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => options.log.info({ web: text.trimEnd() }))
    }
    started.on('exit', (code, signal) => {
      if (isStopping) return
      deaths += 1
      options.log.error({ code, signal }, 'the web process ended; starting it again')
      setTimeout(start, Math.min(deaths, 30) * 1_000).unref()
    })
  }
  start()

  return {
    proxy(incoming, outgoing) {
      const headers = { ...incoming.headers }
      for (const name of [...hopByHop, ...reserved]) delete headers[name]
      headers['x-forwarded-host'] = host
      headers['x-forwarded-proto'] = protocol.slice(0, -1)
      const passed = request(
        { socketPath: options.socket, method: incoming.method, path: incoming.url, headers },
        (answer) => {
          const answered = { ...answer.headers }
          for (const name of hopByHop) delete answered[name]
          outgoing.writeHead(answer.statusCode ?? 502, answered)
          answer.pipe(outgoing)
          answer.on('error', () => outgoing.destroy())
        },
      )
      passed.on('error', () => {
        if (outgoing.headersSent) return void outgoing.destroy()
        const away = new AssentError(
          'web_unavailable',
          'The pages are not up yet. Please try again in a moment.',
        )
        const { status, headers: said, body } = problemOf(away, options)
        const isPerson = incoming.headers.accept?.includes('text/html') === true
        outgoing.writeHead(status, {
          ...said,
          'Retry-After': '2',
          ...(isPerson ? { 'Content-Type': 'text/plain; charset=utf-8' } : {}),
        })
        outgoing.end(isPerson ? `${away.message}\n` : body)
      })
      outgoing.on('close', () => passed.destroy())
      incoming.pipe(passed)
    },
    async stop() {
      isStopping = true
      const running = child
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => running.kill('SIGKILL'), 5_000)
        running.once('exit', () => {
          clearTimeout(timer)
          resolve()
        })
        running.kill('SIGTERM')
      })
    },
  }
}

/** Where the system does not take it, nothing is lost but the order. */
function yieldTo(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, niceness)
  } catch {}
}
