// `npm run check`: types, lint, dead code and generated files. Exits 1 where one of them complains.
import { bin, checkNode, generate, install, run } from './bootstrap.mjs'

checkNode()
await install({ withTestTools: true })
await generate()
const checks = [
  ['types', 'tsc', ['--noEmit']],
  ['lint', 'biome', ['check', '--error-on-warnings', '.']],
  ['dead code', 'knip', ['--no-progress']],
  ['generated files', 'node', ['scripts/build-banner.mjs', '--check']],
]
let failed = 0
for (const [title, program, args] of checks) {
  const { code, output } = await run(program === 'node' ? process.execPath : bin(program), args)
  process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${title}\n`)
  if (code === 0) continue
  failed += 1
  process.stdout.write(`${output.slice(-6_000)}\n`)
}
process.exitCode = failed === 0 ? 0 : 1
