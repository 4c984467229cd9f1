import { createReadStream, rmSync } from 'node:fs'
import { AssentApiError } from '../../client/client.ts'
import { usage } from '../exit-codes.ts'
import type { Run } from '../filter/run.ts'
import type { Duck } from './duck.ts'
import {
  allSpans,
  codeAsk,
  flagTooMany,
  type RecordsShape,
  RecordTable,
  recordColumns,
  unknownBit,
} from './record-table.ts'
import { type ResolveHead, resolveIds } from './resolve-ids.ts'
import { literal, name } from './sql.ts'
import { SubjectList } from './subject-list.ts'
import { columnOf, type TableSource } from './table-source.ts'

/** One `--subject`: the SQL of its id in the source `s`, and the table `known` of its namespace. */
export type Slot = { readonly namespace: string; readonly id: string; readonly known: string }

/**
 * Everyone a table is about, one namespace: the tables `ids_…` and `records_…`, in the order of `subjects`, and the
 * view `known_…` of both side by side.
 */
type Group = {
  readonly namespace: string
  readonly ids: string
  readonly records: string
  readonly known: string
  subjects: SubjectList
  shape: RecordsShape
}

const wholeNumber = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/
const isId = (type: string) =>
  type === 'VARCHAR' || type === 'UUID' || wholeNumber.test(type) || type.startsWith('ENUM')

/**
 * The people of a table: found once, each resolved once, and what is decided about each kept to join with.
 * Ids never pass through a number of JavaScript: DuckDB writes them as text, exactly.
 */
export class People {
  readonly slots: readonly Slot[]
  readonly #run: Run
  readonly #duck: Duck
  readonly #groups: readonly Group[]
  #isWithSubject = true

  private constructor(run: Run, duck: Duck, slots: readonly Slot[], groups: readonly Group[]) {
    this.#run = run
    this.#duck = duck
    this.slots = slots
    this.#groups = groups
  }

  /** Finds everyone in the source. */
  static async find(run: Run, duck: Duck, source: TableSource): Promise<People> {
    const columns = await Promise.all(
      run.options.subjects.map(async ({ namespace, path }) => {
        const column = await columnOf(duck, source, path)
        if (isId(column.type)) return { namespace, ...column }
        throw usage(
          `The column ${path} is ${column.type}; ids are texts, whole numbers or UUIDs. A number that is not whole does not hold an id exactly.`,
        )
      }),
    )
    const groups = [...new Set(columns.map(({ namespace }) => namespace))].map((namespace) => ({
      namespace,
      ids: `ids_${namespace}`,
      records: `records_${namespace}`,
      known: `known_${namespace}`,
      subjects: new SubjectList(),
      shape: { spans: 1, hasUntil: false },
    }))
    const slots = columns.map(({ namespace, name: sql, type }): Slot => {
      const own = columns.filter((column) => column.namespace === namespace)
      // Texts and numbers of one namespace meet as texts; where all are alike they keep their type, which joins faster.
      const isNative = own.every((column) => column.type === type) && !type.startsWith('ENUM')
      return { namespace, id: isNative ? sql : `CAST(${sql} AS VARCHAR)`, known: `known_${namespace}` }
    })
    for (const { namespace, ids } of groups) {
      const all = slots
        .filter((slot) => slot.namespace === namespace)
        .map(({ id }) => `SELECT ${id} AS id FROM source s`)
      await duck.run(
        `CREATE OR REPLACE TABLE ${name(ids)} AS SELECT id FROM (${all.join(' UNION ALL ')}) WHERE id IS NOT NULL GROUP BY id`,
        (share) => run.progress.show(share),
      )
    }
    return new People(run, duck, slots, groups)
  }

  get namespaces(): readonly string[] {
    return this.#groups.map(({ namespace }) => namespace)
  }

  /** What the records of a namespace have. */
  readonly shapeOf = (namespace: string): RecordsShape =>
    this.#groups.find((group) => group.namespace === namespace)!.shape

