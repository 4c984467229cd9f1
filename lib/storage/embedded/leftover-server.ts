import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Ends a PostgreSQL that a killed Assent left running over `cluster`, and removes the pid file and the socket's lock of
 * one that is gone: PostgreSQL takes a process that nobody has waited for yet for a living one. A pid that now belongs to
 * another program is not touched.
 */
export async function endLeftoverServer(cluster: string, log: (line: string) => void): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid')
  const pid = readPid(pidFile)
  if (pid === undefined) return
  if (!isAlive(pid) || !isServerOf(pid, cluster)) {
    log(`removing the pid file of a PostgreSQL that is gone (pid ${pid})`)
    const socketLock = socketLockOf(pidFile)
    if (socketLock !== undefined && readPid(socketLock) === pid) rmSync(socketLock, { force: true })
    rmSync(pidFile, { force: true })
    return
  }
  log(`ending the PostgreSQL that an earlier start left running (pid ${pid})`)
  process.kill(pid, 'SIGINT')
  for (let waitedMs = 0; isAlive(pid); waitedMs += 50) {
    if (waitedMs === 20_000) process.kill(pid, 'SIGQUIT')
    if (waitedMs > 40_000)
      throw new Error(`the PostgreSQL with pid ${pid} does not end: end it and start again`)
    await delay(50)
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] !== 'Z'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Without /proc a process that takes signal 0 counts as alive.
    return code === 'EPERM' || (code === 'ENOENT' && process.platform !== 'linux')
  }
}

/** As the pid file names it: its fourth line is the port, its fifth the socket's directory. */
function socketLockOf(pidFile: string): string | undefined {
  const [, , , port, directory] = readFileSync(pidFile, 'utf8').split('\n')
  return port && directory ? join(directory, `.s.PGSQL.${port}.lock`) : undefined
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8').split('\n')[0])
    return Number.isSafeInteger(pid) && pid > 1 ? pid : undefined
  } catch {
    return undefined
  }
}

/** Where the system does not tell, a live pid is taken to be the server's: better to refuse than to corrupt. */
function isServerOf(pid: number, cluster: string): boolean {
  if (process.platform !== 'linux') return true
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return words.some((word) => word.endsWith('postgres')) && words.includes(cluster)
  } catch {
    return false
  }
}
