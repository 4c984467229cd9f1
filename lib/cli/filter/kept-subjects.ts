import { closeSync, createReadStream, openSync, writeSync } from 'node:fs'
import { Readable } from 'node:stream'
import { resolveIds } from '../tables/resolve-ids.ts'
import { readLines } from './lines.ts'
import type { Run } from './run.ts'

const recordBytes = 56
const subjectAt = 40
const subjectBytes = 16
/** The line's place, then whom it is about. */
const entryBytes = 8 + subjectBytes
const batchBytes = 65_536

/**
 * Whom each line of a file is about, in a file of its own: 24 bytes an id, so that memory stays flat. A line with an id
 * that cannot be told here, or that nobody was recorded under, is about nobody: what is recorded about anyone may be
 * about it.
 */
export class KeptSubjects {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /** Resolves the ids of all lines of the file at `path`. Rejects with `AssentApiError` where that is refused or cut off. */
  static async read(run: Run, path: string, into: string): Promise<KeptSubjects> {
    const { connection, options } = run
    const entries = new Entries(into)
    try {
      for (const namespace of new Set(options.subjects.map((subject) => subject.namespace))) {
        const paths = options.subjects.filter((each) => each.namespace === namespace).map((each) => each.path)
        /** Of the ids that are under way. */
        const places: number[] = []
        const query = new URLSearchParams({ purpose: options.purpose, namespace, with_subject: 'true' })
        for (const [key, value] of options.terms) query.append(key, value)
        const ids = idLines(path, paths, places, (place) => entries.add(place, nobody, 0))
        let taken = 0
        let rest: Buffer = Buffer.alloc(0)
        await resolveIds(
          connection,
          query,
          Readable.from(ids, { objectMode: false }),
          async () => (bytes) => {
            const whole = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
            let at = 0
            for (; at + recordBytes <= whole.length; at += recordBytes) {
              entries.add(places[taken++]!, whole, at + subjectAt)
            }
            rest = whole.subarray(at)
            places.splice(0, taken)
            taken = 0
          },
        )
        if (places.length > 0 || rest.length > 0) throw new Error('not everyone was answered for')
      }
    } finally {
      entries.close()
    }
    return new KeptSubjects(into)
  }

  /** The places of the lines that what was recorded about `subjects` may bear on. */
  async find(subjects: ReadonlySet<string>): Promise<Set<number>> {
    const wanted = new Set([...subjects].map((subject) => subject.replace(/^sub_/, '')))
    const found = new Set<number>()
    if (wanted.size === 0) return found
    wanted.add(nobody.toString('hex'))
    // Their first bytes decide all but one case in four thousand million.
    const heads = new Set([...wanted].map((hex) => Number.parseInt(hex.slice(0, 8), 16)))
    let rest: Buffer = Buffer.alloc(0)
    for await (const chunk of createReadStream(this.#path) as AsyncIterable<Buffer>) {
      const whole = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let at = 0
      for (; at + entryBytes <= whole.length; at += entryBytes) {
        if (!heads.has(whole.readUInt32BE(at + 8))) continue
        if (wanted.has(whole.toString('hex', at + 8, at + entryBytes))) found.add(whole.readDoubleLE(at))
      }
      rest = whole.subarray(at)
    }
    return found
  }
}

const nobody = Buffer.alloc(subjectBytes)

/** Entries on their way to a file. */
class Entries {
  readonly #file: number
  readonly #batch = Buffer.alloc(batchBytes - (batchBytes % entryBytes))
  #at = 0

  constructor(path: string) {
    this.#file = openSync(path, 'w', 0o600)
  }

  add(place: number, subject: Buffer, at: number): void {
    if (this.#at === this.#batch.length) this.#flush()
    this.#batch.writeDoubleLE(place, this.#at)
    subject.copy(this.#batch, this.#at + 8, at, at + subjectBytes)
    this.#at += entryBytes
  }

  close(): void {
    this.#flush()
    closeSync(this.#file)
  }

  #flush(): void {
    for (let from = 0; from < this.#at; ) from += writeSync(this.#file, this.#batch, from, this.#at - from)
    this.#at = 0
  }
}

/** Ids by line; each one's line goes to `places`, lines with others to `onOther`. */
async function* idLines(
  path: string,
  paths: readonly string[],
  places: number[],
  onOther: (place: number) => void,
): AsyncGenerator<Buffer> {
  let batch = ''
  let place = 0
  for await (const line of readLines(path)) {
    const values = idsOf(line.toString('utf8'), paths)
    if (values === undefined) onOther(place)
    for (const id of values ?? []) {
      places.push(place)
      batch += `${id}\n`
    }
    place += 1
    if (batch.length < batchBytes) continue
    yield Buffer.from(batch)
    batch = ''
  }
  if (batch.length > 0) yield Buffer.from(batch)
}

/** The ids at all paths of a line; undefined where one of them is not surely the one that the server reads. */
export function idsOf(line: string, paths: readonly string[]): readonly string[] | undefined {
  const ids: string[] = []
  let record: unknown
  try {
    record = JSON.parse(line)
  } catch {
    return undefined
  }
  for (const path of paths) {
    let values: readonly unknown[] = [record]
    for (const step of path.split('.')) {
      const isList = step.endsWith('[]')
      const name = isList ? step.slice(0, -2) : step
      values = values.map((value) => memberOf(value, name))
      if (isList) values = values.flatMap((value) => (Array.isArray(value) ? value : [undefined]))
    }
    for (const value of values) {
      const id = typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? String(value) : value
      if (typeof id !== 'string' || id === '' || id.includes('\n')) return undefined
      ids.push(id)
    }
  }
  return ids.length === 0 ? undefined : ids
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
