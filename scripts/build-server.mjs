// Bundles what runs in Node: packages stay outside, the project's own modules become one file each.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from './bootstrap.mjs'

const entries = { server: 'server.ts', worker: 'worker.ts', web: 'web.ts', assent: 'lib/cli/main.ts' }
await build({
  entryPoints: Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(join(root, path)))),
  absWorkingDir: root,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  packages: 'external',
  sourcemap: true,
  logLevel: 'warning',
})
