import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = process.cwd()
const source = join(root, 'clients/react')
let home: string
let installed: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'assent-react-'))
  installed = join(home, 'node_modules/@assent/react')
  mkdirSync(installed, { recursive: true })
  writeFileSync(join(installed, 'package.json'), readFileSync(join(source, 'package.json')))
  execFileSync(process.execPath, [join(source, 'build.mjs'), `--out=${join(installed, 'dist')}`], {
    stdio: 'inherit',
  })
  for (const name of ['react', 'react-dom', 'scheduler', '@types', 'csstype']) {
    symlinkSync(join(root, 'node_modules', name), join(home, 'node_modules', name))
  }
  writeFileSync(join(home, 'package.json'), '{"type":"module"}')
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

describe('the package @assent/react', () => {
  test('has what its description names, and needs React alone', () => {
    const { exports, dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
    for (const path of Object.values<string>(exports['.']))
      expect(existsSync(join(installed, path))).toBe(true)
    expect(dependencies).toBeUndefined()
    const code = readFileSync(join(installed, 'dist/index.js'), 'utf8')
    expect(code.split('\n')[0]).toBe("'use client'")
    const needed = [...code.matchAll(/\bfrom ["']([^"']+)["']/g)].map(([, name]) => name)
    expect(needed.filter((name) => !['react', 'react/jsx-runtime'].includes(name ?? ''))).toEqual([])
  })

  // What a server renders is what every browser begins with: no, whoever she is.
  test('renders no on a server', () => {
    const program = `
      import { createElement as h } from 'react'
      import { renderToString } from 'react-dom/server'
      import { AssentAsk, AssentPreferences, AssentProvider, IfAllowed } from '@assent/react'
      const fallback = h('p', null, 'no')
      console.log(renderToString(
        h(AssentProvider, { origin: 'https://consent.example.com', property: 'demo' },
          h(IfAllowed, { purpose: 'analytics', fallback }, h('p', null, 'yes')),
          h(AssentAsk, { purpose: 'ai_training' }), h(AssentPreferences))))`
    writeFileSync(join(home, 'render.mjs'), program)
    expect(execFileSync(process.execPath, ['render.mjs'], { cwd: home, encoding: 'utf8' }).trim()).toBe(
      '<p>no</p><assent-ask purpose="ai_training"></assent-ask><assent-preferences></assent-preferences>',
    )
  })

  test('has types that a strict project takes', () => {
    const program = `
      import { AssentAsk, AssentPreferences, AssentProvider, IfAllowed, useConsent } from '@assent/react'
      export function App() {
        const isAllowed: boolean = useConsent('analytics')
        return (
          <AssentProvider origin="https://consent.example.com" property="demo" locale="de">
            <IfAllowed purpose="analytics" fallback={<p>{String(isAllowed)}</p>}>yes</IfAllowed>
            <AssentAsk purpose="ai_training" />
            <AssentPreferences />
          </AssentProvider>
        )
      }
      // @ts-expect-error it asks for a property
      export const wrong = <AssentProvider origin="https://consent.example.com" />`
    writeFileSync(join(home, 'use.tsx'), program)
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const options = ['--strict', '--noEmit', '--jsx', 'react-jsx', '--target', 'es2022', '--types', 'react']
    const modules = ['--module', 'esnext', '--moduleResolution', 'bundler', 'use.tsx']
    execFileSync(process.execPath, [tsc, ...options, ...modules], { cwd: home, stdio: 'inherit' })
  })
})
