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
    'bench/faults/streams.ts',
  ],
  outdir: 'dist/bench',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
})
const program = process.argv.includes('--faults') ? 'dist/bench/faults/streams.js' : 'dist/bench/run.js'
const { code } = await show(process.execPath, [program, ...process.argv.slice(2)])
process.exit(code)
