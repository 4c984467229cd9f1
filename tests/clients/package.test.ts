import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const source = join(process.cwd(), 'clients/typescript')
let home: string
let installed: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'assent-package-'))
  installed = join(home, 'node_modules/@assent/client')
  mkdirSync(installed, { recursive: true })
  writeFileSync(join(installed, 'package.json'), readFileSync(join(source, 'package.json')))
  const out = join(installed, 'dist')
  execFileSync(process.execPath, [join(source, 'build.mjs'), `--out=${out}`], { stdio: 'inherit' })
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('the package @assent/client', () => {
  test('has what its description names, and needs nothing else', () => {
    const { exports, dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
    for (const path of Object.values<string>(exports['.']))
      expect(existsSync(join(installed, path))).toBe(true)
    expect(dependencies).toBeUndefined()
    expect(readFileSync(join(installed, 'dist/index.js'), 'utf8')).not.toMatch(/^import |\brequire\(|node:/m)
  })

  test('runs in Node, and says no where nobody answers', () => {
    const program = `
      import { createAssent } from '@assent/client'
      const assent = createAssent({ url: 'http://127.0.0.1:9', key: 'ask_', timeoutMs: 300 })
      const { allowed, reason } = await assent.check({ subject: 'user:alice', purpose: 'ai_training' })
      console.log(allowed, reason)`
    writeFileSync(join(home, 'ask.mjs'), program)
    expect(execFileSync(process.execPath, ['ask.mjs'], { cwd: home, encoding: 'utf8' })).toBe(
      'false unreachable\n',
    )
  })

  test('has types that a strict project takes, under either way of finding modules', () => {
    const program = `
      import { type CheckQuestion, createAssent, type Decided } from '@assent/client'
      const assent = createAssent({ url: 'http://127.0.0.1:9', key: 'ask_' })
      export const ask = (question: CheckQuestion): Promise<Decided> => assent.check(question)
      export async function* keep(records: AsyncIterable<{ id: number }>) {
        yield* assent.filter(records, { purpose: 'x', subject: 'user:id', collectedAt: 'at' })
      }
      // @ts-expect-error a question is about somebody
      assent.check({ purpose: 'x' })`
    writeFileSync(join(home, 'use.ts'), program)
    symlinkSync(join(process.cwd(), 'node_modules/@types'), join(home, 'node_modules/@types'))
    const tsc = join(process.cwd(), 'node_modules/typescript/bin/tsc')
    for (const [module, resolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ] as const) {
      const options = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2023,dom,dom.iterable']
      const modules = ['--module', module, '--moduleResolution', resolution, 'use.ts']
      writeFileSync(join(home, 'package.json'), '{"type":"module"}')
      execFileSync(process.execPath, [tsc, ...options, '--types', 'node', ...modules], {
        cwd: home,
        stdio: 'inherit',
      })
    }
  })
})
