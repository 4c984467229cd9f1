// Bundles what other people's pages load into public/, holds each script to its size, and says the sizes in
// docs/banner.md. `--check` changes nothing and compares.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
/** Style sheets are written a rule a line, and shipped without the line ends. */
const styles = {
  name: 'styles',
  setup(builder) {
    builder.onLoad({ filter: /styles\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/(?<=`|[;{}])\n/g, ''),
      loader: 'ts',
    }))
  },
}

/**
 * Names of the banner's own, which neither pages nor the API ever see: shipped as one or two letters, the same in every
 * script, since they hand each other objects that have them.
 */
const own = [
  ...[
    'stateOf',
    'mayWithdraw',
    'isPlain',
    'isAlone',
    'drafts',
    'conflicts',
    'allows',
    'acceptAll',
    'rejectAll',
  ],
  ...['loadLayers', 'announce', 'movesFocus', 'namesGpcConflict', 'isPending', 'refuses', 'isNew', 'faults'],
  ...[
    'storageKey',
    'isShown',
    'speakFor',
    'sendAsDevice',
    'layers',
    'styles',
    'say',
    'escape',
    'shelf',
    'baseUrl',
  ],
  ...['look', 'refresh', 'answer', 'record', 'closed', 'keepToken', 'buttons', 'view'],
]
const mangleCache = Object.fromEntries(own.map((name, index) => [name, `$${index.toString(36)}`]))

/** `esm` where the banner imports it and calls what it exports. */
const scripts = [
  { entry: 'lib/banner/main.ts', target: 'public/banner.js', format: 'iife', gzipBytesMax: 9_000 },
  {
    entry: 'lib/banner/elements.ts',
    target: 'public/assent-elements.js',
    format: 'esm',
    gzipBytesMax: 6_000,
  },
  { entry: 'lib/web/identity.ts', target: 'public/assent-identity.js', format: 'esm', gzipBytesMax: 1_000 },
  { entry: 'lib/guard/main.ts', target: 'public/assent-guard.js', format: 'iife', gzipBytesMax: 2_000 },
  { entry: 'lib/blocks/main.ts', target: 'public/assent-blocks.js', format: 'iife', gzipBytesMax: 3_000 },
  {
    entry: 'lib/consent-mode/main.ts',
    target: 'public/assent-consent-mode.js',
    format: 'iife',
    gzipBytesMax: 1_000,
  },
]

const sizes = []
for (const { entry, target, format, gzipBytesMax } of scripts) {
  const { outputFiles } = await build({
    plugins: [styles],
    mangleProps: new RegExp(`^(${own.join('|')})$`),
    mangleCache,
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
  compareOrWrite(target, contents, entry)
  sizes.push(`| \`${target.replace('public/', '')}\` | ${gzipBytes} | ${gzipBytesMax} |`)
  process.stdout.write(`${target}: ${contents.length} bytes, ${gzipBytes} gzipped\n`)
}
const doc = 'docs/banner.md'
const [begin, end] = ['<!-- sizes -->\n', '\n<!-- /sizes -->']
const text = readFileSync(join(root, doc), 'utf8')
const table = ['| script | bytes, gzip | at most |', '|---|---|---|', ...sizes].join('\n')
compareOrWrite(doc, text.split(begin)[0] + begin + table + end + text.split(end)[1], 'this script')

function compareOrWrite(target, contents, source) {
  const path = join(root, target)
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(path), { recursive: true })
    return writeFileSync(path, contents)
  }
  if (readFileSync(path).equals(Buffer.from(contents))) return
  process.stderr.write(`${target} is not what ${source} makes: run node scripts/build-banner.mjs\n`)
  process.exit(1)
}
