// `npm run bench`: builds what is missing, then measures the product beside a bare server in one run.
import { build as bundle } from 'esbuild'
import { build, checkNode, generate, install, root, show } from './bootstrap.mjs'

checkNode()
await install({ withTestTools: false })
await generate()
await build({ withPages: false })
await bundle({
  absWorkingDir: root,
  entryPoints: [
    'bench/run.ts',
    'bench/bare-server.ts',
    'bench/memory-server.ts',
    'bench/select-server.ts',
    'bench/measure-snapshots.ts',
    'bench/faults/streams.ts',
  ],
  outdir: 'dist/bench',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
})
const other = { '--faults': 'faults/streams.js', '--snapshots': 'measure-snapshots.js' }
const asked = Object.keys(other).find((name) => process.argv.includes(name))
const program = `dist/bench/${asked === undefined ? 'run.js' : other[asked]}`
const { code } = await show(process.execPath, [program, ...process.argv.slice(2)])
process.exit(code)
