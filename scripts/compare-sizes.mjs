// What a page loads to ask, gzipped, beside the two consent banners that the npm registry has most of: run
// `node scripts/compare-sizes.mjs`. It fetches their packages, and prints a table.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), 'assent-sizes-'))
const sizeOf = (path) => gzipSync(readFileSync(path), { level: 9 }).length

/** A published package, unpacked; answers its folder and version. */
function fetchPackage(name) {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', name, '--json', '--silent'], { cwd: folder, encoding: 'utf8' }),
  )
  const path = join(folder, name)
  execFileSync('mkdir', ['-p', path])
  execFileSync('tar', ['-xzf', join(folder, packed.filename), '-C', path])
  return { path: join(path, 'package'), version: packed.version }
}

try {
  const ours = (...names) => names.map((name) => join(root, 'public', name))
  const rows = [
    { what: 'Assent, the banner with its style', files: ours('banner.js') },
    { what: 'Assent, the guard', files: ours('assent-guard.js') },
    { what: 'Assent, blocking, where it is used', files: ours('assent-blocks.js') },
    { what: 'Assent, elements, where they are used', files: ours('assent-elements.js') },
    { what: 'Assent, Consent Mode, where it is used', files: ours('assent-consent-mode.js') },
  ]
  const cookieConsent = fetchPackage('vanilla-cookieconsent')
  rows.push({
    what: `vanilla-cookieconsent ${cookieConsent.version}, script and style`,
    files: ['cookieconsent.umd.js', 'cookieconsent.css'].map((name) =>
      join(cookieConsent.path, 'dist', name),
    ),
  })
  const klaro = fetchPackage('klaro')
  rows.push({ what: `klaro ${klaro.version}, with its style`, files: [join(klaro.path, 'dist/klaro.js')] })
  process.stdout.write('| what a page loads | bytes, gzip |\n|---|---|\n')
  for (const { what, files } of rows) {
    const bytes = files.reduce((sum, file) => sum + sizeOf(file), 0)
    process.stdout.write(`| ${what} | ${bytes.toLocaleString('en')} |\n`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
