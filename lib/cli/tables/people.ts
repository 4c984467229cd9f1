import { createReadStream, rmSync } from 'node:fs'
import { AssentApiError } from '../../client/client.ts'
import { usage } from '../exit-codes.ts'
import type { Run } from '../filter/run.ts'
import type { Duck } from './duck.ts'
import { codeAsk, flagTooMany, RecordTable } from './record-table.ts'
import { type ResolveHead, resolveIds } from './resolve-ids.ts'
import { literal, name } from './sql.ts'
import { SubjectList } from './subject-list.ts'
import { columnOf, type TableSource } from './table-source.ts'

/** One `--subject`: the SQL of its id in the source `s`, and the table `known` of its namespace. */
export type Slot = { readonly namespace: string; readonly id: string; readonly known: string }

/** Everyone a table is about, one namespace: the tables `ids_…`, in the order of `subjects`, and `known_…`. */
type Group = {
  readonly namespace: string
  readonly ids: string
  readonly known: string
  subjects: SubjectList
}

const wholeNumber = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/
const isId = (type: string) =>
  type === 'VARCHAR' || type === 'UUID' || wholeNumber.test(type) || type.startsWith('ENUM')

/**
 * The people of a table: found once, each resolved once, and what is decided about each kept in a table to join with.
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
      known: `known_${namespace}`,
      subjects: new SubjectList(),
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

  /** Resolves everyone, anew. */
  async resolve(): Promise<ResolveHead> {
    let first: ResolveHead | undefined
    for (const group of this.#groups) {
      group.subjects = new SubjectList()
      const head = await this.#resolveInto(group, group.ids, group.subjects)
      first ??= head
    }
    return first!
  }

  /**
   * Resolves those again whom `subjects` names, and everyone nobody had recorded, where one of `subjects` is not
   * among those who were. Answers whether there are any, and puts them into the tables `again_…`.
   */
  async resolveAgain(subjects: ReadonlySet<string>): Promise<boolean> {
    if (!this.#isWithSubject) return this.resolve().then(() => true)
    let isAny = false
    for (const group of this.#groups) {
      const { ids, namespace, subjects: list } = group
      const known = list.find(subjects, false)
      // Whoever is new in the log may be one of those nobody knew.
      const places = known.length < subjects.size ? list.find(subjects, true) : known
      if (places.length === 0) continue
      isAny = true
      await this.#duck.run(
        `CREATE OR REPLACE TABLE ${name(`changed_${namespace}`)} AS SELECT id FROM ${name(ids)} WHERE rowid IN (SELECT unnest([${places.join(',')}]))`,
      )
      const again = { ...group, known: `again_${namespace}` }
      await this.#resolveInto(again, `changed_${namespace}`, new SubjectList())
      await this.#duck.run(
        `DELETE FROM ${name(group.known)} WHERE id IN (SELECT id FROM ${name(`changed_${namespace}`)});
         INSERT INTO ${name(group.known)} SELECT * FROM ${name(again.known)}`,
      )
    }
    return isAny
  }

  async #resolveInto({ namespace, known }: Group, ids: string, subjects: SubjectList): Promise<ResolveHead> {
    const isText = await this.#isText(ids)
    const count = await this.#count(ids)
    // A line end inside an id cannot be sent by line; whose id has one is asked about record by record.
    const odd = isText ? 'contains(id, chr(10))' : 'false'
    const file = this.#run.aside.path(`${ids}.txt`)
    await this.#duck.run(
      `COPY (SELECT CASE WHEN ${odd} THEN '' ELSE CAST(id AS VARCHAR) END FROM ${name(ids)}) TO ${literal(file)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '')`,
    )
    const records = `records_${ids}`
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
    if (answered !== count) {
      throw new AssentApiError(0, 'unreachable', `${answered} of ${count} people were answered for.`)
    }
    await this.#duck.run(
      `CREATE OR REPLACE TABLE ${name(known)} AS SELECT * FROM ${name(ids)} POSITIONAL JOIN ${name(records)}; DROP TABLE ${name(records)}`,
    )
    if (isText) {
      await this.#duck.run(
        `UPDATE ${name(known)} SET codes = ${0xffff_ffff}, none = ${codeAsk}, flags = ${flagTooMany} WHERE ${odd}`,
      )
    }
    return head
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
