import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

/** `nobody` and its group, on every Linux. */
const unprivilegedId = 65534
const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(existsSync)

/** Whom the database's files must belong to; undefined where Assent itself does not run as root. */
export const databaseOwnerId = process.getuid?.() === 0 ? unprivilegedId : undefined

/**
 * Starts a program that refuses to run as root. As root it runs as `nobody`; where `setpriv` exists it keeps the
 * one capability that lets it reach its files below a directory that only root may enter.
 */
export function spawnUnprivileged(
  program: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  if (databaseOwnerId === undefined) return spawn(program, args, options)
  if (setpriv === undefined)
    return spawn(program, args, { ...options, uid: databaseOwnerId, gid: databaseOwnerId })
  const id = String(databaseOwnerId)
  return spawn(
    setpriv,
    [
      `--reuid=${id}`,
      `--regid=${id}`,
      '--clear-groups',
      '--inh-caps=+dac_override',
      '--ambient-caps=+dac_override',
      program,
      ...args,
    ],
    options,
  )
}
