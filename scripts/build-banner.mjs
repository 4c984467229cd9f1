// Bundles lib/banner into public/banner.js and holds it to its size. `--check` changes nothing and compares.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const target = join(root, 'public/banner.js')
const gzipBytesMax = 9_000

const { outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ['lib/banner/main.ts'],
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  write: false,
})
const [{ contents }] = outputFiles
const gzipBytes = gzipSync(contents, { level: 9 }).length
if (gzipBytes > gzipBytesMax) {
  process.stderr.write(
    `public/banner.js has ${gzipBytes} bytes gzipped; at most ${gzipBytesMax} are allowed.\n`,
  )
  process.exit(1)
}
if (process.argv.includes('--check')) {
  if (!readFileSync(target).equals(Buffer.from(contents))) {
    process.stderr.write(
      'public/banner.js is not what lib/banner builds: run node scripts/build-banner.mjs\n',
    )
    process.exit(1)
  }
} else {
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, contents)
}
process.stdout.write(`public/banner.js: ${contents.length} bytes, ${gzipBytes} gzipped\n`)
