// `npm run bench`: builds what is missing, then measures the product beside a bare server in one run.
import { build as bundle } from 'esbuild'
import { build, checkNode, generate, install, root, show } from './bootstrap.mjs'

checkNode()
await install({ withTestTools: false })
await generate()
const only = process.argv
  .find((arg) => arg.startsWith('--only='))
  ?.slice('--only='.length)
  .split(',')
await build({ withPages: only?.includes('mixed') ?? !process.argv.includes('--quick') })
await bundle({
  absWorkingDir: root,
  entryPoints: [
    'bench/run.ts',
    'bench/abuse.ts',
    'bench/bare-server.ts',
    'bench/beside.ts',
    'bench/select-server.ts',
    'bench/measure-snapshots.ts',
    'bench/faults/streams.ts',
    'bench/measure-workers.ts',
    'bench/faults/withdraw-then-ask.ts',
  ],
  outdir: 'dist/bench',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
})
const programs = {
  '--faults': 'faults/streams.js',
  '--snapshots': 'measure-snapshots.js',
  '--withdraw-then-ask': 'faults/withdraw-then-ask.js',
  '--workers': 'measure-workers.js',
}
const [, chosen = 'run.js'] = Object.entries(programs).find(([name]) => process.argv.includes(name)) ?? []
const program = `dist/bench/${chosen}`
const { code } = await show(process.execPath, [program, ...process.argv.slice(2)])
process.exit(code)
