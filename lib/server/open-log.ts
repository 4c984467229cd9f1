import { join } from 'node:path'
import pino, { type Logger } from 'pino'

/**
 * The log of a process that answers, in its data directory, and how such a process ends at once: where it can no longer
 * answer truly, and at whatever nobody caught.
 */
export function openLog(dataDir: string): { readonly log: Logger; readonly fatal: (error: unknown) => void } {
  const log = pino({ level: 'info' }, pino.destination({ dest: join(dataDir, 'assent.log'), sync: false }))
  const fatal = (error: unknown) => {
    log.fatal({ err: error }, 'this process can no longer answer truly')
    process.stderr.write(`\nAssent ends: ${(error as Error).message}\n`)
    process.exit(70)
  }
  process.on('uncaughtException', fatal)
  process.on('unhandledRejection', fatal)
  return { log, fatal }
}
