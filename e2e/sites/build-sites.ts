import { spawn } from 'node:child_process'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { type Addresses, withAddresses } from './from-document.ts'

const root = process.cwd()
const sites = join(root, 'e2e/sites')

/** The React site as one script, as the document shows it. */
export async function buildReactSite(addresses: Addresses): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(sites, 'react/main.tsx')],
    bundle: true,
    write: false,
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: { '@assent/react': join(root, 'clients/react/index.ts') },
  })
  return withAddresses(outputFiles[0]!.text, addresses)
}

/** The Next.js site, built: each file by the path it is asked for, and the paths of the pages that are static. */
export async function buildNextSite({ assent, property }: Addresses) {
  const site = join(sites, 'next')
  const installed = join(site, 'node_modules/@assent/react')
  await run(join(root, 'clients/react/build.mjs'), [`--out=${join(installed, 'dist')}`, '--without-types'])
  cpSync(join(root, 'clients/react/package.json'), join(installed, 'package.json'))
  await run(join(root, 'node_modules/next/dist/bin/next'), ['build', site], {
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    NEXT_PUBLIC_ASSENT_ORIGIN: assent,
    NEXT_PUBLIC_ASSENT_PROPERTY: property,
  })
  const built = join(site, '.next')
  const chunks = readdirSync(join(built, 'static'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js'))
    .map((path) => [`/_next/static/${path}`, readFileSync(join(built, 'static', path), 'utf8')] as const)
  const { routes } = JSON.parse(readFileSync(join(built, 'prerender-manifest.json'), 'utf8'))
  return {
    files: new Map([...chunks, ['/', readFileSync(join(built, 'server/app/index.html'), 'utf8')]]),
    staticPages: Object.keys(routes),
  }
}

async function run(program: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const code = await new Promise((resolve) => child.on('exit', resolve))
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
}
