import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { DatabaseAddress } from '../storage/database-address.ts'
import { serveUser, startEmbeddedPostgres } from '../storage/embedded/start-embedded-postgres.ts'

/** The database that is served, and the role that may change its schema. */
export type OpenDatabase = {
  readonly owner: DatabaseAddress
  readonly serve: DatabaseAddress
  /** Null where one role does both. */
  readonly serveUser: string | null
  stop(): Promise<void>
}

/** The given database, or the embedded one, which is started again whenever its process ends unasked. */
export async function openDatabase(options: {
  readonly given: DatabaseAddress | undefined
  readonly dataDir: string
  readonly log: Logger
}): Promise<OpenDatabase> {
  const { given, dataDir, log } = options
  if (given !== undefined) return { owner: given, serve: given, serveUser: null, stop: async () => undefined }
  const start = () => startEmbeddedPostgres({ dataDir, log: (line) => log.info({ postgres: line }) })
  let running = await start()
  let isStopping = false
  const supervise = () => {
    void running.exited.then(async () => {
      while (!isStopping) {
        log.error('the embedded PostgreSQL ended; starting it again')
        try {
          running = await start()
          supervise()
          return
        } catch (error) {
          log.error({ err: error }, 'the embedded PostgreSQL does not start')
          await delay(1_000)
        }
      }
    })
  }
  supervise()
  return {
    owner: running.owner,
    serve: running.serve,
    serveUser,
    async stop() {
      isStopping = true
      await running.stop()
    },
  }
}
