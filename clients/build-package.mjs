// Builds a package of this folder: one ES module, and its types. `--out=<directory>` puts them elsewhere;
// `--without-types` leaves the types out.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'

/** `here` is the package's folder; `options` go to esbuild besides. Ends the process where the types cannot be made. */
export async function buildPackage(here, options = {}) {
  const given = process.argv.find((arg) => arg.startsWith('--out='))?.slice(6)
  const out = given === undefined ? join(here, 'dist') : resolve(given)
  rmSync(out, { recursive: true, force: true })
  await build({
    absWorkingDir: here,
    entryPoints: ['index.ts'],
    outfile: join(out, 'index.js'),
    bundle: true,
    platform: 'neutral',
    target: 'es2022',
    format: 'esm',
    ...options,
  })
  if (process.argv.includes('--without-types')) return
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const types = spawnSync(process.execPath, [tsc, '-p', here, '--outDir', out], { stdio: 'inherit' })
  if (types.status !== 0) process.exit(types.status ?? 1)
  // Declarations name their neighbours as sources do; those who use the package have none.
  for (const path of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.d.ts')) continue
    const file = join(out, path)
    writeFileSync(file, readFileSync(file, 'utf8').replace(/(from '\.[^']*)\.tsx?'/g, "$1.js'"))
  }
}
