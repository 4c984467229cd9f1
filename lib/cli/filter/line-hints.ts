import { writeFileSync } from 'node:fs'
import { Transform } from 'node:stream'
import { countKnown, figure, hintMax, usualNamespaces } from '../tables/hints.ts'
import { idsOf } from './kept-subjects.ts'
import type { Run } from './run.ts'

const headBytes = 16 * 1_048_576

/** Passes bytes on and remembers the first of them. */
export class Head extends Transform {
  readonly #chunks: Buffer[] = []
  #bytes = 0

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void) {
    if (this.#bytes < headBytes) this.#chunks.push(Buffer.from(chunk.subarray(0, headBytes - this.#bytes)))
    this.#bytes += chunk.length
    done(null, chunk)
  }

  /** The lines that are whole. */
  lines(): readonly string[] {
    const lines = Buffer.concat(this.#chunks).toString('utf8').split('\n')
    return this.#bytes > headBytes ? lines.slice(0, -1) : lines
  }
}

/** Where most records are about people nobody recorded: under which other namespace the first ids are known. */
export async function hintsOfLines(run: Run, lines: readonly string[]): Promise<readonly string[]> {
  const { options, aside } = run
  const hints: string[] = []
  for (const namespace of new Set(options.subjects.map((subject) => subject.namespace))) {
    const paths = options.subjects.filter((each) => each.namespace === namespace).map(({ path }) => path)
    const ids = new Set<string>()
    for (const line of lines) {
      for (const id of idsOf(line, paths) ?? []) if (ids.size < hintMax) ids.add(id)
      if (ids.size === hintMax) break
    }
    if (ids.size === 0) continue
    const file = aside.path('sample')
    writeFileSync(file, [...ids].map((id) => `${id}\n`).join(''))
    const unknown = ids.size - (await countKnown(run, namespace, file))
    if (unknown * 2 <= ids.size) continue
    const elsewhere: string[] = []
    for (const other of usualNamespaces) {
      if (options.subjects.some((subject) => subject.namespace === other)) continue
      const known = await countKnown(run, other, file)
      if (known > 0) elsewhere.push(`${figure(known)} known in \`${other}\``)
    }
    hints.push(
      [`${figure(unknown)} of ${figure(ids.size)} ids unknown in \`${namespace}\``, ...elsewhere].join('; '),
    )
  }
  return hints
}
