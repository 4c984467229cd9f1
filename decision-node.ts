import { mkdirSync } from 'node:fs'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { deriveKeys } from './lib/auth/derive-keys.ts'
import { loadSecretKey } from './lib/auth/secret-key.ts'
import { readDecisionNodeEnv } from './lib/env.ts'
import { claimDataDir } from './lib/server/data-dir-lock.ts'
import { openHttp } from './lib/server/open-http.ts'
import { openLog } from './lib/server/open-log.ts'
import { startingHandler } from './lib/server/starting-handler.ts'
import { isHopeless, whom, wireDecisionNode } from './lib/wire-decision-node.ts'

const againMs = 1_000

/**
 * Starts a node that only decides (`--role=decisions`): no database of its own, no pages, no writer. It waits for what
 * it follows, and until it has everything it is alive and not ready. Rejects where waiting does not help.
 */
export async function startDecisionNode(process_: {
  readonly root: string
  readonly say: (line: string) => void
  /** What must end, in the order it was begun. */
  readonly endings: (() => Promise<unknown> | unknown)[]
  readonly listen: (http: Server, port: number) => Promise<number>
  readonly isStopping: () => boolean
}): Promise<void> {
  const { say, endings } = process_
  const env = readDecisionNodeEnv()
  const listening = { handler: startingHandler(env.publicUrl) }
  const http = openHttp((request, response) => listening.handler(request, response))
  const port = await process_.listen(http, env.port)
  const localUrl = `http://localhost:${port}`
  const publicUrl = env.port === 0 ? localUrl : env.publicUrl
  mkdirSync(env.dataDir, { recursive: true })
  endings.push(claimDataDir(env.dataDir, localUrl).release)
  const { log } = openLog(env.dataDir)

  const secret = loadSecretKey({ key: env.secretKey, file: env.secretKeyFile, dataDir: env.dataDir })
  const node = await untilThere(
    () =>
      wireDecisionNode({
        ...env,
        publicUrl,
        keys: deriveKeys(secret.secret),
        secretSource: secret.source,
        migrations: join(process_.root, 'prisma/migrations'),
        log,
      }),
    process_,
  )
  if (node === undefined) return
  endings.push(() => node.close())
  listening.handler = node.api.handler
  const lane = node.api.openFastLane(http)
  endings.push(() => {
    http.close()
    lane.close()
    http.closeAllConnections()
  })
  say(`
Assent is running as a node that only decides.

  What it is       ${publicUrl}/
  It follows       ${whom(env.follows)}
  Is it ready?     ${publicUrl}/readyz

Ctrl-C stops it.`)
}

/** Undefined where this process is told to stop first. */
async function untilThere<Node>(
  start: () => Promise<Node>,
  { say, isStopping }: { readonly say: (line: string) => void; readonly isStopping: () => boolean },
): Promise<Node | undefined> {
  let said = ''
  while (!isStopping()) {
    try {
      return await start()
    } catch (error) {
      if (isHopeless(error)) throw error
      const why = `  Waiting for what this node follows: ${(error as Error).message}`
      if (why !== said) say(why)
      said = why
      await delay(againMs)
    }
  }
  return undefined
}
