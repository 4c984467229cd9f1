// Bundles what other people's pages load into public/, and holds each script to its size. `--check` changes nothing and
// compares.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** `esm` where the banner imports it and calls what it exports. */
const scripts = [
  { entry: 'lib/banner/main.ts', target: 'public/banner.js', format: 'iife', gzipBytesMax: 9_000 },
  {
    entry: 'lib/banner/elements.ts',
    target: 'public/assent-elements.js',
    format: 'esm',
    gzipBytesMax: 6_000,
  },
  { entry: 'lib/guard/main.ts', target: 'public/assent-guard.js', format: 'iife', gzipBytesMax: 2_000 },
  { entry: 'lib/blocks/main.ts', target: 'public/assent-blocks.js', format: 'iife', gzipBytesMax: 3_000 },
  {
    entry: 'lib/consent-mode/main.ts',
    target: 'public/assent-consent-mode.js',
    format: 'iife',
    gzipBytesMax: 1_000,
  },
]

for (const { entry, target, format, gzipBytesMax } of scripts) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format,
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    write: false,
  })
  const [{ contents }] = outputFiles
  const gzipBytes = gzipSync(contents, { level: 9 }).length
  if (gzipBytes > gzipBytesMax) {
    process.stderr.write(`${target} has ${gzipBytes} bytes gzipped; at most ${gzipBytesMax} are allowed.\n`)
    process.exit(1)
  }
  const path = join(root, target)
  if (process.argv.includes('--check')) {
    if (!readFileSync(path).equals(Buffer.from(contents))) {
      process.stderr.write(`${target} is not what ${entry} builds: run node scripts/build-banner.mjs\n`)
      process.exit(1)
    }
  } else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, contents)
  }
  process.stdout.write(`${target}: ${contents.length} bytes, ${gzipBytes} gzipped\n`)
}