  /** Resolves everyone, anew. */
  async resolve(): Promise<ResolveHead> {
    let first: ResolveHead | undefined
    for (const group of this.#groups) {
      group.subjects = new SubjectList()
      const { head, shape } = await this.#resolveInto(group.namespace, group, group.subjects)
      group.shape = shape
      await this.#duck.run(
        `CREATE OR REPLACE VIEW ${name(group.known)} AS SELECT * FROM ${name(group.ids)} POSITIONAL JOIN ${name(group.records)}`,
      )
      first ??= head
    }
    return first!
  }

  /**
   * Resolves those again whom `subjects` names, and everyone nobody had recorded, where one of `subjects` is not
   * among those who were. Answers whether there are any.
   */
  async resolveAgain(subjects: ReadonlySet<string>): Promise<boolean> {
    if (!this.#isWithSubject) return this.resolve().then(() => true)
    let isAny = false
    for (const group of this.#groups) {
      const { namespace, subjects: list } = group
      const known = list.find(subjects, false)
      // Whoever is new in the log may be one of those nobody knew.
      const places = known.length < subjects.size ? list.find(subjects, true) : known
      if (places.length === 0) continue
      isAny = true
      const again = { ids: `changed_${namespace}`, records: `again_${namespace}` }
      await this.#duck.run(
        `CREATE OR REPLACE TABLE ${name(again.ids)} AS SELECT id, rowid AS place FROM ${name(group.ids)} WHERE rowid IN (SELECT unnest([${places.join(',')}]))`,
      )
      const { shape } = await this.#resolveInto(namespace, again, new SubjectList())
      await this.#duck.run(
        `UPDATE ${name(group.records)} SET ${recordColumns.map((column) => `${column} = a.${column}`).join(', ')}
         FROM (SELECT * FROM ${name(again.ids)} POSITIONAL JOIN ${name(again.records)}) a WHERE ${name(group.records)}.rowid = a.place`,
      )
      group.shape = {
        spans: Math.max(group.shape.spans, shape.spans),
        hasUntil: group.shape.hasUntil || shape.hasUntil,
      }
    }
    return isAny
  }

  /** Resolves the ids of one table into another, in their order. */
  async #resolveInto(
    namespace: string,
    { ids, records }: Pick<Group, 'ids' | 'records'>,
    subjects: SubjectList,
  ): Promise<{ head: ResolveHead; shape: RecordsShape }> {
    const isText = await this.#isText(ids)
    const count = await this.#count(ids)
    // A line end inside an id cannot be sent by line; whose id has one is asked about record by record.
    const odd = isText ? 'contains(id, chr(10))' : 'false'
    const file = this.#run.aside.path(`${ids}.txt`)
    await this.#duck.run(
      `COPY (SELECT CASE WHEN ${odd} THEN '' ELSE CAST(id AS VARCHAR) END FROM ${name(ids)}) TO ${literal(file)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '')`,
    )
    let table: RecordTable | undefined
    let done = 0
    const head = await this.#send(namespace, file, async () => {
      const bytesEach = this.#isWithSubject ? 56 : 40
      table = await RecordTable.create(this.#duck, records, bytesEach, (bytes, at) =>
        subjects.push(bytes, at),
      )
      return (bytes) => {
        table!.push(bytes)
        done += bytes.length / bytesEach
        this.#run.progress.show(done / count, `${Math.floor(done).toLocaleString('en')} people`)
      }
    })
    const answered = table?.end()
    rmSync(file, { force: true })
    if (table === undefined || answered !== count) {
      throw new AssentApiError(0, 'unreachable', `${answered} of ${count} people were answered for.`)
    }
    if (isText) {
      await this.#duck.run(
        `UPDATE ${name(records)} SET codes = ${allSpans(codeAsk + unknownBit)}, none = ${codeAsk + unknownBit}, flags = ${flagTooMany}, use_until = 'infinity'
         WHERE rowid IN (SELECT rowid FROM ${name(ids)} WHERE ${odd})`,
      )
    }
    return { head, shape: table.shape }
  }

  /** A server from before `with_subject` cannot say who is who: then everyone is resolved again after any change. */
  async #send(
    namespace: string,
    file: string,
    begin: (head: ResolveHead) => Promise<(bytes: Buffer) => void>,
  ): Promise<ResolveHead> {
    const { connection, options } = this.#run
    const query = new URLSearchParams({ purpose: options.purpose, namespace })
    for (const [key, value] of options.terms) query.append(key, value)
    if (this.#isWithSubject) query.set('with_subject', 'true')
    try {
      return await resolveIds(connection, query, createReadStream(file, { highWaterMark: 1 << 18 }), begin)
    } catch (error) {
      const isOlder =
        error instanceof AssentApiError &&
        error.code === 'parameter_invalid' &&
        error.message.includes('with_subject')
      if (!isOlder || !this.#isWithSubject) throw error
      this.#isWithSubject = false
      return this.#send(namespace, file, begin)
    }
  }

  async #isText(ids: string): Promise<boolean> {
    const [column] = await this.#duck.rows<{ column_type: string }>(`DESCRIBE ${name(ids)}`)
    return column?.column_type === 'VARCHAR'
  }

  async #count(ids: string): Promise<number> {
    const [row] = await this.#duck.rows<{ n: bigint }>(`SELECT count(*) AS n FROM ${name(ids)}`)
    return Number(row!.n)
  }
}
