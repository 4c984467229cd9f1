import { execFileSync } from 'node:child_process'
import { cpSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findPostgresBinaries, mendLinks } from './postgres-binaries.ts'

let copy: string
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'assent-binaries-'))
  cpSync(dirname(dirname(dirname(findPostgresBinaries().postgres))), copy, {
    recursive: true,
    verbatimSymlinks: true,
  })
})
afterAll(() => rmSync(copy, { recursive: true, force: true }))

test('links that a blocked install script did not make are mended, and the server runs', () => {
  const lib = join(copy, 'native/lib')
  const links = readdirSync(lib).filter((name) => lstatSync(join(lib, name)).isSymbolicLink())
  expect(links.length).toBeGreaterThan(0)
  for (const name of links) rmSync(join(lib, name))
  expect(mendLinks(copy)).toBe(links.length)
  expect(mendLinks(copy)).toBe(0)
  const version = execFileSync(join(copy, 'native/bin/postgres'), ['--version'], { encoding: 'utf8' })
  expect(version).toMatch(/^postgres \(PostgreSQL\) 18/)
})
