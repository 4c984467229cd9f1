import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endLeftoverServer } from './leftover-server.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'assent-leftover-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

/** The pid of a process that has ended. */
const gonePid = () => spawnSync(process.execPath, ['--version']).pid

// PostgreSQL itself refuses to start over a lock whose process is dead but was never waited for.
test.each([
  { name: 'of the server that is gone is removed with its pid file', isOwn: true },
  { name: 'of another server stays', isOwn: false },
])('a socket’s lock $name', async ({ isOwn }) => {
  const pid = gonePid()
  const pidFile = join(dir, 'postmaster.pid')
  const lock = join(dir, '.s.PGSQL.5432.lock')
  writeFileSync(pidFile, `${pid}\n${dir}\n1764000000\n5432\n${dir}\n\n`)
  writeFileSync(lock, `${isOwn ? pid : process.pid}\n`)
  await endLeftoverServer(dir, () => undefined)
  expect(existsSync(pidFile)).toBe(false)
  expect(existsSync(lock)).toBe(!isOwn)
})
