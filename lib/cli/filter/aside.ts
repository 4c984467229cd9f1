import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { usage } from '../exit-codes.ts'

/**
 * What a run writes, kept out of sight until all of it is there: files lie beside where they will be, in one directory
 * that is removed at the end, whatever the end is, an interrupt included.
 */
export class Aside {
  /** For files of the run's own, on the disk of the output. */
  readonly directory: string
  readonly #interrupt = (signal: NodeJS.Signals) => {
    this.close()
    process.exit(signal === 'SIGINT' ? 130 : 143)
  }

  constructor(out: string | undefined) {
    const target = out === undefined ? join(tmpdir(), 'assent-filter') : resolve(out)
    if (!existsSync(dirname(target))) throw usage(`There is no directory ${dirname(target)}.`)
    this.directory = join(dirname(target), `.${basename(target)}.${process.pid}.part`)
    mkdirSync(this.directory, { mode: 0o700 })
    process.once('SIGINT', this.#interrupt)
    process.once('SIGTERM', this.#interrupt)
  }

  path(name: string): string {
    return join(this.directory, name)
  }

  close(): void {
    process.off('SIGINT', this.#interrupt)
    process.off('SIGTERM', this.#interrupt)
    rmSync(this.directory, { recursive: true, force: true })
  }
}

/** Gives what lies at `path` its name, or writes it to standard output. A directory that holds something is left alone. */
export async function deliver(path: string, out: string | undefined): Promise<void> {
  if (out === undefined) {
    await pipeline(createReadStream(path), process.stdout, { end: false })
    return
  }
  renameSync(path, resolve(out))
}

/** Throws usage where a directory would be overwritten that holds something. */
export function checkTarget(out: string | undefined, isDirectory: boolean): void {
  if (out === undefined || !existsSync(resolve(out))) return
  const target = resolve(out)
  if (!statSync(target).isDirectory()) {
    if (isDirectory) throw usage(`${out} is a file; partitions need a directory.`)
    return
  }
  if (!isDirectory) throw usage(`${out} is a directory; name a file in it.`)
  if (readdirSync(target).length > 0) throw usage(`${out} is not empty; nothing in it is overwritten.`)
}
