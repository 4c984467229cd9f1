// `npm start`: from a fresh clone to a running Assent. Does only what is missing.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build, checkNode, generate, install, root } from './bootstrap.mjs'

checkNode()
process.stdout.write('Assent\n')
await install({ withTestTools: false })
await generate()
// With --dev the pages are built as they are asked for.
const isDevelopment = process.argv.includes('--dev')
// A node that only decides has none.
const role = process.argv.find((arg) => arg.startsWith('--role='))
await build({ withPages: !isDevelopment && role !== '--role=decisions' })

// The index is read at random: huge pages, which glibc then asks for, save a third of each read outside the caches.
const env = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1', ...process.env }
// The server ends what it started; both get the terminal's Ctrl-C, so this process only waits.
const server = spawn(
  process.execPath,
  [
    '--enable-source-maps',
    join(root, 'dist/server.js'),
    ...(isDevelopment ? ['--dev'] : []),
    ...(role === undefined ? [] : [role]),
  ],
  {
    cwd: root,
    env,
    stdio: 'inherit',
  },
)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) server.kill('SIGTERM')
  })
}
server.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGTERM' ? 0 : 1)))
