import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from '../storage/embedded/leftover-server.ts'

/** What a running server says of itself in its data directory; the command line reads it. */
export type ServerFile = { readonly pid: number; readonly url: string }

/**
 * Claims a data directory for this process. Throws where another live server has it: two would share a database
 * whose process each takes for its own. A file left by a crash is passed over.
 */
export function claimDataDir(dataDir: string, url: string): { release(): void } {
  mkdirSync(dataDir, { recursive: true })
  const path = join(dataDir, 'server.json')
  const other = existsSync(path) ? readServerFile(path) : undefined
  if (other !== undefined && other.pid !== process.pid && isAlive(other.pid) && isNode(other.pid)) {
    throw new Error(
      `Assent already runs on ${dataDir}, at ${other.url} (pid ${other.pid}). Stop it first, or set ASSENT_DATA_DIR.`,
    )
  }
  const own: ServerFile = { pid: process.pid, url }
  writeFileSync(path, `${JSON.stringify(own)}\n`, { mode: 0o644 })
  return {
    release: () => {
      if (readServerFile(path)?.pid === process.pid) rmSync(path, { force: true })
    },
  }
}

function readServerFile(path: string): ServerFile | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ServerFile
  } catch {
    return undefined
  }
}

/** A pid may have gone to another program since a crash. */
function isNode(pid: number): boolean {
  if (process.platform !== 'linux') return true
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('server.js')
  } catch {
    return false
  }
}
